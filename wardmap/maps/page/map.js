// Opens the map: reads the data island, draws the layers in order and wires the page around them.
(function (wardmap) {
  "use strict";

  const PANES = { "wm-halo": 390, "wm-bands": 410, "wm-lines": 420, "wm-spotlight": 440, "wm-labels": 640 };

  wardmap.open = function (id) {
    const data = JSON.parse(document.getElementById("wm-data").textContent);
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const map = makeMap(id, data, still);
    const panel = document.getElementById("wm-panel");
    wardmap.hover = wardmap.spotlight(map, "wm-hover");
    const keep = wardmap.spotlight(map, "wm-chosen");

    const choose = (ward) => {
      keep(ward);
      panel.replaceChildren(wardmap.facts(ward, data.labels, true));
    };
    const wards = wardmap.drawWards(map, data, choose);
    const areas = wardmap.drawAreas(map, data);
    wardmap.drawLabels(map, wards, areas);
    map.on("zoomend", () => wardmap.thinLines(map, wards));
    wardmap.thinLines(map, wards);

    wireViews(map, data, still);
    wardmap.wireTable(document.getElementById("wm-table"), (at) => {
      show(map, wards[at].bounds, still);
      choose(wards[at]);
      map.getContainer().scrollIntoView({ block: "nearest", behavior: still ? "auto" : "smooth" });
      wards[at].path.getElement().focus({ preventScroll: true });
    });
    return map;
  };

  function makeMap(id, data, still) {
    const map = L.map(id, {
      attributionControl: false, // sources and licences stand below the map
      zoomSnap: 0.25,
      zoomDelta: 0.5,
      wheelPxPerZoomLevel: 120,
      scrollWheelZoom: false,
      zoomAnimation: !still,
      fadeAnimation: !still,
      inertia: !still,
      maxBoundsViscosity: 0.6,
    });
    Object.entries(PANES).forEach(([name, level]) => {
      map.createPane(name).style.zIndex = level;
    });
    L.control.scale({ position: "bottomleft", maxWidth: 120 }).addTo(map);
    map.getContainer().setAttribute("role", "region");
    map.getContainer().setAttribute("aria-label", document.title);
    // The wheel scrolls the page until the reader has clicked into the map.
    map.on("focus click", () => map.scrollWheelZoom.enable());
    map.on("blur", () => map.scrollWheelZoom.disable());

    const whole = wardmap.bounds(data.views.district);
    map.fitBounds(whole, { padding: [12, 12], animate: false });
    map.setMaxBounds(whole.pad(0.6));
    map.setMinZoom(Math.floor(map.getZoom()) - 1);
    window.addEventListener("beforeprint", () => map.fitBounds(whole, { animate: false }));
    return map;
  }

  function wireViews(map, data, still) {
    document.querySelectorAll("button[data-view]").forEach((button) => {
      button.disabled = false;
      button.addEventListener("click", () => show(map, wardmap.bounds(data.views[button.dataset.view]), still));
    });
  }

  function show(map, bounds, still) {
    map.fitBounds(bounds, { padding: [12, 12], animate: !still });
  }
})((window.wardmap = window.wardmap || {}));
