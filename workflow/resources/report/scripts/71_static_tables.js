"use strict";
// Tables of the page become tables to sort and filter. The page's own stay for print; those of a
// few rows stay on the screen too: nothing is to be sorted or filtered there.
(() => {
  const { element } = oneclone.page;
  const { selection, tables, controls } = oneclone;
  const FEW_ROWS = 8;

  const numbers = new Map(oneclone.data.isolates.map((each, i) => [each.name, i]));
  const ofClone = (name) =>
    oneclone.data.isolates.flatMap((each, i) => (each.clone === name ? [i] : []));
  const named = (text) => (numbers.has(text) ? [numbers.get(text)] : []);
  // Several names in a cell; a name may hold a comma, then the cell names none for sure.
  const listed = (text) => {
    const found = text.split(", ").map(named);
    return found.every((each) => each.length) ? found.flat() : [];
  };
  // Which cells of a table name isolates, by its name.
  const NAMES = {
    pairs: (cells) => [...named(cells[0]), ...named(cells[1])],
    clones: (cells) => ofClone(cells[0]),
    markers: (cells) => listed(cells[4]),
    ledger: (cells) => named(cells[0]),
    isolates: (cells) => named(cells[0]),
    typing: (cells) => named(cells[0]),
    coverage: (cells) => named(cells[0]),
    core: (cells) => named(cells[0]),
  };
  const namedColumns = (name) => {
    if (name === "pairs") return [0, 1];
    return ["ledger", "isolates", "typing", "coverage", "core"].includes(name) ? [0] : [];
  };

  const columnsOf = (name, table) =>
    [...table.tHead.rows[0].cells].map((head, k) => {
      const number = head.classList.contains("number");
      return tables.column(head.textContent, `c${k}`, {
        number,
        order: number ? tables.numberOf : (text) => text,
        plain: number ? (text) => text.replaceAll("\u202f", "") : (text) => text,
        ...(namedColumns(name).includes(k) ? { isolate: (text) => numbers.get(text) } : {}),
      });
    });
  const rowOf = (name, cells, css, node) => {
    const fields = Object.fromEntries(cells.map((text, k) => [`c${k}`, text]));
    return { ...fields, isolates: NAMES[name]?.(cells) ?? [], css, node };
  };
  // Of a table of thousands of rows the page has few; a list beside it has all.
  const listOf = (name) => document.querySelector(`script[data-rows="${name}"]`);
  const rowsOf = (name, table) => {
    const list = listOf(name);
    if (list)
      return JSON.parse(list.textContent).map(([css, ...cells]) => rowOf(name, cells, css, null));
    return [...table.tBodies[0].rows].map((row) =>
      rowOf(name, [...row.cells].map((cell) => cell.textContent), row.className, row),
    );
  };
  // Both isolates of a pair, or any of several.
  const pickedIn = (name) => (row) =>
    row.isolates.length > 0 &&
    (name === "pairs" ? row.isolates.every(selection.has) : row.isolates.some(selection.has));

  // A table of a few rows: buttons for names, and a highlight.
  const decorate = (name, table, columns, rows) => {
    const picked = pickedIn(name);
    const mark = () => {
      rows.forEach((row) => row.node.classList.toggle("picked", picked(row)));
      tables.markButtons(table);
    };
    rows.forEach((row) => {
      columns.forEach((column, k) => {
        const isolate = column.isolate?.(row[column.field]);
        const text = row[column.field];
        if (isolate !== undefined)
          row.node.cells[k].replaceChildren(tables.isolateButton(isolate, text));
      });
      row.node.addEventListener("click", (event) => tables.clickRow(row.isolates, event));
    });
    selection.listen(mark);
  };

  const bar = (...children) => element("div", { css: "controls" }, ...children);
  const few = (name, wrapper, table, columns, rows) => {
    wrapper.before(bar(...tables.savers(name, columns, () => rows)));
    decorate(name, table, columns, rows);
  };
  const many = (name, wrapper, table, columns) => {
    const frame = element("div", { css: "tabled", "data-view": `table-${name}` });
    wrapper.classList.add("for-print");
    wrapper.before(frame);
    oneclone.page.view(`table-${name}`, () => {
      const rows = rowsOf(name, table);
      const title = wrapper.closest("section").querySelector("h2").textContent;
      const place = element("div", { "aria-label": title });
      const count = element("span", { css: "count", role: "status" });
      const holds = (text) => (row) =>
        columns.some((each) => row[each.field].toLowerCase().includes(text));
      const filter = controls.field("Filter", (text) => made.setFilter(holds(text.toLowerCase())));
      const shown = () => made.getData("active");
      frame.append(bar(filter, count, ...tables.savers(name, columns, shown)), place);
      const made = tables.make(place, {
        columns,
        rows,
        isolatesOf: (row) => row.isolates,
        picked: pickedIn(name),
        css: (row) => row.css,
        counted: (left) => (count.textContent = `${left} of ${rows.length} rows`),
      });
    });
  };

  document.querySelectorAll("table[data-table]").forEach((table) => {
    const name = table.dataset.table;
    const wrapper = table.parentElement;
    const columns = columnsOf(name, table);
    const isLong = listOf(name) || table.tBodies[0].rows.length >= FEW_ROWS;
    if (isLong) many(name, wrapper, table, columns);
    else few(name, wrapper, table, columns, rowsOf(name, table));
  });
})();
