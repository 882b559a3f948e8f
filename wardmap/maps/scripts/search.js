// The box that finds a ward by its name, or by a part of it; Enter again leads to the next that fits.
(function (wardmap) {
  "use strict";

  wardmap.wireSearch = function (wards, find) {
    const box = document.getElementById("wm-find");
    const told = document.getElementById("wm-found");
    let last = { wanted: "", place: -1 };
    const search = () => {
      const wanted = plain(box.value);
      const fits = wanted ? matches(wards, wanted) : [];
      if (!fits.length) {
        told.textContent = wanted ? "No ward has this in its name." : "";
        return;
      }
      last = { wanted, place: wanted === last.wanted ? (last.place + 1) % fits.length : 0 };
      told.textContent = fits.length > 1 ? `${last.place + 1} of ${fits.length} wards. Enter leads to the next.` : "";
      find(fits[last.place].at, box);
    };
    box.disabled = false;
    box.addEventListener("input", (event) => {
      const picked = !(event instanceof InputEvent) || event.inputType === "insertReplacementText";
      if (picked) search(); // from the list of names
    });
    box.form.addEventListener("submit", (event) => {
      event.preventDefault();
      search();
    });
  };

  function matches(wards, wanted) {
    const exact = wards.filter((ward) => plain(ward.name) === wanted);
    return exact.length ? exact : wards.filter((ward) => plain(ward.name).includes(wanted));
  }

  function plain(name) {
    return name.normalize("NFKD").replace(/\p{M}/gu, "").trim().toLocaleLowerCase("en-GB");
  }
})((window.wardmap = window.wardmap || {}));
