// A small chart of one ward through the periods of a theme, with its interval as a band where there is one.
(function (wardmap) {
  "use strict";

  const SVG = "http://www.w3.org/2000/svg";
  const [WIDTH, HEIGHT] = [280, 116];
  const [LEFT, RIGHT, TOP, BOTTOM] = [6, 274, 22, 94];

  // Returns the chart as a figure, or null where the theme has only one period.
  wardmap.trend = function (trend, ward, layer) {
    if (!trend || trend.themes[layer.theme].periods.length < 2) return null;
    const { periods, values, lower, upper } = trend.themes[layer.theme];
    const series = { value: values[ward.at], lower: lower && lower[ward.at], upper: upper && upper[ward.at] };
    const known = [...series.value, ...(series.upper || [])].filter((number) => number !== null);
    if (!known.length) return null;
    const top = Math.max(...known, 0);
    const bottom = Math.min(...known, 0);
    const x = (at) => LEFT + ((RIGHT - LEFT) * at) / (periods.length - 1);
    const y = (number) => BOTTOM - ((BOTTOM - TOP) * (number - bottom)) / (top - bottom || 1);

    const svg = made("svg", { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: "img", class: "wm-trend" });
    svg.setAttribute("aria-label", sentence(trend, periods, series.value));
    svg.append(made("line", { x1: LEFT, x2: RIGHT, y1: y(0), y2: y(0), class: "wm-trend-axis" }));
    if (series.lower && series.upper) svg.append(...bands(series, x, y));
    svg.append(made("path", { d: line(series.value, x, y), class: "wm-trend-line" }));
    series.value.forEach((number, at) => {
      if (number === null) return;
      const now = periods[at] === layer.period;
      if (!now && periods.length > 24) return; // one dot for each of 36 months would be a caterpillar
      const dot = { cx: x(at), cy: y(number), r: now ? 4.5 : 2.5, class: now ? "wm-trend-now" : "wm-trend-dot" };
      svg.append(made("circle", dot));
    });
    svg.append(word(periods[0], LEFT, "start"), word(periods[periods.length - 1], RIGHT, "end"));
    const figure = wardmap.element("figure", "wm-trend-box");
    const band = series.lower && series.upper ? ", with its interval" : "";
    const caption = wardmap.element("figcaption", "", `${trend.label} by period${band}. Highest: ${said(trend, Math.max(...series.value.filter((n) => n !== null)))}`);
    figure.append(caption, svg);
    return figure;
  };

  function bands(series, x, y) {
    return runs(series.value.map((_, at) => series.lower[at] !== null && series.upper[at] !== null)).map((run) => {
      const above = run.map((at) => `${x(at)},${y(series.upper[at])}`);
      const below = run.map((at) => `${x(at)},${y(series.lower[at])}`).reverse();
      return made("polygon", { points: [...above, ...below].join(" "), class: "wm-trend-band" });
    });
  }

  function line(values, x, y) {
    return runs(values.map((number) => number !== null))
      .map((run) => `M${run.map((at) => `${x(at).toFixed(1)} ${y(values[at]).toFixed(1)}`).join("L")}`)
      .join("");
  }

  // The places that are true, in runs without a gap.
  function runs(there) {
    const found = [];
    there.forEach((is, at) => {
      if (is && at > 0 && there[at - 1]) found[found.length - 1].push(at);
      else if (is) found.push([at]);
    });
    return found;
  }

  function word(period, x, anchor) {
    const text = made("text", { x, y: HEIGHT - 6, "text-anchor": anchor, "aria-hidden": "true" });
    text.textContent = period;
    return text;
  }

  function sentence(trend, periods, values) {
    const each = values.map((number, at) => `${periods[at]}: ${number === null ? "no data" : said(trend, number)}`);
    return `${trend.label} by period. ${each.join(", ")}`;
  }

  function said(trend, number) {
    const { decimals } = trend;
    return number.toLocaleString("en-GB", { minimumFractionDigits: decimals, maximumFractionDigits: decimals });
  }

  function made(tag, attributes) {
    const element = document.createElementNS(SVG, tag);
    Object.entries(attributes).forEach(([name, value]) => element.setAttribute(name, value));
    return element;
  }
})((window.wardmap = window.wardmap || {}));
