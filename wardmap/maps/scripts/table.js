// The table below the map: it follows the layer, is sorted by any column, and leads to the map.
(function (wardmap) {
  "use strict";

  // Returns what to call when another layer is shown.
  wardmap.wireTable = function (table, find) {
    const body = table.tBodies[0];
    const heads = [...table.tHead.querySelectorAll("th")];
    const rows = [...body.rows].sort((a, b) => a.dataset.ward - b.dataset.ward);
    let first = true;

    rows.forEach((row) => (row.querySelector("button").disabled = false));
    body.addEventListener("click", (event) => {
      const button = event.target.closest("button");
      if (button) find(Number(button.closest("tr").dataset.ward));
    });
    heads.forEach((head, column) => {
      const button = head.querySelector("button");
      button.disabled = false;
      button.addEventListener("click", () => {
        const was = head.getAttribute("aria-sort");
        const up = was ? was === "descending" : head.dataset.kind !== "number"; // numbers start with the highest
        heads.forEach((other) => other.removeAttribute("aria-sort"));
        head.setAttribute("aria-sort", up ? "ascending" : "descending");
        sort(column);
      });
    });

    function sort(column) {
      const numeric = heads[column].dataset.kind === "number";
      const up = heads[column].getAttribute("aria-sort") === "ascending";
      const keyed = [...body.rows].map((row) => {
        const said = row.cells[column].textContent;
        return { row, key: numeric ? wardmap.numberOf(said) : said };
      });
      keyed.sort((a, b) => compare(a.key, b.key, up));
      body.append(...keyed.map((item) => item.row));
    }

    return (layer) => {
      if (!first) rows.forEach((row, at) => fill(row, layer, at));
      first = false; // the first layer is in the page already
      const sorted = heads.findIndex((head) => head.hasAttribute("aria-sort"));
      if (sorted < 0) body.append(...layer.order.map((at) => rows[at]));
      else sort(sorted);
    };
  };

  // A number as it is written, such as 1,234.5 (1,200.0 to 1,270.1): its value, or null for none.
  wardmap.numberOf = function (said) {
    const plain = said.replace(/\u2212/g, "-").replace(/,/g, "").replace("\u221e", "Infinity");
    const value = parseFloat(plain);
    return Number.isNaN(value) ? null : value;
  };

  function fill(row, layer, at) {
    layer.lines.forEach((line, column) => (row.cells[column + 1].textContent = line.words[at]));
    if (layer.reasons) row.cells[layer.lines.length + 1].firstElementChild.textContent = layer.reasons[at];
  }

  function compare(a, b, up) {
    if (a === null || b === null) return (a === null) - (b === null); // no data always comes last
    const order = typeof a === "number" ? (a > b) - (a < b) : a.localeCompare(b, "en-GB");
    return up ? order : -order;
  }
})((window.wardmap = window.wardmap || {}));
