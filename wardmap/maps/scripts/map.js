// Opens the page: reads its data, makes one map or two, and shows the layer in all its places.
(function (wardmap) {
  "use strict";

  wardmap.open = function (id) {
    const data = JSON.parse(document.getElementById("wm-data").textContent);
    const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
    const panel = document.getElementById("wm-panel");
    const views = [];
    wardmap.carryMarker();
    let chosen = null;
    let opened = null; // the layer of the head and the table

    const hover = (at) => views.forEach((view) => view.spot(at));
    const choose = (at) => {
      chosen = at;
      views.forEach((view) => view.keep(at));
      panel.replaceChildren(...views.flatMap((view) => told(data, view, at)));
    };
    (data.beside ? [id, "wm-beside"] : [id]).forEach((name) => {
      views.push(wardmap.view(name, data, still, hover, choose));
    });
    if (data.beside) wardmap.moveTogether(views);
    const [{ map, wards, fit }] = views;

    const find = (at, stay) => {
      fit(wards[at].bounds);
      choose(at);
      if (stay) return; // whoever searches is typing
      map.getContainer().scrollIntoView({ block: "nearest", behavior: still ? "auto" : "smooth" });
      wards[at].path.getElement().focus({ preventScroll: true });
    };
    const table = wardmap.wireTable(document.getElementById("wm-table"), find);
    wardmap.wireSearch(wards, find);
    wardmap.wireDownload(document.getElementById("wm-download"), data, () => opened);
    wireViews(data, wards, fit, () => opened);

    wardmap.wireLayers(data, still, (layer, playing, layers) => {
      opened = layer;
      const shown = data.beside ? [layers[0][0], layers[layers.length - 1][layers[layers.length - 1].length - 1]] : [layer];
      wardmap.tellLayer(layer, shown);
      views.forEach((view, at) => view.show(shown[at]));
      table(layer);
      panel.setAttribute("aria-live", playing ? "off" : "polite");
      if (chosen !== null) choose(chosen);
    });
    return map;
  };

  // What the panel says of a ward in one view; which layer that is, where there are two.
  function told(data, view, at) {
    const ward = view.wards[at];
    const heading = data.beside ? wardmap.element("h3", "wm-which", view.layer.name) : null;
    const trend = wardmap.trend(data.trend, ward, view.layer);
    return [heading, wardmap.facts(ward, view.layer, true), trend].filter(Boolean);
  }

  function wireViews(data, wards, fit, opened) {
    document.querySelectorAll("button[data-view]").forEach((button) => {
      const view = button.dataset.view;
      button.disabled = false;
      button.addEventListener("click", () => {
        const flagged = () => L.featureGroup(opened().flags.priority.map((at) => wards[at].path)).getBounds();
        fit(view === "priority" ? flagged() : wardmap.bounds(data.views[view]));
      });
    });
  }
})((window.wardmap = window.wardmap || {}));
