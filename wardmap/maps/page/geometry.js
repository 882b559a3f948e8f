// Rings arrive as whole steps of 1/100,000 degree, each point as its distance from the one before.
(function (wardmap) {
  "use strict";

  const STEP = 1e-5;

  wardmap.polygons = function (packed) {
    return packed.map((rings) => rings.map(unpackRing));
  };

  wardmap.latLng = function (point) {
    return L.latLng(point[1], point[0]);
  };

  wardmap.bounds = function (box) {
    return L.latLngBounds([box[1], box[0]], [box[3], box[2]]);
  };

  function unpackRing(steps) {
    const ring = [];
    let lon = 0;
    let lat = 0;
    for (let at = 0; at < steps.length; at += 2) {
      lon += steps[at];
      lat += steps[at + 1];
      ring.push([lat * STEP, lon * STEP]);
    }
    return ring;
  }
})((window.wardmap = window.wardmap || {}));
