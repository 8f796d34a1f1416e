"use strict";
// The map of clinics: an offline map, a mark per clinic, and distances inside of clones.
oneclone.map = (() => {
  const { element, button, saveSvg } = oneclone.page;
  const { counted } = oneclone.words;
  const { colours, selection, clinics, drawing, ground } = oneclone;
  const MOST_LABELLED_LINES = 10;
  const LETTER = 7;
  const LINE = 14;
  const LEAST_RADIUS = 5;
  const GREATEST_RADIUS = 22;
  const SHARED = 44; // pixels between marks of very many clinics

  // The area grows with the isolates; even a clinic without one can be seen.
  const radiusOf = (count) => Math.min(GREATEST_RADIUS, LEAST_RADIUS + 3 * Math.sqrt(count));
  // Very many clinics share marks with those near them, else most would stand where nobody is.
  const merged = (visible, projection) => {
    const groups = [];
    const size = (clinic) => clinic.isolates.length;
    d3.sort(visible, (a, b) => clinics.hasCase(b) - clinics.hasCase(a) || size(b) - size(a))
      .forEach((clinic) => {
        const at = projection(clinics.directed(clinic.place));
        const isNear = (group) =>
          clinics.hasCase(clinic) === clinics.hasCase(group.members[0]) &&
          Math.hypot(at[0] - group.at[0], at[1] - group.at[1]) < SHARED;
        const group = groups.find(isNear);
        if (group) group.members.push(clinic);
        else groups.push({ at, members: [clinic] });
      });
    return groups.map(({ members }) => ({
      name: (members.length > 1 ? `${members.length} clinics: ` : "") + clinics.title(members[0]),
      place: members[0].place,
      isolates: members.flatMap(({ isolates }) => isolates),
      unused: members.flatMap(({ unused }) => unused),
    }));
  };
  // Marks where they belong, moved apart as far as they would hide each other.
  const placed = (shown, projection) => {
    const marks = shown.map((clinic) => {
      const [x, y] = projection(clinics.directed(clinic.place));
      return { clinic, x, y, at: [x, y], radius: radiusOf(clinic.isolates.length) };
    });
    d3.forceSimulation(marks)
      .force("x", d3.forceX((mark) => mark.at[0]).strength(0.3))
      .force("y", d3.forceY((mark) => mark.at[1]).strength(0.3))
      .force("apart", d3.forceCollide((mark) => mark.radius + 1).iterations(3))
      .stop()
      .tick(120);
    return marks;
  };

  const ends = ({ a, b }) => [a, b].map((clinic) => clinics.directed(clinic.place));
  const drawLines = (svg, lines, projection) => {
    const path = d3.geoPath(projection);
    const paths = svg.append("g").attr("class", "apart").selectAll("path").data(lines).join("path");
    paths.attr("d", (line) => path({ type: "LineString", coordinates: ends(line) }));
    drawing.hinted(paths, (line) => [
      line.clones.join(", "),
      `${clinics.title(line.a)} to ${clinics.title(line.b)}`,
      clinics.distanceText(line.km),
    ]);
  };
  // Places of a distance on both sides of its line, the best first: at its middle, on the left.
  const besideLine = (line, projection, wide) => {
    const [[x1, y1], [x2, y2]] = ends(line).map(projection);
    const level = Math.abs(y2 - y1) < 20;
    const falling = (x2 - x1) * (y2 - y1) > 0;
    const side = (anchor, x, y, middle) => ({
      anchor,
      x,
      y,
      box: drawing.boxAround([middle, y], wide, LINE),
    });
    return [0.5, 0.4, 0.6, 0.3, 0.7].flatMap((part) => {
      const [x, y] = projection(d3.geoInterpolate(...ends(line))(part));
      if (level) return [side("middle", x, y + 20, x), side("middle", x, y - 20, x)];
      return [
        side("end", x - 6, falling ? y + 12 : y - 10, x - 6 - wide / 2),
        side("start", x + 6, falling ? y - 10 : y + 12, x + 6 + wide / 2),
      ];
    });
  };

  const select = (mark, event) => {
    const adding = event.ctrlKey || event.metaKey || event.shiftKey;
    selection.set(adding ? selection.all().concat(mark.clinic.isolates) : mark.clinic.isolates);
  };
  const slices = d3
    .pie()
    .value((part) => part.count)
    .sort(null);
  const paint = (marks) => {
    const parts = (mark) => {
      const counts = d3.rollup(mark.clinic.isolates, (each) => each.length, colours.colourOf);
      const shares = [...counts].map(([colour, count]) => ({ colour, count }));
      shares.sort((a, b) => b.count - a.count || d3.ascending(a.colour, b.colour));
      return slices(shares).map((slice) => ({ ...slice, radius: mark.radius }));
    };
    marks
      .select(".parts")
      .selectAll("path")
      .data(parts)
      .join("path")
      .attr("d", (slice) => d3.arc()({ ...slice, innerRadius: 0, outerRadius: slice.radius }))
      .attr("fill", (slice) => slice.data.colour);
  };
  // Names of clinics and distances, as far as one hides no mark and no text before it and is not
  // cut off; clinics of cases come first. The others are told by the hint and by the table.
  const drawTexts = (svg, marks, lines, projection, [width, height]) => {
    const taken = marks.map(({ x, y, radius }) =>
      drawing.boxAround([x, y], 2 * radius, 2 * radius),
    );
    const labelled = lines.length <= MOST_LABELLED_LINES ? lines : [];
    labelled.forEach((line) => {
      const way = d3.geoInterpolate(...ends(line));
      d3.range(0, 1, 0.02).forEach((part) =>
        taken.push(drawing.boxAround(projection(way(part)), 2, 2)),
      );
    });
    const inside = ({ x0, x1, y0, y1 }) => x0 > 0 && y0 > 0 && x1 < width && y1 < height;
    const written = [];
    const write = (css, text, sidesOf) => {
      const sides = sidesOf(LETTER * [...text].length);
      const side = sides.find(({ box }) => inside(box) && drawing.isFree(box, taken));
      if (!side) return;
      taken.push(side.box);
      written.push({ css, text, ...side });
    };
    marks.forEach(({ clinic, x, y, radius }) =>
      write("name", oneclone.controls.short(clinics.title(clinic)), (wide) =>
        drawing.sidesOf([x, y], radius + 4, wide, LINE),
      ),
    );
    labelled.forEach((line) =>
      write("distance", clinics.distanceText(line.km), (wide) =>
        besideLine(line, projection, wide),
      ),
    );
    svg
      .append("g")
      .attr("class", "names")
      .selectAll("text")
      .data(written)
      .join("text")
      .attr("class", ({ css }) => css)
      .attr("text-anchor", ({ anchor }) => anchor)
      .attr("x", ({ x }) => x)
      .attr("y", ({ y }) => y)
      .attr("dy", "0.35em")
      .text(({ text }) => text);
  };
  const drawMarks = (svg, marks) => {
    svg
      .append("g")
      .selectAll("path")
      .data(marks)
      .join("path")
      .attr("class", "leader")
      .attr("d", (mark) => `M${mark.at}L${mark.x},${mark.y}`);
    const groups = svg.append("g").selectAll("g").data(marks).join("g");
    groups
      .attr("class", (mark) => (mark.clinic.isolates.length ? "clinic" : "clinic unused"))
      .attr("transform", (mark) => `translate(${mark.x},${mark.y})`)
      .on("click", (event, mark) => select(mark, event));
    const about = ({ clinic }) => [clinics.title(clinic), clinics.contents(clinic)];
    drawing.hinted(groups, about);
    drawing.pressed(groups, (mark) => about(mark).join(": "), select);
    groups.append("g").attr("class", "parts");
    groups.append("circle").attr("r", (mark) => mark.radius);
    paint(groups);
    return groups;
  };
  const markSelected = (groups) =>
    groups.classed("picked", ({ clinic }) => clinic.isolates.some(selection.has));

  // Clinics inside of the picture; all are inside of the whole globe.
  const insideOf = (located, shown, projection, width, height) =>
    located.filter((clinic) => {
      const place = clinics.directed(clinic.place);
      const [x, y] = projection(place);
      if (ground.isWhole(shown)) return true;
      if (d3.geoDistance(shown.centre, place) > Math.PI / 2) return false;
      return x >= 0 && x <= width && y >= 0 && y <= height;
    });
  const drawMap = (picture, shown, width) => {
    const height = Math.round(Math.min(560, Math.max(260, 0.62 * width)));
    const located = clinics.all.filter((clinic) => clinic.place);
    const wanted = shown === clinics.atlas.all ? located : located.filter(clinics.hasCase);
    const points = wanted.map((clinic) => clinics.directed(clinic.place));
    const projection = ground.projectionOf(shown, points, width, height);
    const visible = insideOf(located, shown, projection, width, height);
    const label = `Map of ${counted(visible.length, "clinic")}.`;
    const svg = drawing.svg("map", width, height, label);
    ground.drawGround(svg, projection, shown.topology, shown.radiusKm);
    const many = clinics.areMany;
    const joined = many ? visible.filter(clinics.hasCloneOfCase) : visible;
    const lines = clinics.pairs(joined).filter((pair) => pair.clones.length);
    const marks = placed(many ? merged(visible, projection) : visible, projection);
    drawLines(svg, lines, projection);
    const groups = drawMarks(svg, marks);
    drawTexts(svg, marks, lines, projection, [width, height]);
    ground.drawScale(svg, projection, width, height);
    const hidden = located.length - visible.length;
    const idle = visible.some(({ isolates }) => !isolates.length);
    const said = [
      hidden ? `${counted(hidden, "clinic")} outside of this map.` : "",
      many ? "Clinics near each other share a mark; lines are those of clones with a case." : "",
      idle ? "Dashed: a clinic whose isolates took no part, see the ledger." : "",
    ];
    const note = element("p", { css: "note", text: said.filter(Boolean).join(" ") });
    picture.replaceChildren(svg.node(), note);
    markSelected(groups);
    return groups;
  };

  oneclone.page.view("map", (container) => {
    const { atlas } = clinics;
    if (atlas) {
      const picture = element("div", { css: "scroll" });
      const controls = element("div", { css: "controls" });
      container.append(controls, picture);
      const width = Math.min(900, container.clientWidth);
      let groups;
      const show = (shown) => (groups = drawMap(picture, shown, width));
      if (atlas.cases && atlas.all)
        controls.append(
          oneclone.controls.choice("Around", { cases: "Cases", all: "All isolates" }, (name) =>
            show(atlas[name]),
          ),
        );
      controls.append(button("Save picture", () => saveSvg(container, "map.svg")));
      show(atlas.cases ?? atlas.all);
      selection.listen(() => markSelected(groups));
      colours.listen(() => paint(groups));
    }
    container.append(...oneclone.clinicTables());
  });
})();
