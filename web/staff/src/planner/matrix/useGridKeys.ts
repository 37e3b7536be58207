/** Arrows, Home, End and pages within a grid that is one stop for Tab. */
import { nextTick, reactive, type Ref } from "vue";

const MOVES: Record<string, [rows: number, columns: number]> = {
  ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1],
  PageUp: [-10, 0], PageDown: [10, 0], Home: [0, -1e6], End: [0, 1e6],
};

export function useGridKeys(box: Ref<HTMLElement | undefined>) {
  const at = reactive({ row: 0, column: 0 });

  function cell(row: number, column: number): HTMLElement | null {
    return box.value?.querySelector(`td[data-row="${row}"][data-column="${column}"]`) ?? null;
  }

  function onKey(event: KeyboardEvent): void {
    const move = MOVES[event.key];
    if (!move) return;
    event.preventDefault();
    const rows = box.value?.querySelectorAll("tbody tr").length ?? 0;
    const columns = box.value?.querySelectorAll("tbody tr:first-child td").length ?? 0;
    at.row = Math.min(Math.max(at.row + move[0], 0), rows - 1);
    at.column = Math.min(Math.max(at.column + move[1], 0), columns - 1);
    void nextTick(() => cell(at.row, at.column)?.focus());
  }

  function onFocus(event: FocusEvent): void {
    const { row, column } = (event.target as HTMLElement).dataset;
    if (row === undefined || column === undefined) return;
    Object.assign(at, { row: Number(row), column: Number(column) });
  }

  return { at, onKey, onFocus };
}
