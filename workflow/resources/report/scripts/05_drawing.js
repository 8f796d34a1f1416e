"use strict";
// What drawn views share: keys for a picture, drawing again at another width, room for labels.
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
  const said = (text) => element("p", { css: "note help", text, "aria-live": "polite" });

  // A picture of fixed size whose marks can be reached one by one.
  const svg = (css, width, height, label) =>
    d3
      .create("svg")
      .attr("class", css)
      .attr("viewBox", [0, 0, width, height])
      .attr("width", width)
      .attr("height", height)
      .attr("role", "group")
      .attr("aria-label", label);

  // Show lines of text beside the pointer while it is on one of some marks.
  const hinted = (marks, lines) =>
    marks
      .on("pointermove", (event, mark) => oneclone.page.hint(event, lines(mark)))
      .on("pointerleave", () => oneclone.page.hint(null, null));
  // Marks that the keyboard reaches and presses as it does buttons.
  const pressed = (marks, label, act) =>
    marks
      .attr("tabindex", 0)
      .attr("role", "button")
      .attr("aria-label", label)
      .on("keydown", (event, mark) => {
        if (event.key !== "Enter" && event.key !== " ") return;
        event.preventDefault();
        act(mark, event);
      });

  // Widths of texts in pixels, and texts cut to a width; surrogate pairs stay together.
  const fontOf = (size) => `${size}px system-ui, "Segoe UI", Roboto, "Liberation Sans", sans-serif`;
  const pen = document.createElement("canvas").getContext("2d");
  const widthOf = (text, size) => {
    pen.font = fontOf(size);
    return pen.measureText(text).width;
  };
  const fitted = (text, size, room) => {
    if (widthOf(text, size) <= room) return text;
    const letters = [...text];
    while (letters.length > 1 && widthOf(`${letters.join("")}\u2026`, size) > room) letters.pop();
    return `${letters.join("")}\u2026`;
  };

  // Boxes of labels, and whether one covers another.
  const boxAround = ([x, y], wide, high) => ({
    x0: x - wide / 2,
    x1: x + wide / 2,
    y0: y - high / 2,
    y1: y + high / 2,
  });
  const isFree = (box, taken) =>
    !taken.some(
      (other) =>
        box.x0 < other.x1 && other.x0 < box.x1 && box.y0 < other.y1 && other.y0 < box.y1,
    );
  // Places of a label at the sides of a point, the best first.
  const sidesOf = ([x, y], away, wide, high) => {
    const side = (anchor, at, middle, centre) => ({
      anchor,
      x: at,
      y: middle,
      box: boxAround([centre, middle], wide, high),
    });
    return [
      side("start", x + away, y, x + away + wide / 2),
      side("end", x - away, y, x - away - wide / 2),
      side("middle", x, y + away + high / 2, x),
      side("middle", x, y - away - high / 2, x),
    ];
  };

  return {
    keyed,
    onWidth,
    limited,
    said,
    svg,
    hinted,
    pressed,
    fontOf,
    widthOf,
    fitted,
    boxAround,
    isFree,
    sidesOf,
  };
})();
