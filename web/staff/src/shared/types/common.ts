/** What several answers share. */
export type Language = "zh" | "en";

export interface Page<Item> {
  count: number;
  items: Item[];
}

export interface Issue {
  code: string;
  file: string;
  row: number;
  column: string;
  value: string;
  expected: string;
  expected_zh: string;
  severity: string;
}
