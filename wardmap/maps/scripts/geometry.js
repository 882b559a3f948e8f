// Rings arrive in letters: the first point, then the way to each next one, in steps of 1/100,000 degree.
(function (wardmap) {
  "use strict";

  const STEP = 1e-5;
  const ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-.";
  const DIGIT = Object.fromEntries([...ALPHABET].map((letter, digit) => [letter.charCodeAt(0), digit]));

  wardmap.polygons = function (packed) {
    return packed.map((rings) => rings.map(unpackRing));
  };

  wardmap.latLng = function (point) {
    return L.latLng(point[1], point[0]);
  };

  wardmap.bounds = function (box) {
    return L.latLngBounds([box[1], box[0]], [box[3], box[2]]);
  };

  // Five bits at a time, the lowest first; 32 says that more follow; the lowest bit of all is the sign.
  function unpackRing(letters) {
    const steps = [];
    let number = 0;
    let place = 0;
    for (let at = 0; at < letters.length; at += 1) {
      const digit = DIGIT[letters.charCodeAt(at)];
      number += (digit & 31) << place;
      place += 5;
      if (digit >= 32) continue;
      steps.push(number & 1 ? -(number + 1) / 2 : number / 2);
      number = 0;
      place = 0;
    }
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
