"use strict";
// Clinics: isolates of one name at one place, and how far apart they are.
oneclone.clinics = (() => {
  const { isolates, unused } = oneclone.data;
  const { counted } = oneclone.words;
  const stored = document.getElementById("atlas");
  const MANY = 150;
  const atlas = stored && JSON.parse(stored.textContent);

  // A clinic has a name, or a place, or both; rows that took no part are kept apart.
  const grouped = () => {
    const groups = new Map();
    const groupOf = (row) => {
      const key = JSON.stringify([row.clinic, row.place]);
      if (!groups.has(key))
        groups.set(key, { name: row.clinic, place: row.place, isolates: [], unused: [] });
      return groups.get(key);
    };
    const located = (row) => row.role !== "reference" && (row.clinic || row.place);
    isolates.forEach((row, i) => located(row) && groupOf(row).isolates.push(i));
    unused.filter(located).forEach((row) => groupOf(row).unused.push(row));
    return [...groups.values()];
  };
  const casesOf = (clinic) => clinic.isolates.filter((i) => isolates[i].role === "case").length;
  const hasCase = (clinic) =>
    casesOf(clinic) > 0 || clinic.unused.some((row) => row.role === "case");
  const all = grouped().sort(
    (a, b) => hasCase(b) - hasCase(a) || d3.ascending(a.name === "", b.name === "") ||
      d3.ascending(a.name, b.name),
  );

  const title = (clinic) => clinic.name || "clinic unknown";
  // What a clinic has, in words.
  const contents = (clinic) => {
    const cases = counted(casesOf(clinic), "case");
    const used = `${counted(clinic.isolates.length, "isolate")} (${cases})`;
    const states = d3.rollup(clinic.unused, (rows) => rows.length, (row) => row.state);
    return [used, ...[...states].map(([state, count]) => `${count} ${state}`)].join(", ");
  };

  const directed = ([latitude, longitude]) => [longitude, latitude];
  const km = (a, b) =>
    atlas.earthRadiusKm * d3.geoDistance(directed(a.place), directed(b.place));
  const distanceText = (kilometres) =>
    `${kilometres.toFixed(0)} km (${(kilometres / atlas.kmPerMile).toFixed(0)} mi)`;
  // Clones of which two clinics both have isolates.
  const clonesOf = new Map(
    all.map((clinic) => [clinic, new Set(clinic.isolates.map((i) => isolates[i].clone))]),
  );
  const shared = (a, b) => {
    const others = clonesOf.get(b);
    return [...clonesOf.get(a)].filter((clone) => clone && others.has(clone));
  };
  // Of very many clinics the lines would hide the map, and their pairs fill no table.
  const areMany = all.length > MANY;
  const ofCases = new Set(isolates.flatMap(({ role, clone }) => (role === "case" ? [clone] : [])));
  const hasCloneOfCase = (clinic) =>
    [...clonesOf.get(clinic)].some((clone) => clone && ofCases.has(clone));
  // Pairs of clinics with places; two places of one clinic are not two clinics.
  const pairs = (chosen) =>
    chosen
      .filter((clinic) => clinic.place)
      .flatMap((a, k, located) => located.slice(k + 1).map((b) => ({ a, b })))
      .filter(({ a, b }) => a.name !== b.name || !a.name)
      .map(({ a, b }) => ({ a, b, km: km(a, b), clones: shared(a, b) }));

  return {
    atlas,
    all,
    areMany,
    hasCase,
    hasCloneOfCase,
    title,
    contents,
    directed,
    distanceText,
    pairs,
  };
})();
