// What is said of a ward: the same lines for the tooltip, the panel and the screen reader.
// Text enters the page only as text nodes and attributes, never as markup.
(function (wardmap) {
  "use strict";

  const FLAG_WORDS = { priority: "Priority ward", watch: "Watch ward", none: "Not flagged" };

  wardmap.element = function (tag, className, content) {
    const made = document.createElement(tag);
    if (className) made.className = className;
    if (content !== undefined) made.textContent = content;
    return made;
  };

  wardmap.facts = function (ward, labels, withReason) {
    const box = wardmap.element("div", "wm-facts");
    const heading = wardmap.element("p", "wm-facts-name");
    const name = wardmap.element("bdi", "", ward.name);
    heading.append(name);
    box.append(heading);
    if (FLAG_WORDS[ward.flag]) {
      const words = ward.mark ? `${FLAG_WORDS[ward.flag]} ${ward.mark}` : FLAG_WORDS[ward.flag];
      box.append(wardmap.element("p", `wm-chip wm-chip-${ward.flag}`, words));
    }
    const list = wardmap.element("dl");
    labels.forEach((label, at) => {
      list.append(wardmap.element("dt", "", label), wardmap.element("dd", "", ward.values[at]));
    });
    box.append(list);
    if (withReason && ward.reason) {
      const reason = wardmap.element("p", "wm-reason");
      reason.append(wardmap.element("strong", "", "Why: "), wardmap.element("bdi", "", ward.reason));
      box.append(reason);
    }
    return box;
  };

  wardmap.spoken = function (ward, labels) {
    const said = labels.map((label, at) => `${label} ${ward.values[at]}`);
    return [ward.name, FLAG_WORDS[ward.flag], ...said].filter(Boolean).join(". ");
  };
})((window.wardmap = window.wardmap || {}));
