"use strict";
// What drawn views share: keys for a picture, and drawing again at another width.
oneclone.drawing = (() => {
  const { element } = oneclone.page;

  // A focusable frame around a picture; screen readers leave the arrow keys to it.
  const keyed = (css, label, keys, ...children) => {
    const frame = element(
      "div",
      { css, tabindex: "0", role: "application", "aria-label": label },
      ...children,
    );
    frame.addEventListener("keydown", (event) => {
      if (!(event.key in keys) || event.target !== frame) return;
      event.preventDefault();
      keys[event.key](event);
    });
    return frame;
  };
  // Act when the width of an element changes; its height may depend on what is drawn.
  const onWidth = (watched, act) => {
    let known = watched.clientWidth;
    new ResizeObserver(() => {
      if (watched.clientWidth === known) return;
      known = watched.clientWidth;
      act();
    }).observe(watched);
  };
  const limited = (value, count) => Math.max(0, Math.min(count - 1, value));
  const said = (text) => element("p", { css: "note", text, "aria-live": "polite" });

  return { keyed, onWidth, limited, said };
})();
