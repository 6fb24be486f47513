// Filters and sorts the tables that ask for it. Every table is complete without this file.
"use strict";
const FEW_ROWS = 8; // as many can be taken in at a glance
function addFilter(table, rows) {
  const label = document.createElement("label");
  label.append("Filter");
  const input = document.createElement("input");
  input.type = "search";
  input.autocomplete = "off";
  label.append(input);
  const count = document.createElement("span");
  count.setAttribute("role", "status");
  const tools = document.createElement("div");
  tools.className = "tools";
  tools.append(label, count);
  table.parentElement.before(tools);
  input.setAttribute("aria-label", `Filter ${table.dataset.tools}`);
  input.addEventListener("input", () => {
    const words = input.value.toLowerCase().split(/\s+/).filter(Boolean);
    let shown = 0;
    for (const row of rows) {
      const text = row.textContent.toLowerCase();
      row.hidden = !words.every((word) => text.includes(word));
      if (!row.hidden) shown += 1;
    }
    count.textContent = words.length ? `${shown} of ${rows.length} shown` : "";
  });
}

for (const table of document.querySelectorAll("table[data-tools]")) {
  const body = table.tBodies[0];
  const rows = Array.from(body.rows);
  if (rows.length < 2) continue;

  if (rows.length > FEW_ROWS) addFilter(table, rows);

  const key = (row, column) => {
    const cell = row.cells[column];
    const text = cell.querySelector("time")?.dateTime ?? cell.textContent.trim();
    const number = Number.parseFloat(text.replaceAll(",", ""));
    return /^-?[\d.,]+(\s?%)?$/.test(text) ? number : text;
  };
  const compare = (a, b) =>
    typeof a === "number" && typeof b === "number" ? a - b : String(a).localeCompare(String(b), "en");
  Array.from(table.tHead.rows[0].cells).forEach((head, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      const down = head.getAttribute("aria-sort") === "ascending";
      for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
      head.setAttribute("aria-sort", down ? "descending" : "ascending");
      rows.sort((a, b) => compare(key(a, column), key(b, column)) * (down ? -1 : 1));
      body.append(...rows);
    });
  });
}
