"use strict";
// What the marks of a tree mean: shapes of roles, and dots of support.
oneclone.treeKey = (known) => {
  const { element } = oneclone.page;
  const { data, colours } = oneclone;
  const sign = (path, css) => {
    const made = d3.create("svg").attr("viewBox", "-7 -7 14 14").attr("aria-hidden", "true");
    made.append("path").attr("d", path).attr("class", css);
    return made.node();
  };
  const shapes = data.roles.map(({ name }) => [
    name,
    data.isolates.findIndex(({ role }) => role === name),
  ]);
  const dot = d3.symbol(d3.symbolCircle, 32)();
  const made = element("div", { css: "key tree-key" });
  shapes
    .filter(([, isolate]) => isolate >= 0)
    .forEach(([name, isolate]) =>
      made.append(element("span", {}, sign(colours.markOf(isolate, 60), "shape"), name)),
    );
  if (known.some(({ supported }) => supported !== null))
    made.append(
      element("span", {}, sign(dot, "support full"), "supported"),
      element("span", {}, sign(dot, "support hollow"), "not supported"),
    );
  return made;
};
