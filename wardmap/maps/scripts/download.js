// The table as a CSV file, made in the page: numbers plain, intervals in columns of their own, and text
// that a spreadsheet would run as a formula kept as text.
(function (wardmap) {
  "use strict";

  const INTERVAL = /^(.+) \((.+) to (.+)\)$/;

  wardmap.wireDownload = function (button, data, shown) {
    button.disabled = false;
    button.addEventListener("click", () => {
      const layer = shown();
      const file = new Blob(["\ufeff", wardmap.csv(data, layer)], { type: "text/csv;charset=utf-8" });
      const link = document.createElement("a");
      link.href = URL.createObjectURL(file);
      link.download = `${layer.name.replace(/[^\p{L}\p{N}]+/gu, "-").replace(/^-|-$/g, "") || "wards"}.csv`;
      link.click();
      setTimeout(() => URL.revokeObjectURL(link.href), 0);
    });
  };

  wardmap.csv = function (data, layer) {
    const told = layer.lines.map((line) => ({
      ...line,
      limits: line.numeric && line.words.some((said) => INTERVAL.test(said)),
    }));
    const heads = told.flatMap(({ label, limits }) => (limits ? [label, `${label}, lower`, `${label}, upper`] : [label]));
    const reason = layer.reasons ? ["Reason"] : [];
    const rows = layer.order.map((at) => {
      const ward = data.wards[at];
      const cells = told.flatMap((line) => (line.limits ? split(line.words[at]) : [line.numeric ? plain(line.words[at]) : line.words[at]]));
      return [ward.code, ward.name, ...cells, ...(layer.reasons ? [layer.reasons[at]] : [])];
    });
    const all = [["Layer", "Ward code", "Ward", ...heads, ...reason], ...rows.map((row) => [layer.name, ...row])];
    return `${all.map((row) => row.map((cell) => safe(cell, data.formulaStarts)).join(",")).join("\r\n")}\r\n`;
  };

  function split(said) {
    const parts = INTERVAL.exec(said);
    return parts ? parts.slice(1).map(plain) : [plain(said), "", ""];
  }

  function plain(said) {
    const number = wardmap.numberOf(said);
    if (said === "no data") return "";
    return number !== null && /^[\d.,\u2212\u221e]+$/.test(said) ? String(number) : said;
  }

  function safe(cell, formulaStarts) {
    const number = /^-?(\d+(\.\d+)?|Infinity)$/.test(cell);
    const kept = !number && formulaStarts.some((start) => cell.startsWith(start)) ? `'${cell}` : cell;
    return /[",\r\n]/.test(kept) ? `"${kept.replace(/"/g, '""')}"` : kept;
  }
})((window.wardmap = window.wardmap || {}));
