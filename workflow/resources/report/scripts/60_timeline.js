"use strict";
// The timeline: when isolates were collected; a row per patient or clinic of the cases, and one
// lane of all other isolates below.
oneclone.timeline = (() => {
  const { element, button, saveSvg } = oneclone.page;
  const { colours, selection, controls, drawing } = oneclone;
  const { counted } = oneclone.words;
  const { isolates, unused } = oneclone.data;
  const MARGIN = { top: 34, right: 16, bottom: 30 };
  const GREATEST_LANE = 220;
  const TALLEST_LANE = 660; // of thousands, which fuse
  const LEAST_BAR = 5;
  const MARK_AREA = 90;
  const ROOM_FOR_TEXT = 28;
  const TITLES = { patient: "Patient", clinic: "Clinic" };
  const MOST_NAMED = 6;
  const OTHERS = "Others";
  const MONTHS = "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec".split(" ");

  // Years before 100 would be taken for those of the twentieth century.
  const utc = (year, month, day) => {
    const date = new Date(Date.UTC(2000, month, day));
    date.setUTCFullYear(year, month, day);
    return date;
  };
  // Begin and end of the time that a date names; a day has no length worth drawing.
  const spanOf = (text) => {
    const [year, month, day] = text.split("-").map(Number);
    if (day) return { from: utc(year, month - 1, day), to: utc(year, month - 1, day), day: true };
    if (month) return { from: utc(year, month - 1, 1), to: utc(year, month, 1), day: false };
    return { from: utc(year, 0, 1), to: utc(year + 1, 0, 1), day: false };
  };

  // What is drawn: an isolate by its number, or a case that took no part by its row.
  const entries = [
    ...isolates.map((row, isolate) => ({ row, isolate })),
    ...unused.map((row) => ({ row, isolate: null })),
  ].filter(({ row }) => row.role !== "reference");
  const dated = entries
    .filter(({ row }) => row.date)
    .map((entry) => ({ ...entry, ...spanOf(entry.row.date) }))
    .sort((a, b) => a.from - b.from || a.to - b.to);
  const isCase = ({ row }) => row.role === "case";
  const cases = dated.filter(isCase);
  const others = dated.filter((entry) => !isCase(entry) && entry.isolate !== null);

  const windowOf = (shown) => {
    const first = d3.min(shown, (entry) => entry.from);
    const last = d3.max(shown, (entry) => entry.to);
    const room = Math.max((last - first) * 0.06, 15 * 864e5);
    return [new Date(first - room), new Date(+last + room)];
  };

  // Months, or quarters, or years, as many as there is room for; a year is told where it begins.
  const ticksOf = (scale, width) => {
    const [from, to] = scale.domain();
    const months = (to - from) / (30.44 * 864e5);
    const most = Math.max(2, width / 62);
    const step = [1, 2, 3, 6].find((each) => months / each <= most);
    if (step) return d3.utcMonth.every(step).range(d3.utcMonth.ceil(from), to);
    const years = [1, 2, 5, 10, 20, 50, 100, 500].find((each) => months / 12 / each <= most);
    return d3.utcYear.every(years ?? 1000).range(d3.utcYear.ceil(from), to);
  };
  const tickText = (ticks) => (date, k) => {
    const year = date.getUTCFullYear();
    const yearly = ticks.every((each) => each.getUTCMonth() === 0);
    if (yearly) return String(year);
    const told = k === 0 || ticks[k - 1].getUTCFullYear() !== year;
    return told ? `${MONTHS[date.getUTCMonth()]} ${year}` : MONTHS[date.getUTCMonth()];
  };

  // Rows of cases in the order of their first dates; a blank patient or clinic is one row.
  const rowsBy = (key) => {
    const groups = d3.group(cases, ({ row }) => row[key]);
    return [...groups].map(([name, members]) => ({ name: name || `${key} unknown`, members }));
  };

  // Sub-lanes so that spans do not hide each other: each takes the first that is free.
  const packed = (shown, scale, least) => {
    const ends = [];
    return shown.map((entry) => {
      const from = scale(entry.from);
      const to = Math.max(scale(entry.to), from + least);
      let lane = ends.findIndex((end) => end <= from + 0.5);
      if (lane < 0) lane = ends.push(0) - 1;
      ends[lane] = to;
      return { ...entry, lane };
    });
  };

  const told = ({ row }) => [
    row.name,
    [row.role, row.patient && `patient ${row.patient}`, row.clinic].filter(Boolean).join(" · "),
    `collected ${row.date}${row.state ? `, ${row.state}` : ""}`,
  ];
  // A mark for a day, a bar for a month or a year.
  const drawMarks = (svg, placed, scale) => {
    const marks = svg.append("g").selectAll("g").data(placed).join("g");
    marks
      .attr("class", (mark) => (mark.isolate === null ? "dated unused" : "dated"))
      .classed("thin", (mark) => mark.height < 2)
      .attr("transform", (mark) => `translate(${scale(mark.from)},${mark.y})`)
      .on("click", (event, mark) => mark.isolate !== null && selection.click(mark.isolate, event));
    drawing.hinted(marks, told);
    marks
      .filter((mark) => mark.day)
      .append("path")
      .attr("d", (mark) =>
        mark.isolate === null
          ? d3.symbol(d3.symbolCircle, MARK_AREA)()
          : colours.markOf(mark.isolate, Math.min(MARK_AREA, mark.height ** 2)),
      );
    marks
      .filter((mark) => !mark.day)
      .append("rect")
      .attr("y", (mark) => -mark.height / 2)
      .attr("width", (mark) => Math.max(3, scale(mark.to) - scale(mark.from)))
      .attr("height", (mark) => mark.height)
      .attr("rx", (mark) => Math.min(3, mark.height / 3));
    drawing.pressed(
      marks.filter((mark) => isCase(mark) && mark.isolate !== null),
      (mark) => told(mark).join(", "),
      (mark, event) => selection.click(mark.isolate, event),
    );
    return marks;
  };
  const paint = (marks) =>
    marks
      .filter((mark) => mark.isolate !== null)
      .selectAll("path, rect")
      .attr("fill", (mark) => colours.colourOf(mark.isolate));
  const markSelected = (marks) =>
    marks.classed("picked", (mark) => mark.isolate !== null && selection.has(mark.isolate));

  const drawAxis = (svg, scale, height, left) => {
    const [start, end] = scale.range();
    const ticks = ticksOf(scale, end - start);
    const axis = svg.append("g").attr("class", "axis").selectAll("g").data(ticks).join("g");
    axis.attr("transform", (date) => `translate(${scale(date)},0)`);
    axis.append("path").attr("d", `M0,${MARGIN.top - 8}V${height - MARGIN.bottom + 8}`);
    [MARGIN.top - 14, height - MARGIN.bottom + 22].forEach((y) =>
      axis
        .filter((date) => scale(date) < end - ROOM_FOR_TEXT)
        .append("text")
        .attr("x", 3)
        .attr("y", y)
        .text(tickText(ticks)),
    );
    svg
      .append("path")
      .attr("class", "edge")
      .attr("d", `M${left},${MARGIN.top - 8}V${height - MARGIN.bottom + 8}`);
  };

  const nameOf = (row) => controls.short(row.name);
  const drawNames = (svg, names, left) =>
    svg
      .append("g")
      .selectAll("text")
      .data(names)
      .join("text")
      .attr("class", (name) => (name.title ? "title" : null))
      .attr("x", left - 8)
      .attr("y", (name) => name.y)
      .attr("dy", "0.35em")
      .attr("text-anchor", "end")
      .text((name) => name.text);
  // The area of the marks: a year may begin before the time that is shown.
  const clipped = (svg, left, width, height) => {
    const window = svg.append("clipPath").attr("id", "timeline-window").append("rect");
    window.attr("x", left).attr("width", width - left).attr("height", height);
    return svg.append("g").attr("clip-path", "url(#timeline-window)");
  };
  const picture = (width, key, domain) => {
    const rows = rowsBy(key);
    const texts = [TITLES[key], ...rows.map(nameOf)];
    const left = 16 + 7 * d3.max(texts, (text) => [...text].length);
    const scale = d3.scaleUtc(domain, [left, width - MARGIN.right]);
    const within = (entry) => entry.to >= domain[0] && entry.from <= domain[1];
    const step = rows.length > 30 ? 15 : 24;
    const placed = [];
    let top = MARGIN.top;
    const names = rows.length ? [{ text: TITLES[key], y: MARGIN.top - 18, title: true }] : [];
    rows.forEach((row) => {
      const lanes = packed(row.members.filter(within), scale, 12);
      const height = Math.max(step, 13 * (1 + d3.max(lanes, (each) => each.lane) || 1) + 4);
      lanes.forEach((each) => placed.push({ ...each, y: top + 11 + 13 * each.lane, height: 10 }));
      top += height;
      names.push({ text: nameOf(row), y: top - height + 11 });
    });
    const background = packed(others.filter(within), scale, LEAST_BAR);
    const lanes = 1 + (d3.max(background, (each) => each.lane) ?? 0);
    const least = Math.min(2, TALLEST_LANE / lanes);
    const size = Math.max(least, Math.min(9, GREATEST_LANE / lanes));
    if (background.length) {
      names.push({ text: OTHERS, y: top + 14 });
      top += 10;
      background.forEach((each) =>
        placed.push({ ...each, y: top + size * (each.lane + 0.5), height: size }),
      );
      top += size * lanes;
    }
    return { scale, left, placed, names, height: top + MARGIN.bottom, background };
  };

  const draw = (place, width, key, domain) => {
    const { scale, left, placed, names, height, background } = picture(width, key, domain);
    const label = `Timeline of ${counted(placed.length, "row")} of the table.`;
    const svg = drawing.svg("timeline", width, height, label);
    drawAxis(svg, scale, height, left);
    drawNames(svg, names, left);
    const area = clipped(svg, left, width, height);
    const marks = drawMarks(area, placed, scale);
    const outside = others.length - background.length;
    place.replaceChildren(svg.node(), element("p", { css: "note", text: remarks(outside) }));
    paint(marks);
    markSelected(marks);
    return marks;
  };

  // What cannot be drawn, in words.
  const remarks = (outside) => {
    const without = entries.filter(({ row }) => !row.date);
    const missing = without.filter(isCase).map(({ row }) => row.name);
    const said = [];
    if (cases.some(({ isolate }) => isolate === null))
      said.push("Dashed: took no part, see the ledger.");
    if (missing.length) {
      const named = missing.slice(0, MOST_NAMED).join(", ");
      const more = missing.length > MOST_NAMED ? ", …" : "";
      said.push(`Without a date: ${counted(missing.length, "case")} (${named}${more}).`);
    }
    const rest = without.filter((entry) => !isCase(entry) && entry.isolate !== null).length;
    if (rest) said.push(`${counted(rest, "other used isolate")} without a date.`);
    if (outside) said.push(`${counted(outside, "other used isolate")} outside of the time shown.`);
    return said.join(" ");
  };

  oneclone.page.view("timeline", (container) => {
    if (!dated.length) {
      container.append(element("p", { css: "said", text: "No isolate has a collection date." }));
      return;
    }
    const place = element("div", { css: "scroll" });
    const bar = element("div", { css: "controls" });
    container.append(bar, place);
    const state = { key: "patient", around: cases.length ? "cases" : "all" };
    const width = Math.max(320, container.clientWidth);
    let marks;
    const show = (change) => {
      Object.assign(state, change);
      const domain = windowOf(state.around === "cases" ? cases : dated);
      marks = draw(place, width, state.key, domain);
    };
    if (cases.length) {
      const spans = { cases: "Cases", all: "All isolates" };
      bar.append(controls.choice("Time of", spans, (around) => show({ around })));
      const keys = { patient: "Patient", clinic: "Clinic" };
      bar.append(controls.choice("Row per", keys, (key) => show({ key })));
    }
    bar.append(button("Save picture", () => saveSvg(container, "timeline.svg")));
    show({});
    selection.listen(() => markSelected(marks));
    colours.listen(() => paint(marks));
  });
  return { spanOf };
})();
