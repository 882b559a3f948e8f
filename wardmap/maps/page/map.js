// Opens the map: reads the data island, draws what never changes, and shows the layer in all its places.
(function (wardmap) {
  "use strict";

  const PANES = { "wm-halo": 390, "wm-incidents": 405, "wm-bands": 410, "wm-lines": 420, "wm-clusters": 425, "wm-projects": 430, "wm-spotlight": 440, "wm-labels": 640 };

  wardmap.open = function (id) {
    const data = JSON.parse(document.getElementById("wm-data").textContent);
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const map = makeMap(id, data, still);
    const panel = document.getElementById("wm-panel");
    const wards = wardmap.drawWards(map, data);
    const areas = wardmap.drawAreas(map, data);
    wardmap.drawOverlays(map, data);
    const clusters = L.layerGroup().addTo(map);
    const flags = L.layerGroup().addTo(map);
    const hover = wardmap.spotlight(map, "wm-hover");
    const keep = wardmap.spotlight(map, "wm-chosen");
    const page = { layer: null, chosen: null };

    const choose = (ward) => {
      page.chosen = ward;
      keep(ward);
      const parts = [wardmap.facts(ward, page.layer, true), wardmap.trend(data.trend, ward, page.layer)];
      panel.replaceChildren(...parts.filter(Boolean));
    };
    const find = (at, stay) => {
      show(map, wards[at].bounds, still);
      choose(wards[at]);
      if (stay) return; // whoever searches is typing
      map.getContainer().scrollIntoView({ block: "nearest", behavior: still ? "auto" : "smooth" });
      wards[at].path.getElement().focus({ preventScroll: true });
    };
    wardmap.wireSearch(wards, find);
    wardmap.wireDownload(document.getElementById("wm-download"), data, () => page.layer);
    const reach = wardmap.reach(map, wards, hover, choose);
    const table = wardmap.wireTable(document.getElementById("wm-table"), find);
    const label = wardmap.drawLabels(map, wards, areas);
    map.on("zoomend", () => wardmap.thinLines(map, wards, page.layer));
    wireViews(map, data, still, wards, page);

    wardmap.wireLayers(data, still, (layer, playing) => {
      page.layer = layer;
      wardmap.tellLayer(layer);
      wardmap.fillWards(wards, layer);
      wardmap.drawClusters(clusters, layer, data.look);
      wardmap.lineFlags(flags, wards, layer, data.look);
      wardmap.thinLines(map, wards, layer);
      label(layer);
      reach(layer);
      table(layer);
      panel.setAttribute("aria-live", playing ? "off" : "polite");
      if (page.chosen) choose(page.chosen);
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
    map.getPane("wm-incidents").style.pointerEvents = "none";
    L.control.scale({ position: "bottomleft", maxWidth: 120 }).addTo(map);
    map.getContainer().setAttribute("role", "region");
    map.getContainer().setAttribute("aria-label", "Map of wards");
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

  function wireViews(map, data, still, wards, page) {
    document.querySelectorAll("button[data-view]").forEach((button) => {
      const view = button.dataset.view;
      button.disabled = false;
      button.addEventListener("click", () => {
        const flagged = () => L.featureGroup(page.layer.flags.priority.map((at) => wards[at].path)).getBounds();
        show(map, view === "priority" ? flagged() : wardmap.bounds(data.views[view]), still);
      });
    });
  }

  function show(map, bounds, still) {
    map.fitBounds(bounds, { padding: [12, 12], animate: !still });
  }
})((window.wardmap = window.wardmap || {}));
