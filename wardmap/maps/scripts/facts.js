// What is said of a ward in a layer: the same lines for the tooltip, the panel and the screen reader.
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

  wardmap.facts = function (ward, layer, withReason) {
    const box = wardmap.element("div", "wm-facts");
    const heading = wardmap.element("p", "wm-facts-name");
    heading.append(wardmap.element("bdi", "", ward.name));
    box.append(heading);
    const flag = layer.flagOf[ward.at];
    if (flag) {
      const words = [FLAG_WORDS[flag], layer.markOf[ward.at]].filter(Boolean).join(" ");
      box.append(wardmap.element("p", `wm-chip wm-chip-${flag}`, words));
    }
    const list = wardmap.element("dl");
    lines(layer).forEach((line) => {
      list.append(wardmap.element("dt", "", line.label), wardmap.element("dd", "", line.words[ward.at]));
    });
    box.append(list);
    if (withReason && layer.reasons && layer.reasons[ward.at]) {
      const reason = wardmap.element("p", "wm-reason");
      reason.append(wardmap.element("strong", "", "Why: "), wardmap.element("bdi", "", layer.reasons[ward.at]));
      box.append(reason);
    }
    return box;
  };

  wardmap.spoken = function (ward, layer) {
    const said = lines(layer).map((line) => `${line.label} ${line.words[ward.at]}`);
    return [ward.name, FLAG_WORDS[layer.flagOf[ward.at]], ...said].filter(Boolean).join(". ");
  };

  // The flag has a sign of its own, so it is not a line too.
  function lines(layer) {
    return layer.lines.filter((line) => !line.flag);
  }
})((window.wardmap = window.wardmap || {}));
