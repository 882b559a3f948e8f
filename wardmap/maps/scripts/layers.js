// The layers of the page: which theme and period are shown, and the controls that change it.
(function (wardmap) {
  "use strict";

  const STEP = 1200; // milliseconds that a period stays while time is played

  // Every layer in the form that all parts of the page read.
  wardmap.readLayers = function (data) {
    return data.themes.map((theme, at) =>
      theme.layers.map((layer, time) => {
        const flagOf = data.wards.map(() => (layer.flags ? "none" : ""));
        const markOf = data.wards.map(() => "");
        Object.entries(layer.flags || {}).forEach(([flag, wards]) => {
          wards.forEach((ward) => (flagOf[ward] = flag));
        });
        if (layer.flags) layer.flags.priority.forEach((ward, place) => (markOf[ward] = letter(place)));
        const lines = data.facts.map((fact, line) => ({ ...fact, words: layer.facts[line] }));
        return { ...layer, theme: at, time, period: data.periods[time], colours: theme.colours, flagOf, markOf, lines };
      }),
    );
  };

  // Calls show with the layer now, and again whenever the reader turns to another.
  wardmap.wireLayers = function (data, still, show) {
    const layers = wardmap.readLayers(data);
    const theme = document.getElementById("wm-theme");
    const time = document.getElementById("wm-period");
    const turn = (playing) => {
      const layer = layers[theme ? Number(theme.value) : 0][time ? Number(time.value) : layers[0].length - 1];
      if (time) {
        time.setAttribute("aria-valuetext", layer.period);
        document.getElementById("wm-period-name").firstElementChild.textContent = layer.period;
      }
      show(layer, Boolean(playing), layers);
    };
    if (theme) {
      theme.disabled = false;
      theme.value = "0"; // browsers keep a choice over a reload
      theme.addEventListener("change", () => turn());
    }
    if (time) {
      time.disabled = false;
      time.value = time.max;
      wirePlay(document.getElementById("wm-play"), time, still, turn);
      time.addEventListener("input", () => turn());
    }
    turn();
  };

  // What stands in the head is of the layer; the legends are of all that are shown.
  wardmap.tellLayer = function (layer, shown) {
    document.querySelectorAll("[data-layer]").forEach((place) => (place.textContent = layer[place.dataset.layer]));
    document.title = layer.headline;
    const priority = document.querySelector('[data-view="priority"]');
    if (priority) {
      priority.firstElementChild.textContent = `Priority wards (${layer.flags.priority.length})`;
      priority.hidden = layer.flags.priority.length === 0;
    }
    document.querySelectorAll(".wm-legend").forEach((legend) => {
      const told = shown.filter((each) => each.theme === Number(legend.dataset.theme));
      legend.hidden = told.length === 0;
      legend.querySelectorAll("[data-counts]").forEach((place) => {
        const counts = told.map((each) => countOf(each, place.dataset.counts).toLocaleString("en-GB"));
        place.textContent = `${counts.join(" and ")} ward${counts.join() === "1" ? "" : "s"}`;
      });
    });
  };

  // How many wards have a class, by its number, or a flag, by its name.
  function countOf(layer, what) {
    const flagged = layer.flags && layer.flags[what];
    return flagged ? flagged.length : layer.codes.filter((code) => code === Number(what)).length;
  }

  function wirePlay(button, time, still, turn) {
    if (still) return button.remove(); // who wants no motion turns the slider by hand
    let clock = null;
    const stop = () => {
      clearInterval(clock);
      clock = null;
      button.textContent = "Play";
    };
    const step = () => {
      if (Number(time.value) >= Number(time.max)) return stop();
      time.value = Number(time.value) + 1;
      turn(true);
      if (time.value === time.max) stop();
    };
    button.disabled = false;
    button.addEventListener("click", () => {
      if (clock) return stop();
      if (time.value === time.max) {
        time.value = 0;
        turn(true);
      }
      button.textContent = "Pause";
      clock = setInterval(step, STEP);
    });
    time.addEventListener("input", stop);
  }

  function letter(place) {
    return "ABCDEFGHIJKLMNOPQRSTUVWXYZ"[place % 26].repeat(Math.floor(place / 26) + 1);
  }
})((window.wardmap = window.wardmap || {}));
