"use strict";
// Clinics and the distances between them as words: beside the map, or instead of it.
oneclone.clinicTables = (() => {
  const { element, button } = oneclone.page;
  const { counted } = oneclone.words;
  const { clinics, selection } = oneclone;
  const { isolates } = oneclone.data;
  const MOST_OPEN = 12;

  const cell = (content) => element("td", {}, content);
  const table = (titles, rows) => {
    const head = element("tr", {}, ...titles.map((text) => element("th", { scope: "col", text })));
    const body = rows.map((cells) => element("tr", {}, ...cells.map(cell)));
    const made = element("table", {}, element("thead", {}, head), element("tbody", {}, ...body));
    return element("div", { css: "scroll low" }, made);
  };
  // A long table is folded; what it is about and how long it is can always be seen.
  const foldable = (title, rows, made) => {
    const summary = element("summary", { text: title });
    const details = element("details", { css: "places" }, summary, made);
    details.open = rows.length <= MOST_OPEN;
    return details;
  };

  const named = (clinic) => {
    if (!clinic.isolates.length) return clinics.title(clinic);
    const select = () => selection.set(clinic.isolates);
    return button(clinics.title(clinic), select, "Select its isolates");
  };
  const typed = ({ place }) =>
    place ? `${place[0].toFixed(2)}, ${place[1].toFixed(2)}` : "no coordinates typed";
  const listed = () => {
    const rows = clinics.all.map((each) => [named(each), clinics.contents(each), typed(each)]);
    const made = table(["Clinic", "Isolates", "Latitude, longitude"], rows);
    // One clinic may have been typed with two places, then it has two rows.
    return foldable(`Clinics by name and place: ${rows.length}`, rows, made);
  };

  // Distances between clinics of cases; without cases between all.
  const apart = () => {
    const ofCases = clinics.all.filter(clinics.hasCase);
    const others = clinics.areMany ? [] : clinics.all;
    const pairs = clinics.pairs(ofCases.length ? ofCases : others);
    pairs.sort((a, b) => a.km - b.km);
    const rows = pairs.map((pair) => [
      clinics.title(pair.a),
      clinics.title(pair.b),
      clinics.distanceText(pair.km),
      pair.clones.join(", "),
    ]);
    const whose = ofCases.length ? "clinics of cases" : "clinics";
    const titles = ["Clinic", "Clinic", "Distance", "Clone in both"];
    const title = `Distances between ${whose}: ${counted(rows.length, "pair")}`;
    return rows.length ? [foldable(title, rows, table(titles, rows))] : [];
  };

  const nowhere = () => {
    const count = isolates.filter(
      (row) => row.role !== "reference" && !row.clinic && !row.place,
    ).length;
    const text = `${counted(count, "used isolate")} without clinic and coordinates.`;
    return count ? [element("p", { css: "note", text })] : [];
  };
  return () => [...(clinics.all.length ? [listed()] : []), ...apart(), ...nowhere()];
})();
