"use strict";
// Colours of isolates: by role, or by what the reader chose; shapes are always those of the role,
// so that nothing is told by colour alone.
oneclone.colours = (() => {
  const { isolates, roles, categories, categoryColours, otherColour } = oneclone.data;
  const listeners = [];
  let chosen = "role";

  const valuesOf = (category) => {
    const counts = d3.rollup(isolates, (each) => each.length, (each) => each[category] || "");
    return [...counts.entries()]
      .filter(([value]) => value !== "")
      .sort((a, b) => b[1] - a[1] || d3.ascending(a[0], b[0]))
      .map(([value]) => value);
  };
  const scales = new Map(
    Object.keys(categories).map((category) => {
      const colours = new Map();
      if (category === "role") roles.forEach((role) => colours.set(role.name, role.colour));
      else
        valuesOf(category)
          .slice(0, categoryColours.length)
          .forEach((value, k) => colours.set(value, categoryColours[k]));
      return [category, colours];
    }),
  );
  const roleOf = new Map(roles.map((role) => [role.name, role]));
  const colourOf = (isolate) => scales.get(chosen).get(isolates[isolate][chosen]) ?? otherColour;

  // Rows of the legend: what is shown in which colour, and all else in one.
  const legend = () => {
    const shown = scales.get(chosen);
    const present = new Set(isolates.map((each) => each[chosen] || ""));
    const rows = [...shown].filter(([value]) => present.has(value));
    const others = [...present].filter((value) => value !== "" && !shown.has(value)).length;
    const entries = rows.map(([label, colour]) => ({ label, colour }));
    if (others) entries.push({ label: `${others} others`, colour: otherColour });
    if (present.has("")) entries.push({ label: "none or unknown", colour: otherColour });
    return entries;
  };
  // An equilateral triangle that points to the right, of the given area, around the origin.
  const triangleRight = {
    draw: (path, area) => {
      const near = Math.sqrt(area / (3 * Math.sqrt(3)));
      path.moveTo(2 * near, 0);
      path.lineTo(-near, Math.sqrt(3) * near);
      path.lineTo(-near, -Math.sqrt(3) * near);
      path.closePath();
    },
  };
  const SYMBOLS = {
    circle: d3.symbolCircle,
    diamond: d3.symbolDiamond,
    square: d3.symbolSquare,
    "triangle-right": triangleRight,
  };

  return {
    colourOf,
    legend,
    chosen: () => chosen,
    // The path of an isolate's mark, of an area in square pixels, around the origin.
    markOf: (isolate, area) =>
      d3.symbol(SYMBOLS[roleOf.get(isolates[isolate].role).shape], area)(),
    choose: (category) => {
      chosen = category;
      listeners.forEach((listener) => listener());
    },
    listen: (listener) => listeners.push(listener),
  };
})();
