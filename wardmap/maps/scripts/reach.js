// The wards reached by mouse, finger and keyboard alike. The map is one tab stop: arrow keys go from
// ward to ward in the order of the table, Home and End to the first and the last.
(function (wardmap) {
  "use strict";

  const STEPS = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

  // Returns what to call when another layer is shown.
  wardmap.reach = function (map, wards, hover, choose) {
    let layer = null;
    let stop = null; // the ward that Tab leads to
    const bound = L.featureGroup(wards.map((ward) => ward.path)).addTo(map);
    bound.bindTooltip((path) => wardmap.facts(path.ward, layer, false), {
      sticky: true,
      opacity: 1,
      className: "wm-tooltip",
    });
    bound.on("mouseover", (event) => hover(event.layer.ward));
    bound.on("mouseout", () => hover(null));
    bound.on("click", (event) => choose(event.layer.ward));

    wards.forEach((ward) => {
      const path = ward.path.getElement();
      path.setAttribute("role", "button");
      path.setAttribute("tabindex", "-1");
      path.addEventListener("focus", () => focused(ward, path));
      path.addEventListener("blur", () => hover(null));
      path.addEventListener("keydown", (event) => pressed(event, ward));
    });

    function stopAt(ward) {
      if (stop) stop.path.getElement().setAttribute("tabindex", "-1");
      stop = ward;
      stop.path.getElement().setAttribute("tabindex", "0");
    }

    function focused(ward, path) {
      stopAt(ward);
      hover(ward);
      if (path.matches(":focus-visible") && !map.getBounds().contains(ward.anchor)) map.panTo(ward.anchor);
    }

    function pressed(event, ward) {
      const to = goal(event.key, ward);
      if (to !== undefined) wards[to].path.getElement().focus({ preventScroll: true });
      else if (event.key === "Enter" || event.key === " ") choose(ward);
      else if (event.key === "Escape") return ward.path.closeTooltip();
      else return undefined;
      event.preventDefault();
      return event.stopPropagation(); // Leaflet would pan the map as well
    }

    function goal(key, ward) {
      const last = wards.length - 1;
      if (key === "Home") return layer.order[0];
      if (key === "End") return layer.order[last];
      if (!STEPS[key]) return undefined;
      const place = layer.order.indexOf(ward.at) + STEPS[key];
      return layer.order[Math.min(last, Math.max(0, place))];
    }

    return (shown) => {
      const first = !layer;
      layer = shown;
      wards.forEach((ward) => ward.path.getElement().setAttribute("aria-label", wardmap.spoken(ward, layer)));
      if (first) stopAt(wards[layer.order[0]]);
    };
  };
})((window.wardmap = window.wardmap || {}));
