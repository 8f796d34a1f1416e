"use strict";
// The picture of the heatmap: where its parts lie, and how they are painted on a canvas.
oneclone.heatmap = (() => {
  const { isolates, steps, thresholds } = oneclone.data;
  const { distances, bands, colours, page } = oneclone;
  const MOST_CELL = 28;
  const NAMED_CELL = 10; // from this size on a row has room for its name
  const NUMBERED_CELL = 19;
  const OUTLINED_CELL = 5;
  const GRID_CELL = 8;
  const HATCHED_CELL = 3;
  const GREATEST_NUMBER = 999;
  const FEW = 60; // so few are never drawn smaller than their names: the view scrolls instead
  const GAP = 4;
  const MARK = 12;

  const { fontOf, widthOf, fitted } = oneclone.drawing;

  // Places of names, marks and cells in a width. Cells have whole pixels of the screen; only very
  // small ones have not, as they would leave half of the width empty.
  const layout = (rows, columns, width, ratio) => {
    const whole = (size) => Math.floor(size * ratio) / ratio;
    const small = (size) => (size < HATCHED_CELL ? Math.max(1, size) : whole(size));
    const longest = d3.max(rows.concat(columns), (i) => widthOf(isolates[i].name, 12));
    const names = Math.min(longest + GAP, width < 500 ? 90 : 180);
    const mark = MARK + GAP;
    const count = columns.length;
    let cell = Math.min(MOST_CELL, whole((width - names - mark) / count));
    if (cell < NAMED_CELL && count <= FEW) cell = NAMED_CELL + 2;
    const named = cell >= NAMED_CELL && rows.length <= 4 * FEW;
    if (!named) cell = small((width - mark - 2) / count);
    const left = mark + (named ? names : 0);
    return {
      cell,
      left,
      top: left,
      names: named ? names : 0,
      font: Math.min(12, cell - 1),
      width: left + cell * count + 1,
      height: left + cell * rows.length + 1,
    };
  };

  const packed = (colour) => {
    const { r, g, b } = d3.rgb(colour);
    return (255 << 24) | (b << 16) | (g << 8) | r;
  };
  // One pixel per cell: as fast for 500 isolates as for 5, and scaled without smoothing.
  const pixels = (rows, columns, none) => {
    const small = document.createElement("canvas");
    small.width = columns.length;
    small.height = rows.length;
    const context = small.getContext("2d");
    const image = context.createImageData(columns.length, rows.length);
    const cells = new Int32Array(image.data.buffer);
    const shades = new Map(steps.map((step) => [step, packed(step.colour)]));
    const [same, missing] = [packed(page.colour("--line")), packed(none)];
    let at = 0;
    for (const a of rows)
      for (const b of columns) {
        const snps = distances.snpsOf(a, b);
        if (a === b) cells[at] = same;
        else cells[at] = snps === null ? missing : shades.get(bands.stepOf(snps));
        at += 1;
      }
    context.putImageData(image, 0, 0);
    return small;
  };

  const eachCell = ({ rows, columns }, { cell, left, top }, act) =>
    rows.forEach((a, r) => columns.forEach((b, c) => act(a, b, left + c * cell, top + r * cell)));

  const hatching = (context) => {
    const tile = document.createElement("canvas");
    tile.width = tile.height = 6;
    const lines = tile.getContext("2d");
    lines.strokeStyle = page.colour("--soft");
    lines.lineWidth = 1.2;
    d3.range(-6, 12, 6).forEach((x) => {
      lines.moveTo(x, 6);
      lines.lineTo(x + 6, 0);
    });
    lines.stroke();
    return context.createPattern(tile, "repeat");
  };
  const hatch = (context, shown, place) => {
    context.fillStyle = hatching(context);
    eachCell(shown, place, (a, b, x, y) => {
      if (a !== b && distances.snpsOf(a, b) === null)
        context.fillRect(x, y, place.cell, place.cell);
    });
  };

  const grid = (context, { rows, columns }, { cell, left, top }) => {
    context.strokeStyle = page.colour("--card");
    context.lineWidth = 1;
    context.beginPath();
    d3.range(columns.length + 1).forEach((c) => {
      context.moveTo(left + c * cell, top);
      context.lineTo(left + c * cell, top + rows.length * cell);
    });
    d3.range(rows.length + 1).forEach((r) => {
      context.moveTo(left, top + r * cell);
      context.lineTo(left + columns.length * cell, top + r * cell);
    });
    context.stroke();
  };

  // The line of the threshold: around cells up to `linked`. An isolate with itself is inside when
  // another one is, so that a group has one outline and single isolates have none.
  const outline = (context, { rows, columns }, { cell, left, top }) => {
    const near = (a, b) => a !== b && (distances.snpsOf(a, b) ?? Infinity) <= thresholds.linked;
    const grouped = new Set(rows.filter((a) => columns.some((b) => near(a, b))));
    const inside = (r, c) => {
      const [a, b] = [rows[r], columns[c]];
      if (a === undefined || b === undefined) return false;
      return a === b ? grouped.has(a) : near(a, b);
    };
    context.strokeStyle = page.colour("--ink");
    context.lineWidth = cell < GRID_CELL ? 1 : 2;
    context.beginPath();
    for (let r = 0; r <= rows.length; r += 1)
      for (let c = 0; c <= columns.length; c += 1) {
        const [x, y, here] = [left + c * cell, top + r * cell, inside(r, c)];
        if (here !== inside(r, c - 1)) {
          context.moveTo(x, y);
          context.lineTo(x, y + cell);
        }
        if (here !== inside(r - 1, c)) {
          context.moveTo(x, y);
          context.lineTo(x + cell, y);
        }
      }
    context.stroke();
  };

  const numbers = (context, shown, place) => {
    const middle = place.cell / 2;
    context.font = fontOf(Math.min(11, Math.floor(place.cell * 0.45)));
    context.textAlign = "center";
    context.textBaseline = "middle";
    eachCell(shown, place, (a, b, x, y) => {
      const snps = distances.snpsOf(a, b);
      if (a === b || snps === null || snps > GREATEST_NUMBER) return;
      context.fillStyle = bands.stepOf(snps).dark ? "#ffffff" : "#333333";
      context.fillText(String(snps), x + middle, y + middle + 0.5);
    });
  };

  // Mark and name of an isolate: shape by role, colour as chosen. They lie on the x axis, away
  // from the cells at the origin: to the left of rows (`way` is -1), above columns (1).
  const label = (context, isolate, { cell, names, font }, way) => {
    context.fillStyle = colours.colourOf(isolate);
    if (cell < GRID_CELL) {
      context.fillRect(way < 0 ? -MARK : 0, -cell / 2, MARK, cell);
      return;
    }
    context.translate((way * MARK) / 2, 0);
    context.fill(new Path2D(colours.markOf(isolate, Math.min(60, 0.5 * cell * cell))));
    if (!names) return;
    context.fillStyle = page.colour("--ink");
    context.font = fontOf(font);
    context.textAlign = way < 0 ? "right" : "left";
    context.textBaseline = "middle";
    const text = fitted(isolates[isolate].name, font, names - GAP);
    context.fillText(text, way * (MARK / 2 + GAP), 0.5);
  };
  const sides = (context, { rows, columns }, place) => {
    const { cell, left, top } = place;
    rows.forEach((isolate, r) => {
      context.save();
      context.translate(left - GAP / 2, top + (r + 0.5) * cell);
      label(context, isolate, place, -1);
      context.restore();
    });
    columns.forEach((isolate, c) => {
      context.save();
      context.translate(left + (c + 0.5) * cell, top - GAP / 2);
      context.rotate(-Math.PI / 2);
      label(context, isolate, place, 1);
      context.restore();
    });
  };

  // Paint rows and columns of isolates; `place` is their layout.
  const paint = (canvas, shown, place, ratio) => {
    const { cell, left, top, width, height } = place;
    canvas.width = Math.ceil(width * ratio);
    canvas.height = Math.ceil(height * ratio);
    const context = canvas.getContext("2d");
    context.scale(ratio, ratio);
    context.fillStyle = page.colour("--card");
    context.fillRect(0, 0, width, height);
    context.imageSmoothingEnabled = false;
    const { rows, columns } = shown;
    const none = page.colour(cell < HATCHED_CELL ? "--soft" : "--card");
    const image = pixels(rows, columns, none);
    context.drawImage(image, left, top, cell * columns.length, cell * rows.length);
    if (cell >= HATCHED_CELL) hatch(context, shown, place);
    if (cell >= GRID_CELL) grid(context, shown, place);
    if (cell >= OUTLINED_CELL) outline(context, shown, place);
    if (cell >= NUMBERED_CELL) numbers(context, shown, place);
    sides(context, shown, place);
  };

  return { layout, paint };
})();
