"use strict";
// The page around the views: elements, downloads, tooltips, and drawing a view when it is near.
oneclone.page = (() => {
  // An element with a class and text; text never becomes markup.
  const element = (tag, { css, text, ...attributes } = {}, ...children) => {
    const made = document.createElement(tag);
    if (css) made.className = css;
    if (text !== undefined) made.textContent = text;
    Object.entries(attributes).forEach(([name, value]) => made.setAttribute(name, value));
    made.append(...children);
    return made;
  };
  const button = (text, act, title) => {
    const made = element("button", { type: "button", text, ...(title ? { title } : {}) });
    made.addEventListener("click", act);
    return made;
  };

  const save = (name, content, type) => {
    const address = URL.createObjectURL(new Blob([content], { type }));
    const link = element("a", { href: address, download: name });
    link.click();
    setTimeout(() => URL.revokeObjectURL(address), 1000);
  };
  // Save the first picture of a container as an SVG file, its styles with it.
  const saveSvg = (container, name) => {
    const copy = container.querySelector("svg").cloneNode(true);
    copy.setAttribute("xmlns", "http://www.w3.org/2000/svg");
    copy.setAttribute("data-theme", "light"); // for paper, whatever the viewer prefers
    const style = document.createElementNS("http://www.w3.org/2000/svg", "style");
    style.textContent = document.getElementById("style").textContent;
    copy.prepend(style);
    save(name, new XMLSerializer().serializeToString(copy), "image/svg+xml");
  };

  // A name may hold marks that turn the direction of all text behind them; in a line with other
  // words each is shut in, so that it turns nothing. A second end answers a mark that begins anew.
  const straight = (text) => text.replace(/[\u202a-\u202e\u2066-\u2069]/g, "\u2068$&\u2069\u2069");
  const tip = element("div", { css: "tip", role: "status" });
  tip.hidden = true;
  document.body.append(tip);
  // Show lines of text beside the pointer; without lines, hide them.
  const hint = (event, lines) => {
    tip.hidden = !lines;
    if (!lines) return;
    tip.replaceChildren(...lines.map((text) => element("div", { text: straight(text) })));
    const { width, height } = tip.getBoundingClientRect();
    const left = Math.min(event.clientX + 14, window.innerWidth - width - 8);
    const below = event.clientY + 16 + height < window.innerHeight;
    tip.style.left = `${Math.max(4, left)}px`;
    tip.style.top = `${below ? event.clientY + 16 : event.clientY - height - 10}px`;
  };
  document.addEventListener("scroll", () => hint(null, null), { passive: true });

  // Views that paint pixels themselves are told when the page's colours change: by the button, by
  // the system, or because the page is laid out for paper.
  const themeListeners = [];
  const onTheme = (listener) => themeListeners.push(listener);
  const themeChanged = () => themeListeners.forEach((listener) => listener());
  ["(prefers-color-scheme: dark)", "print"].forEach((query) =>
    window.matchMedia(query).addEventListener("change", themeChanged),
  );
  // The present value of a colour of the style sheet, such as "--ink".
  const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

  // Views by the id of their container; each is drawn once, when it comes near the window.
  const views = new Map();
  const draw = (container) => {
    const view = views.get(container.dataset.view);
    if (!view || container.dataset.drawn) return;
    container.dataset.drawn = "true";
    view(container);
  };
  const near = new IntersectionObserver(
    (entries) => entries.filter((each) => each.isIntersecting).forEach((each) => draw(each.target)),
    { rootMargin: "300px" },
  );
  const view = (name, drawer) => views.set(name, drawer);
  const begin = () => {
    document.querySelectorAll("[data-view]").forEach((container) => near.observe(container));
    window.addEventListener("beforeprint", drawAll);
  };
  const drawAll = () => document.querySelectorAll("[data-view]").forEach(draw);

  return {
    element,
    button,
    save,
    saveSvg,
    hint,
    straight,
    onTheme,
    themeChanged,
    colour,
    view,
    begin,
    draw,
    drawAll,
  };
})();
