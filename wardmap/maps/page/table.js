// The table below the map: sorted by any column, and each ward's name leads to it on the map.
(function (wardmap) {
  "use strict";

  wardmap.wireTable = function (table, find) {
    const heads = [...table.tHead.querySelectorAll("th")];
    heads.forEach((head, column) => {
      const button = head.querySelector("button");
      button.disabled = false;
      button.addEventListener("click", () => sort(table, heads, column));
    });
    table.querySelectorAll("button[data-ward]").forEach((button) => {
      button.disabled = false;
      button.addEventListener("click", () => find(Number(button.dataset.ward)));
    });
  };

  function sort(table, heads, column) {
    const numeric = heads[column].dataset.kind === "number";
    const was = heads[column].getAttribute("aria-sort");
    const up = was ? was === "descending" : !numeric; // numbers start with the highest
    heads.forEach((head) => head.removeAttribute("aria-sort"));
    heads[column].setAttribute("aria-sort", up ? "ascending" : "descending");
    const body = table.tBodies[0];
    const rows = [...body.rows].map((row) => ({ row, key: keyOf(row.cells[column], numeric) }));
    rows.sort((a, b) => compare(a.key, b.key, up));
    body.append(...rows.map((item) => item.row));
  }

  function keyOf(cell, numeric) {
    const given = cell.dataset.key;
    if (!numeric) return given === undefined ? cell.textContent : given;
    return given === undefined ? null : Number(given);
  }

  function compare(a, b, up) {
    if (a === null || b === null) return (a === null) - (b === null); // no data always comes last
    const order = typeof a === "number" ? a - b : a.localeCompare(b, "en-GB");
    return up ? order : -order;
  }
})((window.wardmap = window.wardmap || {}));
