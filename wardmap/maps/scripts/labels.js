// Names on the map. A priority ward is always named: within the ward where the name fits, otherwise
// beside it at the end of a line. Any other ward is named only where the name fits and nothing is there.
(function (wardmap) {
  "use strict";

  const DISTANCES = [46, 70, 100, 135, 175];
  const DIRECTIONS = 16;
  const GAP = 4;
  const MOST_NAMES = 150;
  const SVG = "http://www.w3.org/2000/svg";

  // Returns what to call when another layer is shown.
  wardmap.drawLabels = function (map, wards, areas) {
    const pane = map.getPane("wm-labels");
    pane.setAttribute("aria-hidden", "true"); // every path already says its name
    let layer = null;
    const redraw = () => layer && draw(map, pane, wards, areas, layer);
    map.on("moveend zoomend resize", redraw);
    return (shown) => {
      layer = shown;
      redraw();
    };
  };

  function draw(map, pane, wards, areas, layer) {
    pane.replaceChildren();
    const size = map.getSize();
    const frame = { left: 2, top: 2, right: size.x - 2, bottom: size.y - 2 };
    const taken = controls(map);
    const lines = document.createElementNS(SVG, "svg");
    lines.setAttribute("class", "wm-leaders");
    pane.append(lines);

    const seen = wards.map((ward) => onScreen(map, ward)).filter((it) => touches(it.box, frame));
    const flagged = seen.filter((it) => layer.flagOf[it.ward.at] === "priority" && inside(it.anchor, frame));
    flagged.forEach((it) => {
      it.label = priorityLabel(it.ward, layer.markOf[it.ward.at]);
      pane.append(it.label);
    });
    flagged.forEach((it) => measure(it));
    const middle = mean(flagged.map((it) => it.anchor));
    flagged.forEach((it) => {
      const place = bestPlace(it, flagged, middle, taken, frame);
      taken.push(place.box);
      put(map, it.label, place.box);
      if (place.line) taken.push(...lead(map, lines, it.anchor, place.box));
    });

    const avoid = [...taken, ...flagged.map((it) => it.box)];
    areas.forEach((area) => nameArea(map, pane, area, avoid, frame));
    taken.push(...avoid.slice(taken.length + flagged.length));
    nameOthers(map, pane, seen, taken, frame);
  }

  function onScreen(map, ward) {
    const a = map.latLngToContainerPoint(ward.bounds.getNorthWest());
    const b = map.latLngToContainerPoint(ward.bounds.getSouthEast());
    const anchor = map.latLngToContainerPoint(ward.anchor);
    const edge = map.latLngToContainerPoint(L.latLng(ward.anchor.lat, ward.anchor.lng + ward.point[2]));
    return { ward, anchor, room: edge.x - anchor.x, box: { left: a.x, top: a.y, right: b.x, bottom: b.y } };
  }

  function priorityLabel(ward, mark) {
    const label = wardmap.element("div", "wm-label wm-label-priority");
    label.append(wardmap.element("b", "", mark), wardmap.element("bdi", "", ward.name));
    return label;
  }

  function measure(it) {
    it.width = it.label.offsetWidth;
    it.height = it.label.offsetHeight;
  }

  function bestPlace(it, flagged, middle, taken, frame) {
    const home = centred(it.anchor, it.width, it.height);
    const fits = it.width < it.room * 0.85 && it.height < (it.box.bottom - it.box.top) * 0.5;
    if (fits && within(home, frame) && !taken.some((box) => touches(box, home))) return { box: home, line: false };

    const out = Math.atan2(it.anchor.y - middle.y, it.anchor.x - middle.x);
    let best = null;
    DISTANCES.forEach((distance) => {
      for (let turn = 0; turn < DIRECTIONS; turn += 1) {
        const angle = (2 * Math.PI * turn) / DIRECTIONS;
        const centre = {
          x: it.anchor.x + Math.cos(angle) * (distance + it.width / 2),
          y: it.anchor.y + Math.sin(angle) * (distance + it.height / 2),
        };
        const box = centred(centre, it.width, it.height);
        if (!within(box, frame) || taken.some((other) => touches(other, box))) continue;
        const hidden = flagged.filter((other) => touches(other.box, box)).length;
        const cost = distance + 80 * hidden + 40 * (1 - Math.cos(angle - out));
        if (!best || cost < best.cost) best = { box, line: true, cost };
      }
    });
    return best || { box: home, line: false };
  }

  function lead(map, lines, from, box) {
    const to = {
      x: Math.min(Math.max(from.x, box.left), box.right),
      y: Math.min(Math.max(from.y, box.top), box.bottom),
    };
    const start = map.containerPointToLayerPoint(L.point(from.x, from.y));
    const end = map.containerPointToLayerPoint(L.point(to.x, to.y));
    ["wm-leader-casing", "wm-leader"].forEach((className) => {
      const line = document.createElementNS(SVG, "line");
      const at = { x1: start.x, y1: start.y, x2: end.x, y2: end.y, class: className };
      Object.entries(at).forEach(([key, value]) => line.setAttribute(key, value));
      lines.append(line);
    });
    // The line is in the way of later names too: a few points along it stand for it.
    return [0.15, 0.35, 0.55, 0.75, 0.95].map((share) => {
      const point = { x: from.x + share * (to.x - from.x), y: from.y + share * (to.y - from.y) };
      return centred(point, 2, 2);
    });
  }

  function nameArea(map, pane, area, taken, frame) {
    const top = map.latLngToContainerPoint(L.latLng(area.bounds.getNorth(), area.bounds.getCenter().lng));
    const bottom = map.latLngToContainerPoint(L.latLng(area.bounds.getSouth(), area.bounds.getCenter().lng));
    const label = wardmap.element("div", "wm-label wm-label-area");
    label.append(wardmap.element("bdi", "", area.name));
    pane.append(label);
    const [width, height] = [label.offsetWidth, label.offsetHeight];
    const centre = map.latLngToContainerPoint(area.bounds.getCenter());
    const right = map.latLngToContainerPoint(area.bounds.getSouthEast()).x + width / 2 + GAP;
    const tries = [0, 18, 36, 60].flatMap((away) => [
      { x: bottom.x, y: bottom.y + height / 2 + GAP + away },
      { x: top.x, y: top.y - height / 2 - GAP - away },
      { x: right + away, y: centre.y },
      { x: 2 * centre.x - right - away, y: centre.y },
    ]);
    const box = tries
      .map((point) => centred(point, width, height))
      .find((one) => within(one, frame) && !taken.some((other) => touches(other, one)));
    if (!box) return label.remove();
    taken.push(box);
    put(map, label, box);
  }

  function nameOthers(map, pane, seen, taken, frame) {
    const ruler = document.createElement("canvas").getContext("2d");
    const style = getComputedStyle(pane);
    ruler.font = `600 12px ${style.fontFamily}`;
    let named = 0;
    seen.forEach((it) => {
      if (it.label || named >= MOST_NAMES) return;
      const width = ruler.measureText(it.ward.name).width + 6;
      const box = centred(it.anchor, width, 17);
      const fits = width < it.room && it.box.bottom - it.box.top > 24;
      if (!fits || !within(box, frame) || taken.some((other) => touches(other, box))) return;
      const label = wardmap.element("div", `wm-label wm-label-ward${it.ward.dark ? " wm-label-light" : ""}`);
      label.append(wardmap.element("bdi", "", it.ward.name));
      pane.append(label);
      put(map, label, box);
      taken.push(box);
      named += 1;
    });
  }

  function put(map, label, box) {
    const corner = map.containerPointToLayerPoint(L.point(Math.round(box.left), Math.round(box.top)));
    L.DomUtil.setPosition(label, corner);
  }

  function controls(map) {
    const edge = map.getContainer().getBoundingClientRect();
    return [...map.getContainer().querySelectorAll(".leaflet-control")].map((control) => {
      const box = control.getBoundingClientRect();
      return {
        left: box.left - edge.left,
        top: box.top - edge.top,
        right: box.right - edge.left,
        bottom: box.bottom - edge.top,
      };
    });
  }

  function centred(point, width, height) {
    return {
      left: point.x - width / 2,
      right: point.x + width / 2,
      top: point.y - height / 2,
      bottom: point.y + height / 2,
    };
  }

  function touches(a, b) {
    return a.left - GAP < b.right && a.right + GAP > b.left && a.top - GAP < b.bottom && a.bottom + GAP > b.top;
  }

  function within(box, frame) {
    return box.left >= frame.left && box.right <= frame.right && box.top >= frame.top && box.bottom <= frame.bottom;
  }

  function inside(point, frame) {
    return within({ left: point.x, right: point.x, top: point.y, bottom: point.y }, frame);
  }

  function mean(points) {
    const total = points.reduce((sum, point) => ({ x: sum.x + point.x, y: sum.y + point.y }), { x: 0, y: 0 });
    return { x: total.x / (points.length || 1), y: total.y / (points.length || 1) };
  }
})((window.wardmap = window.wardmap || {}));
