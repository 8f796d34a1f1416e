"use strict";
// All pairs of isolates and references. Half a million of them are possible: rows are made only
// for those that pass the filters, and drawn only where the reader looks.
oneclone.page.view("pairs", (container) => {
  const { element } = oneclone.page;
  const { selection, tables, controls, words, distances } = oneclone;
  const { isolates } = oneclone.data;
  const { compared } = distances;
  const { WORDS, placeOf } = oneclone.bands;

  // Names in their order as a reader counts, so that no name is compared when rows are sorted.
  const ranks = [];
  [...compared]
    .sort((a, b) => tables.compare(isolates[a].name, isolates[b].name))
    .forEach((isolate, rank) => (ranks[isolate] = rank));

  // As in distances/pairs.tsv the lesser name of a pair is first, by code points: JavaScript itself
  // compares halves of them.
  const codes = isolates.map((each) => [...each.name].map((letter) => letter.codePointAt(0)));
  const lesser = (one, two) => {
    const differ = one.findIndex((code, k) => code !== two[k]);
    return differ < 0 ? one.length - two.length : one[differ] - (two[differ] ?? -1);
  };
  const places = [];
  [...compared]
    .sort((a, b) => lesser(codes[a], codes[b]))
    .forEach((isolate, place) => (places[isolate] = place));

  const state = { band: "", withCase: true, selectedOnly: false };
  const passing = () => {
    const isCase = isolates.map((each) => each.role === "case");
    const chosen = isolates.map((each, i) => selection.has(i));
    const rows = [];
    for (let k = 0; k < compared.length; k += 1)
      for (let l = k + 1; l < compared.length; l += 1) {
        const [i, j] = [compared[k], compared[l]];
        if (state.withCase && !isCase[i] && !isCase[j]) continue;
        if (state.selectedOnly && !chosen[i] && !chosen[j]) continue;
        const { snps, raw, callable } = distances.pair(i, j);
        const band = placeOf(snps);
        if (state.band !== "" && band !== Number(state.band)) continue;
        const [a, b] = places[i] < places[j] ? [i, j] : [j, i];
        rows.push({ a, b, snps, raw, callable, band });
      }
    return rows;
  };

  const isolateColumn = (title, field) =>
    tables.column(title, field, {
      show: (isolate) => isolates[isolate].name,
      plain: (isolate) => isolates[isolate].name,
      order: (isolate) => ranks[isolate],
      isolate: (isolate) => isolate,
    });
  const countColumn = (title, field) =>
    tables.column(title, field, {
      number: true,
      show: (count) => (count === null ? "" : words.number(count)),
    });
  const columns = [
    isolateColumn("Isolate", "a"),
    isolateColumn("Other isolate", "b"),
    countColumn("SNPs", "snps"),
    countColumn("Raw SNPs", "raw"),
    tables.column("Compared bp", "callable", { number: true, show: words.number }),
    tables.column("Band", "band", { show: (band) => WORDS[band], plain: (band) => WORDS[band] }),
  ];

  const total = (compared.length * (compared.length - 1)) / 2;
  const count = element("span", { css: "count", role: "status" });
  const place = element("div", { "aria-label": "Pairs" });
  const frame = element("div", { css: "tabled" });
  const said = "The pairs are in results/distances/pairs.tsv.";
  container.append(element("p", { css: "said only-print", text: said }), frame);

  const sayCount = (shown) =>
    (count.textContent = `${words.number(shown)} of ${words.number(total)} pairs`);
  const change = (changed) => {
    Object.assign(state, changed);
    made.replaceData(passing());
  };
  const bands = [["", "all"], ...WORDS.map((word, band) => [band, word])];
  frame.append(
    element(
      "div",
      { css: "controls" },
      controls.list("Band", bands, (band) => change({ band })),
      controls.check("With a case", state.withCase, (withCase) => change({ withCase })),
      controls.check("Selected only", state.selectedOnly, (selectedOnly) =>
        change({ selectedOnly }),
      ),
      count,
      ...tables.savers("pairs", columns, () => made.getData("active")),
    ),
    place,
  );
  const made = tables.make(place, {
    columns,
    rows: passing(),
    sort: { column: "snps", dir: "asc" },
    isolatesOf: (row) => [row.a, row.b],
    picked: (row) => selection.has(row.a) && selection.has(row.b),
    css: () => "",
    counted: sayCount,
  });
  selection.listen(() => state.selectedOnly && made.replaceData(passing()));
});
