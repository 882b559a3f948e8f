// The wards as paths: filled by class, flagged by line, and reached by mouse, finger and keyboard alike.
(function (wardmap) {
  "use strict";

  const EXACT = { smoothFactor: 0 }; // Leaflet's own smoothing would open gaps between neighbours

  wardmap.drawWards = function (map, data, choose) {
    const { look, labels } = data;
    const fills = L.featureGroup();
    data.halo.forEach((packed) => {
      const style = { ...EXACT, interactive: false, stroke: true, color: "#c9ced6", weight: 0.6, fillColor: look.halo };
      L.polygon(wardmap.polygons(packed), { ...style, fillOpacity: 1, pane: "wm-halo" }).addTo(map);
    });
    const wards = data.wards.map((given) => drawFill(given, look, fills));
    fills.bindTooltip((path) => wardmap.facts(path.ward, labels, false), {
      sticky: true,
      opacity: 1,
      className: "wm-tooltip",
    });
    fills.addTo(map);
    wards.forEach((ward) => makeReachable(map, ward, labels, choose));
    drawFlags(map, wards, look);
    return wards;
  };

  wardmap.drawAreas = function (map, data) {
    return data.areas.map((area) => {
      const outline = wardmap.polygons(area.rings);
      // A broad band under the lines, so that the line of a flag on the same border stays whole.
      const band = { pane: "wm-bands", color: data.look.area, weight: 11, opacity: data.look.bandOpacity };
      line(outline, { ...band, className: "wm-area" }).addTo(map);
      return { name: area.name, bounds: wardmap.bounds(area.box) };
    });
  };

  // One outline above all others follows the pointer and the focus, another stays with the chosen ward.
  wardmap.spotlight = function (map, className) {
    const outline = L.polygon([], { ...EXACT, pane: "wm-spotlight", interactive: false, fill: false, className });
    outline.addTo(map);
    return (ward) => outline.setLatLngs(ward ? ward.polygons : []);
  };

  function drawFill(given, look, fills) {
    const polygons = wardmap.polygons(given.rings);
    const path = L.polygon(polygons, {
      ...EXACT,
      color: look.outline,
      weight: 0.9,
      fillColor: given.class === null ? "url(#wm-hatch)" : look.classes[given.class],
      fillOpacity: 1,
      className: `wm-ward wm-flag-${given.flag || "not-given"}`,
    });
    const dark = given.class !== null && isDark(look.classes[given.class]);
    const ward = { ...given, dark, polygons, path, bounds: path.getBounds(), anchor: wardmap.latLng(given.point) };
    path.ward = ward;
    fills.addLayer(path);
    return ward;
  }

  function makeReachable(map, ward, labels, choose) {
    const path = ward.path.getElement();
    path.setAttribute("tabindex", "0");
    path.setAttribute("role", "button");
    path.setAttribute("aria-label", wardmap.spoken(ward, labels));
    path.addEventListener("focus", () => {
      wardmap.hover(ward);
      if (path.matches(":focus-visible") && !map.getBounds().contains(ward.anchor)) map.panTo(ward.anchor);
    });
    path.addEventListener("blur", () => wardmap.hover(null));
    path.addEventListener("keydown", (event) => {
      if (event.key === "Enter" || event.key === " ") {
        event.preventDefault();
        choose(ward);
      }
      if (event.key === "Escape") ward.path.closeTooltip();
    });
    ward.path.on("mouseover", () => wardmap.hover(ward));
    ward.path.on("mouseout", () => wardmap.hover(null));
    ward.path.on("click", () => choose(ward));
  }

  function drawFlags(map, wards, look) {
    const watch = wards.filter((ward) => ward.flag === "watch");
    const priority = wards.filter((ward) => ward.flag === "priority");
    [...watch, ...priority].forEach((ward) => {
      line(ward.polygons, { color: look.casing, weight: ward.flag === "watch" ? 4.5 : 7 }).addTo(map);
    });
    watch.forEach((ward) => {
      line(ward.polygons, { color: look.watch, weight: 2.4, dashArray: "7 5", lineCap: "butt", className: "wm-watch" }).addTo(map);
    });
    priority.forEach((ward) => {
      line(ward.polygons, { color: look.priority, weight: 4, className: "wm-priority" }).addTo(map);
    });
  }

  // Where flagged wards are small on the screen, full lines would hide what they surround.
  wardmap.thinLines = function (map, wards) {
    const sizes = wards.filter((ward) => ward.flag === "priority").map((ward) => {
      const a = map.latLngToContainerPoint(ward.bounds.getNorthWest());
      const b = map.latLngToContainerPoint(ward.bounds.getSouthEast());
      return Math.min(b.x - a.x, b.y - a.y);
    });
    const share = Math.min(1, Math.max(0.5, Math.min(80, ...sizes) / 50));
    map.eachLayer((layer) => {
      if (layer.options.fullWeight) layer.setStyle({ weight: layer.options.fullWeight * share });
    });
  };

  function isDark(colour) {
    const [red, green, blue] = [1, 3, 5].map((at) => parseInt(colour.slice(at, at + 2), 16));
    return 0.299 * red + 0.587 * green + 0.114 * blue < 130;
  }

  function line(polygons, style) {
    const shared = { ...EXACT, pane: "wm-lines", interactive: false, fill: false };
    return L.polygon(polygons, { ...shared, ...style, fullWeight: style.weight });
  }
})((window.wardmap = window.wardmap || {}));
