"use strict";
// Trees as they are read, laid out and counted. Nothing is drawn here.
oneclone.trees = (() => {
  const { isolates } = oneclone.data;

  // Read Newick: labels of tips are numbers of isolates, labels of inner nodes are support.
  const read = (newick) => {
    const root = {};
    const open = [];
    const childOf = (parent) => {
      const child = {};
      (parent.children ??= []).push(child);
      return child;
    };
    let node = root;
    newick.match(/[(),;]|[^(),;]+/g).forEach((token) => {
      if (token === "(") {
        open.push(node);
        node = childOf(node);
      } else if (token === ",") node = childOf(open.at(-1));
      else if (token === ")") node = open.pop();
      else if (token !== ";") {
        const [label, length] = token.split(":");
        node.label = label === "" ? null : Number(label);
        node.snps = Math.max(0, Number(length) || 0);
      }
    });
    const tree = d3.hierarchy(root).count();
    let number = 0;
    tree.eachBefore((each) => {
      each.number = number;
      number += 1;
      each.isolate = each.children ? null : each.data.label;
      each.support = each.children ? each.data.label ?? null : null;
      each.snps = each.parent ? each.data.snps ?? 0 : 0;
    });
    tree.eachAfter((each) => {
      each.references = each.children
        ? d3.sum(each.children, (child) => child.references)
        : Number(isolates[each.isolate].role === "reference");
    });
    return tree;
  };

  // How far a branch reaches; a cladogram has no scale, its tips are in line.
  const SCALES = {
    log: {
      title: "SNPs, logarithmic",
      ruler: "SNPs of one branch (logarithmic)",
      length: (snps) => Math.log10(1 + snps),
    },
    linear: { title: "SNPs", ruler: "SNPs", length: (snps) => snps },
    none: { title: "not to scale", ruler: "", length: null },
  };

  // Rows of a collapsed clade: more for more isolates, but never many.
  const rowsOf = (node) => (node.children ? 1.4 + Math.min(2, Math.log10(node.value)) : 1);

  // Clades to collapse so that about `most` ends are left: the most diverse are open, and the way
  // to the tips to be kept; what is collapsed is tighter than all that is open.
  const overview = (tree, most, kept) => {
    const onWay = pathsTo(tree.leaves().filter((tip) => kept.has(tip.isolate)));
    tree.eachAfter((node) => {
      node.deep = d3.max(node.children ?? [], (child) => child.deep + child.snps) ?? 0;
    });
    const inner = nodes(tree).filter((node) => node.children);
    const ranked = d3.sort(inner, (a, b) => b.deep - a.deep || a.number - b.number);
    const open = new Set(inner.filter((node) => onWay.has(node)));
    let ends = d3.sum(open, (node) => node.children.length - 1) + 1;
    ranked.forEach((node) => {
      if (ends >= most || open.has(node)) return;
      open.add(node);
      ends += node.children.length - 1;
    });
    return new Set(inner.filter((node) => !open.has(node)));
  };

  // Give every node its place: `across` from the root, and if it is shown, its `row`. Returns the
  // number of rows, and the greatest `across`, which no collapsing changes.
  const place = (tree, scale, collapsed) => {
    const { length } = SCALES[scale];
    let rows = 0;
    tree.eachBefore((node) => {
      const above = node.parent;
      node.shown = !above || (above.shown && !collapsed.has(above));
      node.end = !node.children || collapsed.has(node);
      if (length) node.across = above ? above.across + length(node.snps) : 0;
      else node.across = tree.height - node.height;
      if (node.shown && node.end) {
        node.row = rows + rowsOf(node) / 2;
        rows += rowsOf(node);
      }
    });
    tree.eachAfter((node) => {
      if (node.shown && !node.end) node.row = (node.children[0].row + node.children.at(-1).row) / 2;
    });
    return { rows, far: d3.max(tree.descendants(), (node) => node.across) };
  };

  // Marks of the ruler, as SNPs of one branch: decades, or one round length.
  const rulerMarks = (scale, tree, far) => {
    const { length } = SCALES[scale];
    if (!length || far === 0) return [];
    if (scale === "linear") return [0, d3.tickStep(0, far, 4)];
    const longest = d3.max(tree.descendants(), (node) => node.snps);
    return [0, ...d3.range(9).map((power) => 10 ** power).filter((snps) => snps <= longest)];
  };

  // All nodes in the order in which they are read, from top to bottom.
  const nodes = (tree) => {
    const all = [];
    tree.eachBefore((node) => all.push(node));
    return all;
  };

  // The node itself, or the collapsed clade that hides it.
  const shownFor = (node) => node.ancestors().find((each) => each.shown);

  // Nodes from the root to tips, every node once.
  const pathsTo = (tips) => new Set(tips.flatMap((tip) => tip.ancestors()));

  // How many of what a clade holds: "12 isolates, 1 reference".
  const holds = ({ value, references }) =>
    [
      [value - references, "isolate"],
      [references, "reference"],
    ]
      .filter(([count]) => count)
      .map(([count, noun]) => oneclone.words.counted(count, noun))
      .join(", ");

  return { read, overview, place, nodes, rulerMarks, shownFor, pathsTo, holds, SCALES };
})();
