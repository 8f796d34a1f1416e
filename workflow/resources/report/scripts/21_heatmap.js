"use strict";
// The heatmap of SNP distances: what is shown, the cell under pointer or keys, and the selection.
oneclone.page.view("heatmap", (container) => {
  const { isolates } = oneclone.data;
  const { selection, colours, bands, distances, page, drawing, heatmap } = oneclone;
  const { element, button } = page;
  const MANY = 60;
  const NEAREST = 30;
  const LEAST_DRAG = 6;
  const HELP =
    "Point at a cell, or move with the arrow keys. A click or Enter selects its pair; " +
    "drag with the mouse to enlarge a part.";
  const all = distances.compared;
  const cases = all.filter((i) => isolates[i].role === "case");

  // Some isolates and the others that are nearest to any of them, in the order of the tree.
  const withNearest = (some) => {
    const chosen = new Set(some);
    const least = (j) => d3.min(some, (i) => distances.snpsOf(i, j) ?? Infinity);
    const near = all
      .filter((j) => !chosen.has(j))
      .map((j) => ({ j, snps: least(j) }))
      .filter(({ snps }) => snps < Infinity)
      .sort((a, b) => a.snps - b.snps || a.j - b.j);
    near.slice(0, NEAREST).forEach(({ j }) => chosen.add(j));
    return all.filter((i) => chosen.has(i));
  };
  const selectedHere = () => selection.all().filter(distances.has);
  const few = all.length > MANY && cases.length;
  const square = (some) => ({ rows: some, columns: some });
  const state = { ...square(few ? withNearest(cases) : all), cursor: null, place: null };

  const canvas = element("canvas", { role: "img" });
  const overlay = d3.create("svg").attr("aria-hidden", "true");
  const said = drawing.said(HELP);

  // --- what is shown ---------------------------------------------------------------------------

  const summary = () => {
    const { rows, columns } = state;
    const [inRows, inColumns] = [new Set(rows), new Set(columns)];
    const counts = { pairs: 0, linked: 0, missing: 0 };
    for (const a of rows)
      for (const b of columns) {
        const again = a > b && inRows.has(b) && inColumns.has(a);
        if (a === b || again) continue;
        const snps = distances.snpsOf(a, b);
        counts.pairs += 1;
        if (snps === null) counts.missing += 1;
        else if (bands.wordOf(snps) === "linked") counts.linked += 1;
      }
    const shown = new Set([...rows, ...columns]).size;
    return (
      `SNP distances of ${shown} isolates: of ${counts.pairs} pairs ` +
      `${counts.linked} are in the band linked, ${counts.missing} not assessable.`
    );
  };
  const draw = () => {
    const ratio = window.devicePixelRatio || 1;
    const width = scroll.clientWidth || container.clientWidth;
    state.place = heatmap.layout(state.rows, state.columns, width, ratio);
    heatmap.paint(canvas, state, state.place, ratio);
    cells.style.width = `${state.place.width}px`;
    cells.style.aspectRatio = `${state.place.width} / ${state.place.height}`;
    overlay.attr("viewBox", `0 0 ${state.place.width} ${state.place.height}`);
    mark();
  };
  const show = (shown) => {
    Object.assign(state, shown, { cursor: null });
    canvas.setAttribute("aria-label", summary());
    draw();
    press();
    tellHidden();
  };

  const choices = [
    { text: `Cases and nearest ${NEAREST}`, isolates: () => withNearest(cases) },
    { text: `Selected and nearest ${NEAREST}`, isolates: () => withNearest(selectedHere()) },
    { text: `All ${all.length}${oneclone.data.compared ? " compared" : ""}`, isolates: () => all },
  ].map((each) => ({
    ...each,
    button: button(each.text, () => show(square(each.isolates()))),
  }));
  const [ofCases, ofSelected] = choices;
  const same = (some, others) =>
    some.length === others.length && some.every((i, k) => i === others[k]);
  const press = () => {
    ofCases.button.disabled = !cases.length;
    ofSelected.button.disabled = !selectedHere().length;
    choices.forEach((each) => {
      const pressed =
        !each.button.disabled &&
        same(state.rows, state.columns) &&
        same(state.rows, each.isolates());
      each.button.setAttribute("aria-pressed", String(pressed));
    });
  };

  const tellHidden = () => {
    const shown = new Set([...state.rows, ...state.columns]);
    const hidden = selection.all().filter((i) => !shown.has(i)).length;
    const usual = state.cursor ? page.straight(lines(state.cursor).join(", ")) : HELP;
    said.textContent = hidden
      ? `${hidden} of ${selection.all().length} selected isolates are not among those shown here.`
      : usual;
  };

  // --- marks above the cells -------------------------------------------------------------------

  const stripes = () => {
    const { cell, left, top, width, height } = state.place;
    const row = (r, css) => ({ css, x: 0, y: top + r * cell, width: width - 1, height: cell });
    const column = (c, css) => ({ css, x: left + c * cell, y: 0, width: cell, height: height - 1 });
    const of = (css, test) => [
      ...state.rows.flatMap((i, r) => (test(i) ? [row(r, css)] : [])),
      ...state.columns.flatMap((i, c) => (test(i) ? [column(c, css)] : [])),
    ];
    const picked = of("picked", selection.has);
    if (!state.cursor) return picked;
    const { r, c } = state.cursor;
    const cursor = { css: "cursor", x: left + c * cell, y: top + r * cell };
    return [
      ...picked,
      row(r, "cross"),
      column(c, "cross"),
      { ...cursor, width: cell, height: cell },
    ];
  };
  const mark = () =>
    overlay
      .selectAll("rect.stripe")
      .data(stripes())
      .join("rect")
      .attr("class", ({ css }) => `stripe ${css}`)
      .attr("x", ({ x }) => x)
      .attr("y", ({ y }) => y)
      .attr("width", ({ width }) => width)
      .attr("height", ({ height }) => height);

  // --- pointer and keys ------------------------------------------------------------------------

  // Row and column under the pointer; -1 at the sides, where the names are.
  const under = (event) => {
    const box = cells.getBoundingClientRect();
    const scale = state.place.width / box.width;
    const { cell, left, top } = state.place;
    const at = (value, start, count) =>
      value < start ? -1 : drawing.limited(Math.floor((value - start) / cell), count);
    return {
      r: at((event.clientY - box.top) * scale, top, state.rows.length),
      c: at((event.clientX - box.left) * scale, left, state.columns.length),
    };
  };
  const isolatesAt = ({ r, c }) => [state.rows[r], state.columns[c]].filter((i) => i !== undefined);
  const lines = (at) => {
    const found = isolatesAt(at);
    if (found.length === 2) return bands.pairLines(...found);
    return found.length ? [isolates[found[0]].name] : null;
  };
  const pick = (at, event) => {
    const found = [...new Set(isolatesAt(at))];
    const adds = event.ctrlKey || event.metaKey || event.shiftKey;
    if (found.length === 1) selection.click(found[0], event);
    else if (found.length === 2) selection.set(adds ? [...selection.all(), ...found] : found);
  };
  const clear = () => {
    state.cursor = null;
    page.hint(null, null);
    mark();
  };

  const move = (down, right) => () => {
    const { r, c } = state.cursor ?? { r: -down, c: -right };
    state.cursor = {
      r: drawing.limited(r + down, state.rows.length),
      c: drawing.limited(c + right, state.columns.length),
    };
    said.textContent = page.straight(lines(state.cursor).join(", "));
    mark();
    overlay.select(".cursor").node().scrollIntoView({ block: "nearest", inline: "nearest" });
  };
  const keys = {
    ArrowLeft: move(0, -1),
    ArrowRight: move(0, 1),
    ArrowUp: move(-1, 0),
    ArrowDown: move(1, 0),
    Enter: (event) => state.cursor && pick(state.cursor, event),
  };
  const LABEL = "Cells of the heatmap: arrow keys move, Enter selects the pair";
  const cells = drawing.keyed("cells", LABEL, keys, canvas, overlay.node());
  cells.addEventListener("blur", clear);

  let start = null;
  let dragged = false;
  const dragTo = (event) => {
    const { r, c } = under(event);
    const [top, bottom] = d3.extent([start.at.r, Math.max(0, r)]);
    const [left, right] = d3.extent([start.at.c, Math.max(0, c)]);
    return { top, bottom, left, right };
  };
  const showDragged = (event) => {
    const { top, bottom, left, right } = dragTo(event);
    const { cell, left: x, top: y } = state.place;
    overlay
      .selectAll("rect.drag")
      .data([null])
      .join("rect")
      .attr("class", "drag")
      .attr("x", x + left * cell)
      .attr("y", y + top * cell)
      .attr("width", (right - left + 1) * cell)
      .attr("height", (bottom - top + 1) * cell);
  };
  cells.addEventListener("pointerdown", (event) => {
    const at = under(event);
    const mouse = event.pointerType === "mouse" && event.button === 0;
    start = mouse && at.r >= 0 && at.c >= 0 ? { at, x: event.clientX, y: event.clientY } : null;
    dragged = false;
  });
  cells.addEventListener("pointermove", (event) => {
    if (start && Math.hypot(event.clientX - start.x, event.clientY - start.y) > LEAST_DRAG) {
      if (!dragged) cells.setPointerCapture(event.pointerId);
      dragged = true;
      page.hint(null, null);
      showDragged(event);
      return;
    }
    const at = under(event);
    state.cursor = at.r >= 0 && at.c >= 0 ? at : null;
    page.hint(event, lines(at));
    mark();
  });
  cells.addEventListener("pointerup", (event) => {
    const part = start && dragged ? dragTo(event) : null;
    start = null;
    overlay.selectAll("rect.drag").remove();
    if (!part) return;
    show({
      rows: state.rows.slice(part.top, part.bottom + 1),
      columns: state.columns.slice(part.left, part.right + 1),
    });
  });
  cells.addEventListener("click", (event) => {
    if (!dragged) pick(under(event), event);
  });
  cells.addEventListener("pointerleave", clear);

  // --- around ----------------------------------------------------------------------------------

  const savePicture = () =>
    canvas.toBlob((picture) => page.save("oneclone-distances.png", picture, "image/png"));
  const controls = element("div", { css: "controls" });
  if (all.length > 1) controls.append(...choices.map((each) => each.button));
  controls.append(button("Save picture", savePicture));
  const scroll = element("div", { css: "scroll" }, cells);
  container.append(controls, scroll, bands.legend(), said);

  show({});
  selection.listen(() => {
    mark();
    press();
    tellHidden();
  });
  colours.listen(draw);
  page.onTheme(draw);
  drawing.onWidth(scroll, draw);
});
