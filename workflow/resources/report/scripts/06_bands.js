"use strict";
// Bands of SNP distances: their words, colours and lines, and what views say of a pair.
oneclone.bands = (() => {
  const { thresholds, steps, isolates } = oneclone.data;
  const { distances, words } = oneclone;
  const { linked, possible, unlinked } = thresholds;

  // Words of counts alone, from near to far: the verdict of a pair of cases weighs more than its
  // count.
  const WORDS = ["linked", "possible", "unlikely", "not linked", "not assessable"];
  const placeOf = (snps) => {
    if (snps === null) return WORDS.length - 1;
    const place = [linked, possible, unlinked].findIndex((limit) => snps <= limit);
    return place < 0 ? WORDS.length - 2 : place;
  };
  const wordOf = (snps) => WORDS[placeOf(snps)];
  const stepOf = (snps) => steps.find(({ limit }) => limit === null || snps <= limit);
  // Steps of the colour scale by the word of their band, from near to far.
  const groups = d3.groups(steps, ({ limit }) => wordOf(limit ?? Infinity));
  // The lines between bands, each above its number of SNPs.
  const cuts = [
    { snps: linked, text: `linked \u2264 ${words.number(linked)}` },
    { snps: possible, text: `possible \u2264 ${words.number(possible)}` },
    { snps: unlinked, text: `not linked > ${words.number(unlinked)}` },
  ];

  // Lines of a hint on two isolates.
  const pairLines = (a, b) => {
    const names = [isolates[a].name, isolates[b].name];
    if (a === b) return [names[0], "the same isolate"];
    const { snps, raw, callable } = distances.pair(a, b);
    const compared = `${words.megabases(callable)} compared`;
    if (snps === null) return [...names, "not assessable", compared];
    return [
      ...names,
      `${words.snps(snps)} (band: ${wordOf(snps)})`,
      `${words.number(raw)} raw, before the recombination filter`,
      compared,
    ];
  };

  // The steps of the scale under the words of their bands, a line between two bands.
  const legend = () => {
    const { element } = oneclone.page;
    const step = (colour, label) => {
      const swatch = element("i");
      if (colour) swatch.style.background = colour;
      else swatch.className = "hatched";
      return element("span", {}, swatch, label);
    };
    const band = (word, shown) =>
      element(
        "div",
        {},
        element("b", { text: word }),
        element("div", {}, ...shown.map(({ colour, label }) => step(colour, label))),
      );
    return element(
      "div",
      { css: "bands", role: "group", "aria-label": "SNPs, and the bands of the thresholds" },
      ...groups.map(([word, shown]) => band(word, shown)),
      band("not assessable", [{ label: "too few bases" }]),
    );
  };
  return { WORDS, placeOf, wordOf, stepOf, cuts, pairLines, legend };
})();
