// The wards as paths: drawn once, filled by class and flagged by line anew for every layer.
(function (wardmap) {
  "use strict";

  const EXACT = { smoothFactor: 0 }; // Leaflet's own smoothing would open gaps between neighbours

  wardmap.drawWards = function (map, data) {
    const { look } = data;
    data.halo.forEach((packed) => {
      const style = { ...EXACT, interactive: false, stroke: true, color: "#c9ced6", weight: 0.6, fillColor: look.halo };
      L.polygon(wardmap.polygons(packed), { ...style, fillOpacity: 1, pane: "wm-halo" }).addTo(map);
    });
    const greyed = new Set(data.greyed);
    return data.wards.map((given, at) => {
      const polygons = wardmap.polygons(given.rings);
      const clear = greyed.has(at) ? 0.2 : data.tiles ? 0.75 : 1;
      const style = { ...EXACT, color: look.outline, weight: 0.9, fillOpacity: clear, className: "wm-ward" };
      const path = L.polygon(polygons, style).addTo(map);
      const ward = { ...given, at, polygons, path, bounds: path.getBounds(), anchor: wardmap.latLng(given.point) };
      path.ward = ward;
      return ward;
    });
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

  wardmap.fillWards = function (wards, layer) {
    const dark = layer.colours.map(isDark);
    wards.forEach((ward) => {
      const code = layer.codes[ward.at];
      const colour = code < 0 ? `url(#wm-hatch${code})` : layer.colours[code];
      ward.dark = code >= 0 && dark[code];
      if (ward.path.options.fillColor === colour) return;
      ward.path.options.fillColor = colour;
      ward.path.getElement().setAttribute("fill", colour);
    });
  };

  // Draws the lines of the flags into the group, in place of those that were there.
  wardmap.lineFlags = function (group, wards, layer, look) {
    group.clearLayers();
    if (!layer.flags) return;
    const [watch, priority] = ["watch", "priority"].map((flag) => layer.flags[flag].map((at) => wards[at]));
    watch.forEach((ward) => line(ward.polygons, { color: look.casing, weight: 4.5 }).addTo(group));
    priority.forEach((ward) => line(ward.polygons, { color: look.casing, weight: 7 }).addTo(group));
    const dashed = { color: look.watch, weight: 2.4, dashArray: "7 5", lineCap: "butt", className: "wm-watch" };
    watch.forEach((ward) => line(ward.polygons, dashed).addTo(group));
    const thick = { color: look.priority, weight: 4, className: "wm-priority" };
    priority.forEach((ward) => line(ward.polygons, thick).addTo(group));
  };

  // Where flagged wards are small on the screen, full lines would hide what they surround.
  wardmap.thinLines = function (map, wards, layer) {
    const sizes = ((layer.flags && layer.flags.priority) || []).map((at) => {
      const a = map.latLngToContainerPoint(wards[at].bounds.getNorthWest());
      const b = map.latLngToContainerPoint(wards[at].bounds.getSouthEast());
      return Math.min(b.x - a.x, b.y - a.y);
    });
    const share = Math.min(1, Math.max(0.5, Math.min(80, ...sizes) / 50));
    map.eachLayer((drawn) => {
      if (drawn.options.fullWeight) drawn.setStyle({ weight: drawn.options.fullWeight * share });
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
