// One map of the wards: draws what never changes, and shows a layer when it is told to.
(function (wardmap) {
  "use strict";

  const PANES = {
    "wm-halo": 390, "wm-incidents": 405, "wm-bands": 410, "wm-lines": 420, "wm-clusters": 425,
    "wm-projects": 430, "wm-spotlight": 440, "wm-labels": 640,
  };

  const NOTHING = "data:image/gif;base64,R0lGODlhAQABAAAAACH5BAEKAAEALAAAAAABAAEAAAICTAEAOw==";

  // A marker that somebody adds finds its picture in the page: Leaflet would look for a file beside it.
  wardmap.carryMarker = function () {
    const probe = document.body.appendChild(wardmap.element("div", "leaflet-default-icon-path"));
    const picture = getComputedStyle(probe).backgroundImage.replace(/^url\("?|"?\)$/g, "");
    probe.remove();
    L.Icon.Default.imagePath = "";
    L.Icon.Default.mergeOptions({ iconUrl: picture, iconRetinaUrl: picture, shadowUrl: NOTHING });
  };

  // hover and choose are called with a ward's place, or null.
  wardmap.view = function (id, data, still, hover, choose) {
    const map = makeMap(id, data, still);
    const wards = wardmap.drawWards(map, data);
    const areas = wardmap.drawAreas(map, data);
    wardmap.drawOverlays(map, data);
    const clusters = L.layerGroup().addTo(map);
    const flags = L.layerGroup().addTo(map);
    const spot = wardmap.spotlight(map, "wm-hover");
    const keep = wardmap.spotlight(map, "wm-chosen");
    const place = (ward) => (ward ? ward.at : null);
    const reach = wardmap.reach(map, wards, (ward) => hover(place(ward)), (ward) => choose(place(ward)));
    const label = wardmap.drawLabels(map, wards, areas);
    const caption = data.beside ? addCaption(map) : null;
    const view = { map, wards, layer: null };
    map.on("zoomend", () => wardmap.thinLines(map, wards, view.layer));

    view.spot = (at) => spot(at === null ? null : wards[at]);
    view.keep = (at) => keep(wards[at]);
    view.fit = (bounds) => map.fitBounds(bounds, { padding: [12, 12], animate: !still });
    view.show = (layer) => {
      view.layer = layer;
      if (caption) caption.textContent = layer.name;
      wardmap.fillWards(wards, layer);
      wardmap.drawClusters(clusters, layer, data.look);
      wardmap.lineFlags(flags, wards, layer, data.look);
      wardmap.thinLines(map, wards, layer);
      label(layer);
      reach(layer);
    };
    return view;
  };

  // Two maps that always show the same place.
  wardmap.moveTogether = function (views) {
    let moving = false;
    views.forEach(({ map }) => {
      map.on("move zoomend", () => {
        if (moving) return;
        moving = true;
        views.filter((other) => other.map !== map).forEach((other) => {
          other.map.setView(map.getCenter(), map.getZoom(), { animate: false });
        });
        moving = false;
      });
    });
  };

  function makeMap(id, data, still) {
    const moves = !still && !data.beside;
    const map = L.map(id, {
      attributionControl: false, // sources and licences stand below the map
      zoomSnap: 0.25,
      zoomDelta: 0.5,
      wheelPxPerZoomLevel: 120,
      scrollWheelZoom: false,
      zoomAnimation: moves,
      fadeAnimation: moves,
      inertia: moves,
      maxBoundsViscosity: 0.6,
    });
    Object.entries(PANES).forEach(([name, level]) => {
      map.createPane(name).style.zIndex = level;
    });
    map.getPane("wm-incidents").style.pointerEvents = "none";
    L.control.scale({ position: "bottomleft", maxWidth: 120 }).addTo(map);
    map.getContainer().setAttribute("role", "region");
    map.getContainer().setAttribute("aria-label", id === "wm-beside" ? "Second map of wards" : "Map of wards");
    // The wheel scrolls the page until the reader has clicked into the map.
    map.on("focus click", () => map.scrollWheelZoom.enable());
    map.on("blur", () => map.scrollWheelZoom.disable());

    const whole = wardmap.bounds(data.views.district);
    map.fitBounds(whole, { padding: [12, 12], animate: false });
    map.setMaxBounds(whole.pad(0.6));
    map.setMinZoom(Math.floor(map.getZoom()) - 1);
    // On paper the map has another size than on the screen: take it first, then fit the district into it.
    const resize = (printed) => {
      map.getContainer().classList.toggle("wm-printed", printed);
      map.invalidateSize({ animate: false, pan: false });
      map.fitBounds(whole, { padding: [12, 12], animate: false });
    };
    window.addEventListener("beforeprint", () => resize(true));
    window.addEventListener("afterprint", () => resize(false));
    return map;
  }

  function addCaption(map) {
    const caption = wardmap.element("div", "wm-caption");
    const control = L.control({ position: "topright" });
    control.onAdd = () => caption;
    control.addTo(map);
    return caption;
  }
})((window.wardmap = window.wardmap || {}));
