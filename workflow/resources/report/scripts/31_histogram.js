"use strict";
// Distances of pairs on a logarithmic axis, one panel per kind of pair.
oneclone.page.view("histogram", (container) => {
  const { selection, bands, words, page, drawing } = oneclone;
  const { element, button } = page;
  const PANEL = 96;
  const HEAD = 54;
  const FOOT = 12;
  const TOP = 40;
  const AXIS = 44;
  const SIDE = 12;
  const LEFT_EDGE = -0.12; // of the bar of 0 SNPs, as a logarithm of SNPs + 1
  const LEAST_BAR = 2; // a single pair among thousands is seen, too
  const NARROW = 500;
  const TICKS = [0, 1, 3, 10, 30, 100, 300, 1000, 3000, 10_000, 30_000, 100_000];
  const { counted, countOf, rangeOf, lines } = oneclone.histogram;
  const { panels, top, others } = oneclone.histogram.collect();

  const HELP =
    "Point at a bar, or move with the arrow keys. A click or Enter selects the isolates of its " +
    "pairs.";
  const said = drawing.said(HELP);

  // --- drawing ---------------------------------------------------------------------------------

  const summary = (panel) => `${panel.title}: ${countOf(panel)}${rangeOf(panel)}`;
  const svg = d3
    .create("svg")
    .attr("class", "histogram")
    .attr("role", "img")
    .attr("aria-label", panels.map(summary).join(". "));
  const x = d3.scaleLinear();
  const place = (snps) => x(Math.log10(snps + 1));
  const leftOf = ({ low }) => (low ? place(low - 0.5) : x(LEFT_EDGE));
  const widthOf = (bin) => Math.max(1.5, place(bin.high + 0.5) - leftOf(bin) - 1);
  const HEIGHT = HEAD + PANEL + FOOT;
  const baseOf = (k) => TOP + k * HEIGHT + HEAD + PANEL;
  const y = (panel, count) => Math.max(LEAST_BAR, (count / panel.most) * PANEL);

  // The lines of the thresholds are open where the titles stand. Of their words, the outer two
  // are on one line, to both sides; the middle one is below them, to the left.
  const drawCuts = () => {
    const cut = svg.append("g").attr("class", "cuts").selectAll("g").data(bands.cuts).join("g");
    const line = (y1, y2) =>
      cut
        .append("line")
        .attr("x1", ({ snps }) => place(snps + 0.5))
        .attr("x2", ({ snps }) => place(snps + 0.5))
        .attr("y1", y1)
        .attr("y2", y2);
    line((_, k) => 6 + 14 * (k % 2), (_, k) => 20 + 14 * (k % 2));
    panels.forEach((_, k) => line(baseOf(k) - PANEL - 4, baseOf(k)));
    cut
      .append("text")
      .attr("x", ({ snps }, k) => place(snps + 0.5) + (k === 2 ? 4 : -4))
      .attr("y", (_, k) => 16 + 14 * (k % 2))
      .attr("text-anchor", (_, k) => (k === 2 ? "start" : "end"))
      .text(({ text }) => text);
  };
  const drawPanel = (panel, k, width) => {
    const group = svg.append("g").attr("class", panel.css);
    const base = baseOf(k);
    const head = (css, up, text) =>
      group
        .append("text")
        .attr("class", css)
        .attr("x", SIDE)
        .attr("y", base - PANEL - up)
        .text(text);
    head("title", 34, panel.title);
    head("count", 19, countOf(panel) + (width < NARROW ? "" : rangeOf(panel)));
    group
      .selectAll("rect")
      .data(panel.bins)
      .join("rect")
      .attr("class", "bar")
      .attr("x", (bin) => leftOf(bin) + 0.5)
      .attr("width", widthOf)
      .attr("y", ({ pairs }) => base - y(panel, pairs.length))
      .attr("height", ({ pairs }) => y(panel, pairs.length))
      .on("click", (_, bin) => pick(bin))
      .call(drawing.hinted, (bin) => lines(panel, bin));
    // The number above a bar, where it has room.
    group
      .selectAll("text.number")
      .data(panel.bins.filter((bin) => widthOf(bin) > 7 * words.number(bin.pairs.length).length))
      .join("text")
      .attr("class", "number")
      .attr("x", (bin) => leftOf(bin) + widthOf(bin) / 2)
      .attr("y", ({ pairs }) => base - y(panel, pairs.length) - 3)
      .text(({ pairs }) => words.number(pairs.length));
    group
      .append("line")
      .attr("class", "base")
      .attr("x1", SIDE)
      .attr("x2", width - SIDE)
      .attr("y1", base)
      .attr("y2", base);
    group.append("g").attr("class", "picked");
  };
  const drawAxis = (width) => {
    const fits = width < NARROW ? TICKS.filter((_, k) => k % 2 === 1 || k === 0) : TICKS;
    const axis = svg.append("g").attr("class", "axis");
    const tick = axis
      .selectAll("g")
      .data(fits.filter((snps) => snps <= top * 1.2))
      .join("g")
      .attr("transform", (snps) => `translate(${place(snps)},${baseOf(2) + FOOT})`);
    tick.append("line").attr("y2", 5);
    tick.append("text").attr("y", 18).attr("text-anchor", "middle").text(words.number);
    axis
      .append("text")
      .attr("x", width / 2)
      .attr("y", baseOf(2) + FOOT + 36)
      .attr("text-anchor", "middle")
      .text("SNPs (logarithm of SNPs + 1)");
  };
  // Ticks below the bars: pairs of one selected isolate, or of the selected among themselves.
  const drawPicked = () => {
    const chosen = new Set(selection.all());
    const wanted = ({ a, b }) =>
      chosen.size === 1 ? chosen.has(a) || chosen.has(b) : chosen.has(a) && chosen.has(b);
    panels.forEach((panel, k) => {
      const found = chosen.size ? panel.pairs.filter(wanted) : [];
      const places = [...new Set(found.map(({ snps }) => place(snps).toFixed(1)))];
      svg
        .select(`.${panel.css} .picked`)
        .selectAll("line")
        .data(places)
        .join("line")
        .attr("x1", (at) => at)
        .attr("x2", (at) => at)
        .attr("y1", baseOf(k) + 1)
        .attr("y2", baseOf(k) + FOOT - 1);
      panel.pickedCount = found.length;
    });
    const told = panels.filter((panel) => panel.pickedCount);
    said.textContent = chosen.size
      ? `Ticks: pairs of the selected isolate${chosen.size === 1 ? "" : "s"}. ` +
        (told.map((panel) => `${panel.title}: ${panel.pickedCount}`).join("; ") || "None here.")
      : HELP;
  };
  const draw = () => {
    const width = Math.max(280, container.clientWidth);
    const height = baseOf(2) + AXIS + FOOT;
    svg.attr("viewBox", `0 0 ${width} ${height}`).attr("width", width).attr("height", height);
    svg.selectAll("*").remove();
    x.domain([LEFT_EDGE, Math.log10(top + 1) + 0.06]).range([SIDE, width - SIDE]);
    panels.forEach((panel, k) => drawPanel(panel, k, width));
    drawCuts();
    drawAxis(width);
    drawPicked();
    show();
  };

  // --- keys and selection ----------------------------------------------------------------------

  const pick = (bin) => selection.set(new Set(bin.pairs.flatMap(({ a, b }) => [a, b])));
  const cursor = { k: 0, at: -1 };
  const show = () =>
    svg.selectAll(".bar").classed("cursor", (bin) => bin === panels[cursor.k].bins[cursor.at]);
  const move = (down, right) => () => {
    const filled = d3.range(panels.length).filter((k) => panels[k].bins.length);
    if (!filled.length) return;
    const low = panels[cursor.k].bins[cursor.at]?.low ?? 0;
    cursor.k = filled[drawing.limited(filled.indexOf(cursor.k) + down, filled.length)];
    const bars = panels[cursor.k].bins;
    const at = down ? d3.bisectLeft(bars.map((bin) => bin.low), low) : cursor.at + right;
    cursor.at = drawing.limited(at, bars.length);
    said.textContent = page.straight(lines(panels[cursor.k], bars[cursor.at]).join(", "));
    show();
  };
  const keys = {
    ArrowLeft: move(0, -1),
    ArrowRight: move(0, 1),
    ArrowUp: move(-1, 0),
    ArrowDown: move(1, 0),
    Enter: () => cursor.at >= 0 && pick(panels[cursor.k].bins[cursor.at]),
  };
  const frame = drawing.keyed("", "Bars: arrow keys move, Enter selects", keys, svg.node());
  frame.addEventListener("blur", () => {
    cursor.at = -1;
    show();
  });

  const save = button("Save picture", () => page.saveSvg(container, "oneclone-pairs.svg"));
  container.append(element("div", { css: "controls" }, save), frame);
  const notShown = others
    ? ` Not shown: ${counted(others)} of one patient, with a source, or with a set-aside isolate.`
    : "";
  container.append(
    element("p", { css: "note", text: `Background: context isolates and references.${notShown}` }),
  );
  container.append(said);
  draw();
  selection.listen(drawPicked);
  drawing.onWidth(container, draw);
});
