"use strict";
// Tables to sort, filter, copy and save. A column is {title, field, show, order, plain, number,
// isolate}: `show` gives the text of a value, `order` what it is sorted by (null is last), `plain`
// what is saved, `isolate` the number of the isolate that the value names, if it names one.
oneclone.tables = (() => {
  const { element, button, save } = oneclone.page;
  const { selection } = oneclone;
  const WIDEST_COLUMN = 360;
  const TALLEST_TABLE = "30rem";
  const collator = new Intl.Collator("en", { numeric: true });

  const column = (title, field, more = {}) => ({
    title,
    field,
    show: (value) => String(value),
    order: (value) => value,
    plain: (value) => (value === null ? "" : String(value)),
    number: false,
    ...more,
  });
  // The number at the begin of a cell, thousands parted by thin spaces or commas; else null.
  const numberOf = (text) => {
    const value = parseFloat(text.replace(/[\u202f,]/g, ""));
    return Number.isNaN(value) ? null : value;
  };

  const compare = (a, b) => (typeof a === "number" ? a - b : collator.compare(a, b));
  // Tabulator swaps the rows when it sorts downwards; what is empty is last in both directions.
  const sorter = (order) => (a, b, rowA, rowB, made, direction) => {
    const [first, second] = [order(a), order(b)];
    const empty = [first, second].map((each) => each === null || each === "");
    if (empty[0] || empty[1]) return (empty[0] - empty[1]) * (direction === "asc" ? 1 : -1);
    return compare(first, second);
  };

  // What a spreadsheet would take for a formula begins with an apostrophe, also after blanks and in
  // full width, as in the workbook of the exports; numbers are none.
  const FORMULA = /^'*\s*[=+\-@\t\r\uff1d\uff0b\uff0d\uff20]/;
  const NUMBER = /^[+-]?\d+(\.\d+)?$/;
  const neutral = (text) => (FORMULA.test(text) && !NUMBER.test(text) ? `'${text}` : text);
  const quoted = (text) => (/[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
  const lines = (columns, rows, separator, cell) => {
    const titles = columns.map((each) => each.title);
    const texts = rows.map((row) => columns.map((each) => each.plain(row[each.field])));
    return [titles, ...texts].map((cells) => `${cells.map(cell).join(separator)}\n`).join("");
  };
  const asTsv = (columns, rows) => lines(columns, rows, "\t", (text) => text);
  const asPasted = (columns, rows) => lines(columns, rows, "\t", neutral);
  const asCsv = (columns, rows) => lines(columns, rows, ",", (text) => quoted(neutral(text)));

  // The clipboard may be forbidden to a page from disk; then a field of text is copied.
  const copyText = (text) => {
    const field = element("textarea", { css: "copied", "aria-hidden": "true" });
    field.value = text;
    document.body.append(field);
    field.select();
    const done = document.execCommand("copy");
    field.remove();
    return done ? Promise.resolve() : navigator.clipboard.writeText(text);
  };
  // Buttons to copy and save the rows that are shown, in their order.
  const savers = (name, columns, rows) => {
    const copy = button(
      "Copy",
      () => {
        const say = (text) => {
          copy.textContent = text;
          setTimeout(() => (copy.textContent = "Copy"), 1500);
        };
        copyText(asPasted(columns, rows())).then(() => say("Copied"), () => say("Not allowed"));
      },
      "Copy the rows shown for a spreadsheet; a cell that it could take for a formula begins " +
        "with an apostrophe",
    );
    const tsv = button(
      "TSV",
      () => save(`${name}.tsv`, asTsv(columns, rows()), "text/tab-separated-values"),
      "Save the rows shown, separated by tabs, exactly as typed",
    );
    const csv = button(
      "CSV",
      () => save(`${name}.csv`, `\ufeff${asCsv(columns, rows())}`, "text/csv"),
      "Save the rows shown for a spreadsheet; a cell that it could take for a formula " +
        "(it begins with = + - @, a tab or a carriage return) begins with an apostrophe",
    );
    return [copy, tsv, csv];
  };

  // The name of an isolate as a button that selects it.
  const isolateButton = (isolate, text) => {
    const made = button(text, (event) => {
      event.stopPropagation();
      selection.click(isolate, event);
    });
    made.className = "isolate";
    made.title = text;
    made.dataset.isolate = isolate;
    made.setAttribute("aria-pressed", String(selection.has(isolate)));
    return made;
  };
  const cellContent = (each, value) => {
    const isolate = each.isolate?.(value);
    const text = each.show(value);
    if (isolate === undefined) return document.createTextNode(text);
    const made = isolateButton(isolate, text);
    made.tabIndex = -1; // the rows are one stop of the Tab key, else nobody gets past a long table
    return made;
  };
  const markButtons = (container) =>
    container
      .querySelectorAll("button.isolate")
      .forEach((each) =>
        each.setAttribute("aria-pressed", String(selection.has(Number(each.dataset.isolate)))),
      );
  // Select the isolates of a row; text that is being marked with the mouse is no click.
  const clickRow = (isolates, event) => {
    if (!isolates.length || String(window.getSelection())) return;
    if (isolates.length === 1) selection.click(isolates[0], event);
    else selection.set(isolates);
  };

  // What scrolls can be focused, so it must be the group of rows itself for a screen reader.
  const nameParts = (container) => {
    container.removeAttribute("aria-owns");
    container.querySelector(".tabulator-tableholder").setAttribute("role", "rowgroup");
    container.querySelector(".tabulator-table").setAttribute("role", "presentation");
  };
  // In the rows the arrow keys move from name to name, and Enter selects.
  const MOVES = { ArrowDown: [1, 0], ArrowUp: [-1, 0], ArrowRight: [0, 1], ArrowLeft: [0, -1] };
  const namesOf = (row) => [...row.querySelectorAll("button.isolate")];
  const beside = (rows, name, [down, right]) => {
    const row = name.closest(".tabulator-row");
    const at = namesOf(row).indexOf(name);
    if (!down) return namesOf(row)[at + right];
    const named = rows.filter((each) => namesOf(each).length);
    const next = named[named.indexOf(row) + down];
    return next && namesOf(next)[at];
  };
  const listenToKeys = (holder) => {
    holder.setAttribute("aria-label", "Rows: arrow keys move between isolates, Enter selects");
    holder.addEventListener("keydown", (event) => {
      if (!(event.key in MOVES)) return;
      const rows = [...holder.querySelectorAll(".tabulator-row")];
      const top = holder.getBoundingClientRect().top;
      const isShown = (row) => row.getBoundingClientRect().top >= top;
      const first = rows.find((row) => isShown(row) && namesOf(row).length);
      const name = event.target.closest("button.isolate");
      const next = name ? beside(rows, name, MOVES[event.key]) : first && namesOf(first)[0];
      if (!next) return;
      event.preventDefault();
      next.focus();
    });
  };
  // Make a table in a container. `isolatesOf` gives the isolates of a row, `picked` whether it is
  // highlighted, `css` a class of ours.
  const make = (container, { columns, rows, sort, isolatesOf, picked, css, counted }) => {
    const shown = new Map();
    const markRow = (node, row) => node.classList.toggle("picked", picked(row));
    const table = new Tabulator(container, {
      data: rows,
      layout: "fitDataFill",
      maxHeight: TALLEST_TABLE,
      renderVerticalBuffer: 300,
      initialSort: sort ? [sort] : [],
      placeholder: element("span", { text: "No row." }),
      columnDefaults: { maxInitialWidth: WIDEST_COLUMN, headerTooltip: false, tooltip: false },
      columns: columns.map((each) => ({
        // Tabulator takes a title for markup; the formatter makes an element of it.
        title: "",
        titleFormatter: () => element("button", { type: "button", css: "sort", text: each.title }),
        field: each.field,
        sorter: sorter(each.order),
        hozAlign: each.number ? "right" : "left",
        headerHozAlign: each.number ? "right" : "left",
        formatter: (cell) => cellContent(each, cell.getValue()),
      })),
      rowFormatter: (made) => {
        const node = made.getElement();
        const row = made.getData();
        if (css(row)) node.classList.add(css(row));
        shown.set(node, row);
        markRow(node, row);
      },
    });
    table.on("rowClick", (event, made) => clickRow(isolatesOf(made.getData()), event));
    table.on("tableBuilt", () => {
      // Rows are measured before columns have their widths: once more, now that they have.
      table.redraw(true);
      nameParts(container);
      if (columns.some((each) => each.isolate))
        listenToKeys(container.querySelector(".tabulator-tableholder"));
    });
    table.on("dataFiltered", (filters, left) => counted(left.length));
    selection.listen(() => {
      shown.forEach((row, node) => (node.isConnected ? markRow(node, row) : shown.delete(node)));
      markButtons(container);
    });
    return table;
  };

  return {
    column,
    numberOf,
    compare,
    asTsv,
    asPasted,
    asCsv,
    savers,
    isolateButton,
    markButtons,
    clickRow,
    make,
  };
})();
