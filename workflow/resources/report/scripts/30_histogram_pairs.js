"use strict";
// Pairs of the histogram: cases with cases, cases with background, background with background.
oneclone.histogram = (() => {
  const { isolates, thresholds } = oneclone.data;
  const { distances, words } = oneclone;
  const background = new Set(oneclone.data.background);
  const BINS_PER_DECADE = 12;
  const LEAST_TOP = 1000;
  const [BETWEEN_CASES, TO_BACKGROUND, IN_BACKGROUND] = [0, 1, 2];
  const KINDS = [
    { title: "Case and case, two patients", css: "cases" },
    { title: "Case and background", css: "across" },
    { title: "Background and background", css: "among" },
  ];

  // Which kind a pair is; none when a source, an isolate that was set aside, or only one patient
  // is in it.
  const isCase = (i) => isolates[i].role === "case";
  const kindOf = (a, b) => {
    if (isCase(a) && isCase(b))
      return isolates[a].patient === isolates[b].patient ? null : BETWEEN_CASES;
    if (background.has(a) && background.has(b)) return IN_BACKGROUND;
    const across = (isCase(a) && background.has(b)) || (background.has(a) && isCase(b));
    return across ? TO_BACKGROUND : null;
  };

  // Bins of whole SNPs, each about as wide on the axis; none straddles a threshold.
  const binsUpTo = (top) => {
    const ends = Object.values(thresholds);
    const found = [];
    for (let low = 0; low <= top; low = found.at(-1).high + 1) {
      const wide = Math.ceil((low + 1) * 10 ** (1 / BINS_PER_DECADE)) - 2;
      const cut = d3.min(ends.filter((end) => end >= low)) ?? Infinity;
      found.push({ low, high: Math.min(Math.max(low, wide), cut) });
    }
    return found;
  };
  const filled = (bins, pairs) => {
    const lows = bins.map(({ low }) => low);
    const found = bins.map((bin) => ({ ...bin, pairs: [] }));
    pairs.forEach((pair) => found[d3.bisectRight(lows, pair.snps) - 1].pairs.push(pair));
    return found.filter((bin) => bin.pairs.length);
  };

  // Panels of the histogram, the end of its axis, and how many pairs belong to no panel.
  const collect = () => {
    const panels = KINDS.map((kind) => ({ ...kind, pairs: [], missing: 0 }));
    let others = 0;
    const { compared } = distances;
    for (let k = 0; k < compared.length; k += 1)
      for (let l = k + 1; l < compared.length; l += 1) {
        const [a, b] = [compared[k], compared[l]];
        const kind = kindOf(a, b);
        const snps = distances.snpsOf(a, b);
        if (kind === null) others += 1;
        else if (snps === null) panels[kind].missing += 1;
        else panels[kind].pairs.push({ a, b, snps });
      }
    const greatest = d3.max(panels, ({ pairs }) => d3.max(pairs, ({ snps }) => snps));
    const top = Math.max(LEAST_TOP, greatest ?? 0);
    const bins = binsUpTo(top);
    panels.forEach((panel) => {
      panel.total = panel.pairs.length + panel.missing;
      panel.bins = filled(bins, panel.pairs);
      panel.most = d3.max(panel.bins, ({ pairs }) => pairs.length) ?? 1;
    });
    return { panels, top, others };
  };

  const counted = (count) => words.counted(count, "pair");
  const span = (low, high) =>
    low === high ? words.snps(low) : `${words.number(low)} to ${words.snps(high)}`;
  const countOf = ({ total, missing }) =>
    (total ? counted(total) : "none") +
    (missing ? `, ${words.number(missing)} not assessable` : "");
  const rangeOf = ({ pairs }) =>
    pairs.length ? `: ${span(...d3.extent(pairs, ({ snps }) => snps))}` : "";
  // Lines of a hint on a bar: how many of how many.
  const lines = (panel, { low, high, pairs }) => [
    span(low, high),
    `${words.number(pairs.length)} of ${counted(panel.total)}`,
    panel.title,
  ];
  return { collect, counted, countOf, rangeOf, lines };
})();
