"use strict";
// The data of the report, and questions to it. Isolates and references are numbered in the order
// of the tree; every view speaks of them by this number, never by name.
const oneclone = {};

oneclone.data = JSON.parse(document.getElementById("data").textContent);

// Distances of the isolates that are compared, each with each: of all, or in a large run of the
// cases and those nearest to them.
oneclone.distances = (() => {
  const { count, snps, raw, callable } = oneclone.data.distances;
  const NOT_ASSESSABLE = -1;
  const compared = oneclone.data.compared ?? d3.range(count);
  const placeOf = new Int32Array(oneclone.data.isolates.length).fill(-1);
  compared.forEach((isolate, place) => (placeOf[isolate] = place));

  // Numbers of the upper triangle, row by row, as 32-bit integers in little-endian order.
  const unpacked = (text) => {
    const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
    const view = new DataView(bytes.buffer);
    return Int32Array.from({ length: bytes.length / 4 }, (_, k) => view.getInt32(4 * k, true));
  };
  const columns = { snps: unpacked(snps), raw: unpacked(raw), callable: unpacked(callable) };
  const place = (i, j) => (i < j ? (i * (2 * count - i - 1)) / 2 + j - i - 1 : place(j, i));

  // The pair of two different isolates that are compared; snps and raw are null when it is not
  // assessable.
  const pair = (i, j) => {
    const k = place(placeOf[i], placeOf[j]);
    const known = columns.snps[k] !== NOT_ASSESSABLE;
    return {
      snps: known ? columns.snps[k] : null,
      raw: known ? columns.raw[k] : null,
      callable: columns.callable[k],
    };
  };
  // SNPs of two isolates: 0 for one with itself, null when not assessable.
  const snpsOf = (i, j) => (i === j ? 0 : pair(i, j).snps);

  // The nearest others of an isolate, those that cannot be assessed left out.
  const nearest = (i, most) =>
    compared
      .filter((j) => j !== i && snpsOf(i, j) !== null)
      .sort((a, b) => snpsOf(i, a) - snpsOf(i, b) || a - b)
      .slice(0, most);

  return { compared, has: (isolate) => placeOf[isolate] >= 0, pair, snpsOf, nearest };
})();

oneclone.words = (() => {
  const thin = "\u202f";
  const number = (value) => String(value).replace(/\B(?=(\d{3})+(?!\d))/g, thin);
  const counted = (count, noun) => `${number(count)} ${noun}${count === 1 ? "" : "s"}`;
  const snps = (value) => (value === null ? "not assessable" : counted(value, "SNP"));
  const megabases = (bases) => `${(bases / 1e6).toFixed(2)} Mb`;
  return { number, counted, snps, megabases };
})();
