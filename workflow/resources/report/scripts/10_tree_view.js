"use strict";
// The view of trees: choosing, zooming, collapsing, and keys.
oneclone.page.view("tree", (container) => {
  const { element, button, hint, saveSvg } = oneclone.page;
  const { selection, colours, trees, treePicture, data, controls, drawing } = oneclone;
  const ROW = 17;
  const ROWS = [1, 40]; // least and greatest height
  const STRETCH = [1, 12];
  const STEP = 1.25;

  // Of a large run the most diverse clades are open, and the way to every case.
  const MOST_ENDS = 150;
  const isLarge = Boolean(data.compared);
  const isCase = ({ role }) => role === "case";
  const cases = new Set(d3.range(data.isolates.length).filter((i) => isCase(data.isolates[i])));
  const collapsedIn = (root) =>
    isLarge && root.value > MOST_ENDS ? trees.overview(root, MOST_ENDS, cases) : new Set();
  const known = data.trees.map((each) => {
    const root = trees.read(each.newick);
    return { ...each, root, collapsed: collapsedIn(root) };
  });
  const state = { tree: known[0], scale: "log", numbers: true, row: ROW, stretch: 1, active: null };
  let size = null;

  const picture = d3.create("svg").attr("class", "tree").attr("role", "tree").node();
  picture.setAttribute("tabindex", "0");
  picture.setAttribute("aria-multiselectable", "true");
  const box = element("div", { css: "tree-box" }, picture);
  const absent = element("p", { css: "note", role: "status" });

  const within = (value, [least, most]) => Math.max(least, Math.min(most, value));

  // Of a large tree what can be seen is drawn, and as much above and below.
  let filled = null;
  const heights = () => [-1, 2].map((way) => box.scrollTop + way * box.clientHeight);
  const look = () => {
    const { scale, numbers, row, stretch } = state;
    const { collapsed, supported } = state.tree;
    const width = box.clientWidth;
    return { width, row, stretch, scale, numbers, collapsed, supported, window: filled };
  };
  const draw = () => {
    const { root } = state.tree;
    filled = heights();
    size = treePicture.draw(picture, root, look());
    picture.setAttribute("aria-label", `${state.tree.title}: ${trees.holds(root)}`);
    showActive();
    sayAbsent();
  };
  const fill = (window) => {
    filled = window;
    size.isPart = treePicture.fill(picture, state.tree.root, look(), size);
    showActive();
  };
  const refill = () => {
    const { scrollTop: top, clientHeight: high } = box;
    const isBeyond = top < filled[0] + high / 3 || top + high > filled[1] - high / 3;
    if (size.isPart && isBeyond) fill(heights());
  };

  // Selected isolates that this tree does not have.
  const sayAbsent = () => {
    const here = new Set(state.tree.root.leaves().map((tip) => tip.isolate));
    const missing = selection.all().filter((isolate) => !here.has(isolate)).length;
    const verb = missing === 1 ? "isolate is" : "isolates are";
    absent.textContent = missing ? `${missing} selected ${verb} not in this tree.` : "";
  };

  const inView = ({ px, py }) => {
    const { scrollLeft, scrollTop, clientWidth, clientHeight } = box;
    const across = px >= scrollLeft && px <= scrollLeft + clientWidth - 2 * ROW;
    return across && py >= scrollTop + ROW / 2 && py <= scrollTop + clientHeight - ROW / 2;
  };
  const bringIntoView = (node) => {
    if (inView(node)) return;
    box.scrollTop = node.py - box.clientHeight / 2;
    box.scrollLeft = node.px - box.clientWidth / 2;
    refill();
  };
  // A large tree begins where it matters.
  const showCase = () => {
    const tip = state.tree.root.leaves().find(({ isolate }) => cases.has(isolate));
    if (isLarge && tip) bringIntoView(tip);
  };
  const showSelection = () => {
    const tips = treePicture.mark(picture, state.tree.root);
    const shown = tips.map(trees.shownFor);
    if (shown.length && !shown.some(inView)) bringIntoView(shown[0]);
    sayAbsent();
  };

  // Zoom around a point of the box; the tree is never narrower than the box.
  const zoom = (factor, at = { x: box.clientWidth / 2, y: box.clientHeight / 2 }) => {
    const before = { ...size };
    const left = (box.scrollLeft + at.x) / before.width;
    const top = (box.scrollTop + at.y) / before.height;
    state.row = within(state.row * factor, ROWS);
    state.stretch = within(state.stretch * factor, STRETCH);
    draw();
    box.scrollLeft = left * size.width - at.x;
    box.scrollTop = top * size.height - at.y;
    refill();
  };
  // A wheel turns more often than a large tree can be drawn: once for every frame.
  let turned = 1;
  const turn = (factor, at) => {
    if (turned === 1)
      requestAnimationFrame(() => {
        zoom(turned, at);
        turned = 1;
      });
    turned *= factor;
  };
  const fit = () => {
    const most = parseFloat(getComputedStyle(box).maxHeight);
    const { TOP, BOTTOM } = treePicture;
    const rows = (size.height - TOP - BOTTOM) / state.row;
    state.row = within((most - TOP - BOTTOM - 4) / rows, [ROWS[0], ROW]);
    state.stretch = 1;
    draw();
  };

  const fold = (node) => {
    const { collapsed } = state.tree;
    if (!collapsed.delete(node)) collapsed.add(node);
    draw();
  };
  const expandAll = () => {
    state.tree.collapsed.clear();
    draw();
    refill();
  };
  const collapseAgain = () => {
    state.tree.collapsed = collapsedIn(state.tree.root);
    draw();
    refill();
  };
  const savePicture = () => {
    const { isPart } = size;
    if (isPart) fill(null);
    saveSvg(box, "tree.svg");
    if (isPart) fill(heights());
  };
  const act = (node, event) => {
    if (!node.children) selection.click(node.isolate, event);
    else if (event.shiftKey) selection.set(node.leaves().map((tip) => tip.isolate));
    else fold(node);
  };

  // What a click on a fork does.
  const deed = (node) => {
    const fold = state.tree.collapsed.has(node) ? "expand" : "collapse";
    return node.children ? [`Click to ${fold}, Shift-click to select`] : [];
  };

  // The node that keys act on: it has a ring, and is read out.
  const setActive = (node) => {
    state.active = node;
    if (node) picture.setAttribute("aria-activedescendant", `tree-${node.number}`);
    else picture.removeAttribute("aria-activedescendant");
    d3.select(picture)
      .select(".active")
      .attr("transform", node ? `translate(${node.px},${node.py})` : null)
      .attr("display", node ? null : "none");
  };
  const showActive = () => setActive(state.active ? trees.shownFor(state.active) : null);
  const ends = () => trees.nodes(state.tree.root).filter((node) => node.shown && node.end);
  const nextEnd = (way) => {
    const from = state.active.row;
    const beyond = ends().filter((node) => (node.row - from) * way > 0);
    return way > 0 ? beyond[0] : beyond.at(-1);
  };
  const moves = {
    ArrowDown: () => nextEnd(1),
    ArrowUp: () => nextEnd(-1),
    ArrowLeft: () => state.active.parent,
    ArrowRight: () => (state.active.end ? null : state.active.children[0]),
    Home: () => ends()[0],
    End: () => ends().at(-1),
  };
  const acts = {
    Enter: (event) => act(state.active, event),
    " ": (event) => act(state.active, event),
    "+": () => zoom(STEP),
    "-": () => zoom(1 / STEP),
  };
  const onKey = (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (!(event.key in moves) && !(event.key in acts)) return;
    event.preventDefault();
    if (event.key in acts) acts[event.key](event);
    else setActive(moves[event.key]() ?? state.active);
    bringIntoView(state.active);
  };

  const nodeAt = (event) => {
    const found = event.target.closest(".node");
    return found ? d3.select(found).datum() : null;
  };
  const listen = () => {
    picture.addEventListener("click", (event) => {
      const node = nodeAt(event);
      if (!node) return;
      setActive(node);
      hint(event, null);
      act(node, event);
    });
    picture.addEventListener("mousemove", (event) => {
      const node = nodeAt(event);
      hint(event, node && [...treePicture.lines(node, state.tree.supported), ...deed(node)]);
    });
    picture.addEventListener("mouseleave", (event) => hint(event, null));
    picture.addEventListener("keydown", onKey);
    picture.addEventListener("focus", () => state.active || setActive(ends()[0]));
    box.addEventListener(
      "scroll",
      () => {
        hint(null, null);
        refill();
      },
      { passive: true },
    );
    // Without Ctrl or Cmd the wheel scrolls, as everywhere on the page.
    box.addEventListener(
      "wheel",
      (event) => {
        if (!event.ctrlKey && !event.metaKey) return;
        event.preventDefault();
        const { left, top } = box.getBoundingClientRect();
        turn(2 ** (-event.deltaY / 300), { x: event.clientX - left, y: event.clientY - top });
      },
      { passive: false },
    );
  };

  const zoomButton = (sign, factor, name) => {
    const made = button(sign, () => zoom(factor), `${name} (or Ctrl and wheel)`);
    made.setAttribute("aria-label", name);
    return made;
  };
  const bar = () => {
    const made = element("div", { css: "controls" });
    const chooseTree = (number) => {
      state.tree = known[number];
      state.active = null;
      draw();
      showCase();
      showSelection();
    };
    if (known.length > 1)
      made.append(controls.list("Tree", known.map(({ title }, k) => [k, title]), chooseTree));
    const scales = Object.entries(trees.SCALES).map(([name, { title }]) => [name, title]);
    const chooseScale = (name) => {
      state.scale = name;
      draw();
    };
    const showNumbers = (numbers) => {
      state.numbers = numbers;
      draw();
    };
    made.append(
      controls.list("Branches", scales, chooseScale), // the first is the scale at the start
      controls.check("SNPs at branches", state.numbers, showNumbers),
      zoomButton("−", 1 / STEP, "Zoom out"),
      zoomButton("+", STEP, "Zoom in"),
      button("Fit", fit, "See the whole tree"),
      button("Expand all", expandAll, "Show the isolates of every collapsed clade"),
    );
    if (isLarge)
      made.append(button("Collapse", collapseAgain, "Collapse the tightest clades again"));
    made.append(button("Save picture", savePicture, "As SVG, as it is shown"));
    return made;
  };

  const how = element("p", {
    css: "note controls",
    text: "Click an isolate to select it, a fork to collapse or expand its clade; Shift-click a "
      + "fork to select its clade. Keys: arrows, Enter, Shift with Enter, + and -.",
  });

  container.append(bar(), box, absent, oneclone.treeKey(known), how);
  listen();
  draw();
  showCase();
  showSelection();
  selection.listen(showSelection);
  colours.listen(draw);
  drawing.onWidth(box, draw);
});
