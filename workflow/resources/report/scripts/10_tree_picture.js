"use strict";
// The picture of a tree in an SVG element: drawn anew when the layout changes, marked when only
// the selection does.
oneclone.treePicture = (() => {
  const { isolates, categories } = oneclone.data;
  const { trees, colours, selection, words } = oneclone;
  const TOP = 40;
  const BOTTOM = 12;
  const SIDE = 14;
  const GAP = 16;
  const LEAST_PLOT = 130;
  const WIDE = 700; // from here on there is room for columns
  const LABEL = { wide: 230, narrow: 150 };
  const COLUMN = 150;
  const LABELLED_ROW = 10; // lower rows hold no text
  const LEAST_LABELLED_SNPS = 0.5;
  const RULER_GAP = 30;
  const MANY = 2500; // nodes; of more only those are drawn that can be seen

  const { widthOf, fitted } = oneclone.drawing;
  const LARGEST_FONT = 12;

  // Branch lengths are estimates, so that few SNPs have a decimal.
  const rounded = (snps) => Number(snps.toFixed(snps < 10 ? 1 : 0));
  const branchWords = (node) => (node.parent ? `Branch: ${words.snps(rounded(node.snps))}` : "");
  const supportWords = (node, supported) =>
    node.support === null || supported === null || !node.parent
      ? ""
      : `Support ${node.support}${node.support < supported ? `, less than ${supported}` : ""}`;

  // Lines that say what a node is.
  const lines = (node, supported) => {
    if (node.children)
      return [`Clade of ${trees.holds(node)}`, supportWords(node, supported), branchWords(node)]
        .filter(Boolean);
    const each = isolates[node.isolate];
    const about = [each.role, each.patient, each.clinic, each.date, each.clone];
    return [each.name, about.filter(Boolean).join(" · "), branchWords(node)].filter(Boolean);
  };

  // The columns beside the names: the chosen category, clinic and clone, two at most.
  const columnsOf = (tips, font) =>
    [...new Set([colours.chosen(), "clinic", "clone"])]
      .filter((name) => name !== "role" && name in categories)
      .filter((name) => tips.some((tip) => isolates[tip.isolate][name]))
      .slice(0, 2)
      .map((name) => {
        const texts = [categories[name], ...tips.map((tip) => isolates[tip.isolate][name] || "")];
        const longest = d3.max(texts, (text) => widthOf(text, font));
        return { name, width: Math.min(COLUMN, longest) };
      });

  // Pixels of everything: the plot is as wide as the longest names at their places allow.
  const measured = (tree, { width, row, stretch, scale, collapsed }) => {
    const font = Math.min(LARGEST_FONT, row - 1);
    const { rows, far } = trees.place(tree, scale, collapsed);
    const tips = tree.leaves();
    const columns = width < WIDE || row < LABELLED_ROW ? [] : columnsOf(tips, font);
    const most = width < WIDE ? Math.min(LABEL.narrow, width * 0.45) : LABEL.wide;
    const named = row < LABELLED_ROW ? [] : tips;
    const shownName = (tip) => fitted(isolates[tip.isolate].name, font, most);
    const labels = new Map(named.map((tip) => [tip, shownName(tip)]));
    const reach = (tip) => (row < LABELLED_ROW ? 0 : widthOf(labels.get(tip), font) + 14);
    const room = width - 2 * SIDE - d3.sum(columns, (column) => column.width + GAP);
    const fitting = d3.min(tips, (tip) => (room - reach(tip)) / (tip.across / far));
    const plot = Math.max(LEAST_PLOT, fitting ?? 0) * stretch;
    const x = (across) => SIDE + (far ? (across / far) * plot : 0);
    tree.each((node) => {
      node.px = x(node.across);
      node.py = TOP + (node.row ?? 0) * row;
    });
    let right = d3.max(tips, (tip) => tip.px + reach(tip));
    columns.forEach((column) => {
      column.x = right + GAP;
      right = column.x + column.width;
    });
    const whole = { width: Math.max(width, right + SIDE), height: TOP + rows * row + BOTTOM };
    return { x, font, row, columns, labels, far, ...whole };
  };

  const elbow = (node) => `M${node.parent.px},${node.parent.py}V${node.py}H${node.px}`;

  // Marks with room for their numbers; the first and the last are always among them.
  const withRoom = (marks) => {
    const [first, ...others] = marks;
    const last = others.pop();
    const kept = [first];
    others.forEach((mark) => {
      const free = mark.at - kept.at(-1).at >= RULER_GAP && last.at - mark.at >= RULER_GAP;
      if (free) kept.push(mark);
    });
    return [...kept, last];
  };
  const drawRuler = (svg, tree, scale, { x, far }) => {
    const { length, ruler: title } = trees.SCALES[scale];
    const ruler = svg.append("g").attr("class", "ruler").attr("transform", "translate(0,28)");
    const said = ruler.append("text").attr("class", "title").attr("y", 3).attr("x", SIDE);
    const all = trees.rulerMarks(scale, tree, far);
    if (all.length < 2) return said.text(length ? "No branch has a SNP" : "");
    const marks = withRoom(all.map((snps) => ({ snps, at: x(length(snps)) })));
    const end = marks.at(-1).at;
    ruler.append("path").attr("d", `M${marks[0].at},0H${end}`);
    const mark = ruler.selectAll("g").data(marks).join("g");
    mark.attr("transform", ({ at }) => `translate(${at},0)`);
    mark.append("path").attr("d", "M0,-3V3");
    mark.append("text").attr("y", -6).text(({ snps }) => words.number(snps));
    return said.attr("x", end + 16).text(title);
  };

  const drawHeads = (svg, { columns, font }) =>
    svg
      .append("g")
      .attr("class", "heads")
      .selectAll("text")
      .data(columns)
      .join("text")
      .attr("x", (column) => column.x)
      .attr("y", 24)
      .text((column) => fitted(categories[column.name], font, column.width));

  const drawNumbers = (svg, nodes) =>
    svg
      .insert("g", ".active")
      .attr("class", "numbers")
      .selectAll("text")
      .data(nodes.filter((node) => node.parent && node.snps >= LEAST_LABELLED_SNPS))
      .join("text")
      .filter((node) => node.px - node.parent.px > words.number(rounded(node.snps)).length * 5 + 8)
      .attr("x", (node) => (node.px + node.parent.px) / 2)
      .attr("y", (node) => node.py - 3)
      .text((node) => words.number(rounded(node.snps)));

  // Texts are for the eye: the label of the mark beside them says the same, and in full.
  const writing = (nodes, css) =>
    nodes.append("text").attr("class", css).attr("y", "0.35em").attr("aria-hidden", "true");
  const drawTips = (tips, { row, font, columns, labels }) => {
    const area = Math.max(10, Math.min(45, row * row * 0.35));
    tips
      .classed("reference", (node) => isolates[node.isolate].role === "reference")
      .append("path")
      .attr("class", "mark")
      .attr("d", (node) => colours.markOf(node.isolate, area))
      .attr("fill", (node) => colours.colourOf(node.isolate));
    writing(tips, "name")
      .attr("x", 9)
      .text((node) => labels.get(node));
    columns.forEach(({ name, x, width }) =>
      writing(tips.filter((node) => isolates[node.isolate][name]), "column")
        .attr("x", (node) => x - node.px)
        .text((node) => fitted(isolates[node.isolate][name], font, width)),
    );
    if (!columns.length) return;
    tips
      .append("path")
      .attr("class", "guide")
      .attr("d", (node) => {
        const last = columns.findLast(({ name }) => isolates[node.isolate][name]);
        const start = widthOf(labels.get(node), font) + 15;
        return last && columns[0].x - node.px - 5 > start
          ? `M${start},0H${columns[0].x - node.px - 5}`
          : null;
      });
  };

  const drawForks = (forks, supported, row) => {
    const said = forks.filter(
      (node) => node.parent && node.support !== null && supported !== null,
    );
    said
      .append("circle")
      .attr("class", (node) => (node.support >= supported ? "support full" : "support hollow"))
      .attr("r", Math.min(3.2, row * 0.3));
    forks.append("circle").attr("class", "fork hit").attr("r", Math.min(9, Math.max(3, row / 2)));
  };

  const drawClades = (clades, row) => {
    clades
      .append("path")
      .attr("class", "clade")
      .attr("d", (node) => {
        const half = Math.min(1.2, 0.35 + Math.log10(node.value) / 3) * row;
        const wide = Math.max(12, d3.max(node.leaves(), (tip) => tip.px) - node.px);
        node.reach = wide;
        return `M0,0L${wide},${-half}V${half}Z`;
      });
    writing(clades, "name").attr("x", (node) => node.reach + 6);
  };

  // What a picture of many nodes holds: those between two heights, and branches that pass there.
  const between = (shown, [top, bottom]) => {
    const passes = ({ py }, other) =>
      Math.min(py, other.py) <= bottom && Math.max(py, other.py) >= top;
    return shown.filter((node) => passes(node, node) || (node.parent && passes(node, node.parent)));
  };
  // Draw the nodes of a tree that lie between the two heights of `look.window`, or all when there
  // are few; returns whether some are left out.
  const fill = (element, tree, look, size) => {
    const svg = d3.select(element);
    const every = trees.nodes(tree).filter((node) => node.shown);
    const shown = look.window && every.length > MANY ? between(every, look.window) : every;
    svg.selectAll(".numbers, .nodes").remove();
    svg.select(".branches")
      .attr("d", shown.filter((node) => node.parent).map(elbow).join("") || null);
    if (look.numbers && look.row >= LABELLED_ROW) drawNumbers(svg, shown);
    const all = svg
      .insert("g", ".active")
      .attr("class", "nodes")
      .attr("role", "group")
      .selectAll("g")
      .data(shown)
      .join("g")
      .attr("class", "node")
      .attr("transform", (node) => `translate(${node.px},${node.py})`);
    all.filter((node) => node.parent).append("path").attr("class", "hit")
      .attr("d", (node) => `M${node.parent.px - node.px},0H0`);
    drawTips(all.filter((node) => !node.children), size);
    drawForks(all.filter((node) => !node.end), look.supported, look.row);
    drawClades(all.filter((node) => node.children && node.end), look.row);
    all
      .selectAll(".mark, .fork, .clade")
      .attr("id", (node) => `tree-${node.number}`)
      .attr("role", "treeitem")
      .attr("aria-level", (node) => node.depth + 1)
      .attr("aria-expanded", (node) => (node.children ? String(!node.end) : null))
      .attr("aria-label", (node) => lines(node, look.supported).join(", "));
    mark(element, tree);
    return shown.length < every.length;
  };

  // Draw a tree; `look` is width, row, stretch, scale, numbers, collapsed, supported and window.
  const draw = (element, tree, look) => {
    const size = measured(tree, look);
    const svg = d3.select(element);
    svg.selectAll("*").remove();
    svg
      .attr("viewBox", `0 0 ${size.width} ${size.height}`)
      .attr("width", size.width)
      .attr("height", size.height)
      .classed("dense", look.row < LABELLED_ROW)
      .style("font-size", `${size.font}px`);
    svg.append("path").attr("class", "branches");
    svg.append("path").attr("class", "picked-branches");
    drawRuler(svg, tree, look.scale, size);
    drawHeads(svg, size);
    svg.append("circle").attr("class", "active").attr("r", 10);
    return { ...size, isPart: fill(element, tree, look, size) };
  };

  // Mark what is selected: tips, collapsed clades that hold some, and the way to them.
  const mark = (element, tree) => {
    const svg = d3.select(element);
    const tips = tree.leaves().filter((tip) => selection.has(tip.isolate));
    const path = trees.pathsTo(tips);
    const held = d3.group(tips, trees.shownFor);
    const ways = [...path].filter((node) => node.parent && node.shown);
    svg.select(".picked-branches").attr("d", ways.map(elbow).join("") || null);
    svg
      .selectAll(".node")
      .classed("picked", (node) => node.end && path.has(node))
      .filter((node) => node.children && node.end)
      .select(".name")
      .text((node) => {
        const names = (held.get(node) ?? []).map((tip) => isolates[tip.isolate].name);
        const some = names.length > 1 ? `${names.length} selected` : names[0];
        const cut = fitted(some ?? "", LARGEST_FONT, LABEL.narrow);
        return [trees.holds(node), cut].filter(Boolean).join(" · ");
      });
    svg
      .selectAll("[role=treeitem]")
      .attr("aria-selected", (node) => String(node.end && path.has(node)));
    return tips;
  };

  return { draw, fill, mark, lines, TOP, BOTTOM };
})();
