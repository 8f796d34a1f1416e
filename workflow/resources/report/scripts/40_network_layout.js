"use strict";
// Places of the spanning tree: first a tree around its middle without crossings, then forces that
// use the room. No chance is in it, so that the same data give the same picture.
oneclone.network = (() => {
  const { isolates, spanningTree: edges } = oneclone.data;
  const MARK = 7; // radius of a mark
  const RING = 5;
  const SHORTEST = 20;
  const PER_DECADE = 30;
  const LEAST_TICKS = 40;
  const MOST_TICKS = 300;
  const TICKS_BY_NODES = 15_000;
  const GOLDEN = Math.PI * (3 - Math.sqrt(5));

  const nodes = oneclone.distances.compared.filter((i) => isolates[i].role !== "reference");
  // Lengths follow the logarithm; the number at a line is the true one.
  const lengthOf = (snps) => SHORTEST + PER_DECADE * Math.log10(snps + 1);
  const radiusOf = (count) => (count === 1 ? MARK : MARK * 1.35 * Math.sqrt(count) + RING);

  // Isolates that are joined by lines of 0 SNPs stand together.
  const groupsOf = () => {
    const next = new Map(nodes.map((i) => [i, []]));
    edges
      .filter(({ snps }) => !snps)
      .forEach(({ a, b }) => {
        next.get(a).push(b);
        next.get(b).push(a);
      });
    const groupOf = new Map();
    const groups = [];
    nodes.forEach((i) => {
      if (groupOf.has(i)) return;
      const group = { members: [], near: [], radius: MARK, x: 0, y: 0 };
      const waiting = [i];
      groupOf.set(i, group);
      while (waiting.length) {
        const at = waiting.pop();
        group.members.push(at);
        const others = next.get(at).filter((j) => !groupOf.has(j));
        others.forEach((j) => groupOf.set(j, group));
        waiting.push(...others);
      }
      group.members.sort((a, b) => a - b);
      group.radius = radiusOf(group.members.length);
      groups.push(group);
    });
    return { groups, groupOf };
  };

  // Groups below a root in the order of a walk, each with its parent and its number of ends.
  const walk = (root) => {
    const found = [];
    const waiting = [{ group: root, parent: null, length: 0 }];
    while (waiting.length) {
      const step = waiting.pop();
      step.children = step.group.near
        .filter(({ group }) => group !== step.parent?.group)
        .map(({ group, length }) => ({ group, parent: step, length }));
      found.push(step);
      waiting.push(...step.children);
    }
    [...found].reverse().forEach((step) => {
      step.ends = d3.sum(step.children, ({ ends }) => ends) || 1;
    });
    return found;
  };
  // Each part gets an angle after its number of ends: lines of one tree do not cross.
  const spread = (steps, from, to) => {
    Object.assign(steps[0], { from, to });
    steps.forEach((step) => {
      const { group, parent, length } = step;
      if (parent) {
        const middle = (step.from + step.to) / 2;
        group.x = parent.group.x + length * Math.cos(middle);
        group.y = parent.group.y + length * Math.sin(middle);
      }
      let start = step.from;
      step.children.forEach((child) => {
        child.from = start;
        start += ((step.to - step.from) * child.ends) / step.ends;
        child.to = start;
      });
    });
  };
  const begin = (groups) => {
    const seen = new Set();
    const trees = d3
      .sort(groups, (a, b) => b.near.length - a.near.length || a.members[0] - b.members[0])
      .flatMap((group) => {
        if (seen.has(group)) return [];
        const steps = walk(group);
        steps.forEach((step) => seen.add(step.group));
        return [steps];
      });
    trees.forEach((steps, k) => {
      // Separate trees begin on a spiral around the first.
      steps[0].group.x = 160 * Math.sqrt(k) * Math.cos(k * GOLDEN);
      steps[0].group.y = 160 * Math.sqrt(k) * Math.sin(k * GOLDEN);
      spread(steps, 0, 2 * Math.PI);
    });
  };

  // Places of all isolates by number, and the groups of more than one.
  const layout = () => {
    const { groups, groupOf } = groupsOf();
    const links = edges
      .filter(({ snps }) => snps)
      .map(({ a, b, snps }) => {
        const [source, target] = [groupOf.get(a), groupOf.get(b)];
        const length = source.radius + target.radius + lengthOf(snps);
        source.near.push({ group: target, length });
        target.near.push({ group: source, length });
        return { source, target, length };
      });
    begin(groups);
    const charge = d3
      .forceManyBody()
      .strength(({ radius }) => -14 * radius)
      .distanceMax(500)
      .theta(1.3);
    const ticks = Math.round(TICKS_BY_NODES / Math.max(1, groups.length));
    d3.forceSimulation(groups)
      .stop()
      .alphaDecay(0.03)
      .force("link", d3.forceLink(links).distance(({ length }) => length).strength(0.9))
      .force("charge", charge)
      .force("collide", d3.forceCollide(({ radius }) => radius + 4))
      .force("x", d3.forceX().strength(0.015))
      .force("y", d3.forceY().strength(0.025))
      .tick(Math.max(LEAST_TICKS, Math.min(MOST_TICKS, ticks)));
    const places = new Map();
    groups.forEach(({ members, x, y }) =>
      members.forEach((i, k) => {
        const away = members.length === 1 ? 0 : MARK * 1.35 * Math.sqrt(k + 0.5);
        places.set(i, { x: x + away * Math.cos(k * GOLDEN), y: y + away * Math.sin(k * GOLDEN) });
      }),
    );
    return { places, groups: groups.filter(({ members }) => members.length > 1) };
  };

  return { MARK, nodes, edges, layout };
})();
