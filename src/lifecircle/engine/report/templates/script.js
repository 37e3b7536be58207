"use strict";
(() => {
  const root = document.documentElement;
  const detail = document.getElementById("detail");

  function speak(lang) {
    if (root.lang === lang) return;
    root.lang = lang;
    for (const button of document.querySelectorAll("button[data-lang]"))
      button.setAttribute("aria-pressed", String(button.dataset.lang === lang));
    for (const cell of document.querySelectorAll("[data-en]"))
      [cell.title, cell.dataset.en] = [cell.dataset.en, cell.title];
    detail.textContent = "";
    filter();
  }

  function filter() {
    const form = document.querySelector(".filters");
    const wanted = [...form.querySelectorAll("select")].map((s) => [s.dataset.filter, s.value]);
    let shown = 0;
    for (const row of document.querySelectorAll(".gaps tr[data-street]")) {
      row.hidden = !wanted.every(([name, value]) => !value || row.dataset[name] === value);
      shown += row.hidden ? 0 : 1;
    }
    form.querySelector("output").textContent = root.lang === "en" ? `${shown} shown` : `显示 ${shown} 条`;
  }

  function name(header) {
    return (header.querySelector(`[lang="${root.lang}"]`) ?? header).textContent;
  }

  function show(table, cell) {
    const row = cell.parentElement;
    const column = table.tHead.rows[1].cells[cell.cellIndex - 1];
    detail.textContent = `${name(row.cells[0])} · ${name(column)}: ${cell.title}`;
  }

  function move(table, cell, key) {
    const rows = [...table.querySelectorAll("tbody tr")];
    const [down, right] = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[key];
    const row = rows[rows.indexOf(cell.parentElement) + down];
    const next = row?.cells[cell.cellIndex + right];
    if (!next || next.tagName !== "TD") return;
    cell.tabIndex = -1;
    next.tabIndex = 0;
    next.focus();
  }

  for (const button of document.querySelectorAll("button[data-lang]"))
    button.addEventListener("click", () => speak(button.dataset.lang));

  const form = document.querySelector(".filters");
  form.hidden = false;
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("change", filter);

  const table = document.querySelector("table[data-detail]");
  const first = table.querySelector("tbody td");
  if (first) first.tabIndex = 0;
  for (const kind of ["focusin", "click"])
    table.addEventListener(kind, (event) => {
      const cell = event.target.closest("tbody td");
      if (cell) show(table, cell);
    });
  table.addEventListener("keydown", (event) => {
    const cell = event.target.closest("tbody td");
    if (!cell || !event.key.startsWith("Arrow")) return;
    event.preventDefault();
    move(table, cell, event.key);
  });

  filter();
  if (new URLSearchParams(location.search).get("lang") === "en") speak("en");
})();
