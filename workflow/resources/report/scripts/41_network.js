"use strict";
// The minimum spanning tree: marks of isolates, lines with their true SNPs, zoom and selection.
oneclone.page.view("network", (container) => {
  const { isolates, steps, thresholds } = oneclone.data;
  const { selection, colours, bands, words, page, drawing, network, controls } = oneclone;
  const { element, button } = page;
  const { MARK, nodes, edges } = network;
  const LEAST_MARK = 3; // radius on the screen
  const FONT = 11;
  const LETTER = 6.8; // about as wide
  const HELP =
    "Point at an isolate or line, or move with the arrow keys; Enter selects, + and - enlarge " +
    "and reduce. Drag to move.";
  if (!nodes.length) {
    container.append(element("p", { css: "said", text: "There is no isolate to join." }));
    return;
  }
  const { places, groups } = network.layout();
  const state = { at: d3.zoomIdentity, width: 0, height: 0, most: Infinity, cursor: null };
  const said = drawing.said(HELP);

  // --- parts -----------------------------------------------------------------------------------

  const kindOf = ({ snps, tied }) => {
    const width = { linked: "near", "not linked": "far" }[bands.wordOf(snps)] ?? "between";
    return `edge ${width}${tied ? " tied" : ""}`;
  };
  const parts = nodes.length - edges.length; // trees without a line between them
  const summary = () => {
    const linked = edges.filter(({ snps }) => snps <= thresholds.linked).length;
    return (
      `Minimum spanning tree of ${nodes.length} isolates: ${edges.length} lines, ${linked} of ` +
      `them up to ${words.snps(thresholds.linked)}` +
      (parts > 1 ? `; ${parts} parts that no assessable pair joins.` : ".")
    );
  };
  const svg = d3.create("svg").attr("class", "network").attr("role", "img");
  svg.attr("aria-label", summary());
  const shapes = svg.append("g");
  const ring = shapes
    .append("g")
    .selectAll("circle")
    .data(groups)
    .join("circle")
    .attr("class", "group")
    .attr("cx", ({ x }) => x)
    .attr("cy", ({ y }) => y)
    .attr("r", ({ radius }) => radius);
  const lines = (css) =>
    shapes
      .append("g")
      .selectAll("line")
      .data(edges)
      .join("line")
      .attr("class", css)
      .attr("x1", ({ a }) => places.get(a).x)
      .attr("y1", ({ a }) => places.get(a).y)
      .attr("x2", ({ b }) => places.get(b).x)
      .attr("y2", ({ b }) => places.get(b).y);
  const line = lines(kindOf);
  const reach = lines("reach"); // unseen and wide, to be pointed at
  const mark = shapes.append("g").selectAll("path").data(nodes).join("path").attr("class", "mark");
  const texts = svg.append("g");
  const length = texts
    .selectAll("text.length")
    .data(edges)
    .join("text")
    .attr("class", "length")
    .text(({ snps }) => words.number(snps));
  const name = texts
    .selectAll("text.name")
    .data(nodes)
    .join("text")
    .attr("class", "name")
    .text((i) => controls.short(isolates[i].name));

  // --- places on the screen --------------------------------------------------------------------

  const onScreen = (i) => state.at.apply([places.get(i).x, places.get(i).y]);
  const markRadius = () => Math.max(LEAST_MARK, MARK * state.at.k);
  const widthOf = (text) => LETTER * text.length;

  // The true number at the middle of each line that is long enough to hold it; that of linked
  // isolates matters most and may stand beside its line.
  const placesOf = ({ a, b, snps }, wide) => {
    const [[x0, y0], [x1, y1]] = [onScreen(a), onScreen(b)];
    const [x, y] = [(x0 + x1) / 2, (y0 + y1) / 2];
    const long = Math.hypot(x1 - x0, y1 - y0);
    const fits = long - 2 * markRadius() > Math.min(wide, FONT + 2);
    const [right, down] = [((y1 - y0) / long) * FONT, ((x0 - x1) / long) * FONT];
    const beside = [
      [x + right, y + down],
      [x - right, y - down],
    ];
    const near = snps > 0 && snps <= thresholds.linked;
    return [...(fits ? [[x, y]] : []), ...(near ? beside : [])];
  };
  const placeLengths = (taken) =>
    length.each(function (edge) {
      const wide = widthOf(words.number(edge.snps)) + 2;
      const free = (at) => drawing.isFree(drawing.boxAround(at, wide, FONT), taken);
      const at = edge.snps <= state.most ? placesOf(edge, wide).find(free) : null;
      if (at) taken.push(drawing.boxAround(at, wide, FONT));
      d3.select(this)
        .attr("x", at?.[0])
        .attr("y", at?.[1])
        .style("display", at ? null : "none");
    });
  // Names where they cover nothing; those of the selected always.
  const rank = (i) => (selection.has(i) ? 0 : isolates[i].role === "case" ? 1 : 2);
  const inside = ({ x0, x1, y0, y1 }) => x0 > 0 && y0 > 0 && x1 < state.width && y1 < state.height;
  const placeNames = (taken) => {
    const shown = new Map();
    d3.sort(nodes, (i, j) => rank(i) - rank(j) || i - j).forEach((i) => {
      const wide = widthOf(controls.short(isolates[i].name));
      const sides = drawing.sidesOf(onScreen(i), markRadius() + 2, wide, FONT);
      const free = sides.find(({ box }) => inside(box) && drawing.isFree(box, taken));
      const side = free ?? (selection.has(i) ? sides[0] : null);
      if (!side) return;
      taken.push(side.box);
      shown.set(i, side);
    });
    name
      .style("display", (i) => (shown.has(i) ? null : "none"))
      .classed("picked", (i) => selection.has(i))
      .attr("text-anchor", (i) => shown.get(i)?.anchor)
      .attr("x", (i) => shown.get(i)?.x)
      .attr("y", (i) => shown.get(i)?.y);
  };
  const place = () => {
    shapes.attr("transform", state.at);
    const scale = markRadius() / MARK / state.at.k;
    const at = (i) => `translate(${places.get(i).x},${places.get(i).y})scale(${scale})`;
    mark.attr("transform", at);
    const wide = 2 * markRadius();
    const taken = nodes.map((i) => drawing.boxAround(onScreen(i), wide, wide));
    placeLengths(taken);
    placeNames(taken);
  };

  // --- looks -----------------------------------------------------------------------------------

  const paint = () =>
    mark
      .attr("d", (i) => colours.markOf(i, Math.PI * MARK * MARK * 0.8))
      .attr("fill", (i) => colours.colourOf(i));
  const showPicked = () => {
    mark.classed("picked", (i) => selection.has(i)).classed("cursor", (i) => i === state.cursor);
    place();
  };
  const hide = (most) => {
    state.most = most;
    const tooLong = ({ snps }) => (snps > most ? "none" : null);
    line.style("display", tooLong);
    reach.style("display", tooLong);
    place();
  };

  // --- pointer and keys ------------------------------------------------------------------------

  const about = (i) => {
    const { name: title, role, patient, clinic, date } = isolates[i];
    return [title, [role, patient, clinic, date].filter(Boolean).join(" \u00b7 ")];
  };
  const { hinted } = drawing;
  hinted(mark, about).on("click", (event, i) => selection.click(i, event));
  hinted(reach, ({ a, b, tied }) => [
    ...bands.pairLines(a, b),
    ...(tied ? ["another line would be as short"] : []),
  ]).on("click", (_, { a, b }) => selection.set([a, b]));
  hinted(ring, ({ members }) => [`${members.length} isolates, joined by lines of 0 SNPs`]).on(
    "click",
    (_, { members }) => selection.set(members),
  );

  // Two fingers and Ctrl with the wheel enlarge; one finger and the wheel alone move the page.
  const allowed = (event) => {
    if (event.type === "wheel") return event.ctrlKey;
    return event.touches ? event.touches.length > 1 : !event.button;
  };
  const zoom = d3
    .zoom()
    .scaleExtent([0.05, 8])
    .filter(allowed)
    .on("zoom", ({ transform }) => {
      state.at = transform;
      place();
    });
  svg.call(zoom).on("dblclick.zoom", null);
  const scale = (factor) => () => svg.call(zoom.scaleBy, factor);
  const fit = () => {
    const [x0, x1] = d3.extent(nodes, (i) => places.get(i).x);
    const [y0, y1] = d3.extent(nodes, (i) => places.get(i).y);
    const [wide, high] = [x1 - x0 + 8 * MARK, y1 - y0 + 4 * MARK];
    const k = Math.min(1.6, state.width / wide, state.height / high);
    const centre = [state.width / 2 - (k * (x0 + x1)) / 2, state.height / 2 - (k * (y0 + y1)) / 2];
    svg.call(zoom.transform, d3.zoomIdentity.translate(...centre).scale(k));
  };

  // The nearest isolate within 45 degrees of a direction.
  const beside = (i, right, down) => {
    const from = places.get(i);
    const way = (j) => {
      const [x, y] = [places.get(j).x - from.x, places.get(j).y - from.y];
      const [ahead, aside] = [x * right + y * down, Math.abs(x * down - y * right)];
      return ahead > 0 && aside <= ahead ? Math.hypot(x, y) : Infinity;
    };
    const found = d3.least(nodes, way);
    return way(found) < Infinity ? found : i;
  };
  const goTo = (i) => {
    state.cursor = i;
    said.textContent = page.straight(about(i).join(", "));
    const [x, y] = onScreen(i);
    if (x < 0 || y < 0 || x > state.width || y > state.height)
      svg.call(zoom.translateTo, places.get(i).x, places.get(i).y);
    showPicked();
  };
  const first = nodes.find((i) => isolates[i].role === "case") ?? nodes[0];
  const move = (right, down) => () =>
    goTo(state.cursor === null ? first : beside(state.cursor, right, down));
  const keys = {
    ArrowLeft: move(-1, 0),
    ArrowRight: move(1, 0),
    ArrowUp: move(0, -1),
    ArrowDown: move(0, 1),
    Enter: (event) => state.cursor !== null && selection.click(state.cursor, event),
    "+": scale(1.4),
    "-": scale(1 / 1.4),
  };

  // --- around ----------------------------------------------------------------------------------

  const limits = steps
    .filter(({ limit }) => limit !== null)
    .map(({ limit }) => [limit, words.snps(limit)]);
  const limit = controls.list("Hide lines above", [["", "none"], ...limits], (value) =>
    hide(value ? Number(value) : Infinity),
  );
  const key = (css, text) => {
    const sign = d3.create("svg").attr("class", "network sign");
    sign.attr("width", 34).attr("height", 12);
    if (css === "group") sign.append("circle").attr("cx", 17).attr("cy", 6).attr("r", 5);
    else sign.append("line").attr("x1", 2).attr("x2", 32).attr("y1", 6).attr("y2", 6);
    sign.select("*").attr("class", css);
    sign.attr("aria-hidden", "true");
    return element("span", {}, sign.node(), text);
  };
  const { linked, unlinked } = thresholds;
  const legend = element(
    "div",
    { css: "key" },
    key("edge near", `up to ${words.snps(linked)}`),
    key("edge between", `up to ${words.snps(unlinked)}`),
    key("edge far", "more: not linked"),
    key("edge between tied", "one of several as short"),
    key("group", "joined by lines of 0 SNPs"),
  );
  const bar = element(
    "div",
    { css: "controls" },
    button("+", scale(1.4), "Enlarge"),
    button("\u2212", scale(1 / 1.4), "Reduce"),
    button("Fit", fit, "Show all"),
    limit,
    button("Save picture", () => page.saveSvg(frame, "oneclone-spanning-tree.svg")),
  );
  const frame = drawing.keyed("", "Isolates: arrow keys move, Enter selects", keys, svg.node());
  frame.addEventListener("blur", () => {
    state.cursor = null;
    showPicked();
  });
  const lengths = element("p", {
    css: "note",
    text:
      "Lengths of lines follow the logarithm of SNPs, as far as there is room." +
      (parts > 1 ? ` ${parts} parts that no assessable pair joins.` : ""),
  });
  container.append(bar, frame, legend, lengths, said);

  const resize = () => {
    state.width = Math.max(280, container.clientWidth);
    state.height = Math.max(360, Math.min(640, 0.65 * state.width));
    svg.attr("viewBox", `0 0 ${state.width} ${state.height}`);
    svg.attr("width", state.width).attr("height", state.height);
    fit();
  };
  paint();
  resize();
  selection.listen(showPicked);
  colours.listen(paint);
  drawing.onWidth(container, resize);
});
