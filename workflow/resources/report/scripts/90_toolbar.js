"use strict";
// The bar above the views: search, colours, theme, and what is selected.
oneclone.toolbar = (() => {
  const { element, button } = oneclone.page;
  const { isolates, categories } = oneclone.data;
  const { selection, colours, distances, words } = oneclone;
  const MOST_FOUND = 12;
  const NEAREST = 5;
  const FARTHER = "not among those nearest to the cases, so that no distances are shown here; "
    + "distances/pairs.tsv has those that are kept.";

  // Isolates of which the name, patient, clinic or clone holds the text, names first.
  const find = (text) => {
    const wanted = text.trim().toLowerCase();
    if (!wanted) return [];
    const holds = (value) => (value || "").toLowerCase().includes(wanted);
    const rank = (each) => {
      if (each.name.toLowerCase() === wanted) return 0;
      if (holds(each.name)) return 1;
      return holds(each.patient) || holds(each.clinic) || holds(each.clone) ? 2 : 3;
    };
    const ranks = isolates.map(rank);
    return d3
      .range(isolates.length)
      .filter((i) => ranks[i] < 3)
      .sort((a, b) => ranks[a] - ranks[b] || a - b);
  };

  const search = document.getElementById("search");
  const found = document.getElementById("found");
  let offered = [];
  let at = -1;
  const offer = () => {
    const all = find(search.value);
    offered = all.slice(0, MOST_FOUND);
    at = offered.length ? 0 : -1;
    found.replaceChildren(
      ...offered.map((i, k) => {
        const about = [isolates[i].role, isolates[i].patient, isolates[i].clinic].filter(Boolean);
        const option = element("li", { role: "option", id: `found-${k}` });
        option.append(
          element("b", { text: isolates[i].name }),
          element("span", { text: about.join(" · ") }),
        );
        option.addEventListener("mousedown", (event) => {
          event.preventDefault();
          take(i);
        });
        return option;
      }),
    );
    if (all.length > MOST_FOUND)
      found.append(element("li", { css: "more", text: `${all.length - MOST_FOUND} more` }));
    if (search.value.trim() && !all.length)
      found.append(element("li", { css: "more", text: "No isolate found." }));
    found.hidden = !found.children.length;
    search.setAttribute("aria-expanded", String(!found.hidden));
    mark();
  };
  const mark = () => {
    [...found.children].forEach((each, k) => each.setAttribute("aria-selected", String(k === at)));
    if (at >= 0) search.setAttribute("aria-activedescendant", `found-${at}`);
    else search.removeAttribute("aria-activedescendant");
  };
  const close = () => {
    found.hidden = true;
    search.setAttribute("aria-expanded", "false");
  };
  const take = (isolate) => {
    selection.set([isolate]);
    search.value = "";
    close();
  };
  const keys = {
    ArrowDown: () => (at = Math.min(at + 1, offered.length - 1)),
    ArrowUp: () => (at = Math.max(at - 1, 0)),
    Enter: () => at >= 0 && take(offered[at]),
    Escape: close,
  };
  const beginSearch = () => {
    search.addEventListener("input", offer);
    search.addEventListener("blur", close);
    search.addEventListener("keydown", (event) => {
      if (!(event.key in keys)) return;
      event.preventDefault();
      keys[event.key]();
      mark();
    });
    document.addEventListener("keydown", (event) => {
      const typing = event.target.closest("input, select, textarea");
      if (event.key === "/" && !typing) {
        event.preventDefault();
        search.focus();
      }
      if (event.key === "Escape" && !typing) selection.clear();
    });
  };

  // What is selected: one isolate with its nearest others, or names and the greatest distance.
  const facts = (isolate) => {
    const each = isolates[isolate];
    return [
      ["Role", each.role],
      ["Patient", each.patient],
      ["Clinic", each.clinic],
      ["Collected", each.date],
      ["Country", each.country],
      ["Subspecies", each.subspecies],
      ["Clone", each.clone],
      ["Panel clone", each.panelClone],
    ].filter(([, value]) => value);
  };
  const one = (isolate) => {
    const list = element("dl");
    facts(isolate).forEach(([title, value]) =>
      list.append(element("dt", { text: title }), element("dd", { text: value })),
    );
    if (!distances.has(isolate))
      return [list, element("p", { css: "note", text: `This isolate is ${FARTHER}` })];
    const near = element("ol");
    distances.nearest(isolate, NEAREST).forEach((other) => {
      const pair = distances.pair(isolate, other);
      const line = element("li");
      line.append(
        button(isolates[other].name, () => selection.set([other])),
        ` ${words.snps(pair.snps)} over ${words.megabases(pair.callable)}`,
      );
      near.append(line);
    });
    return [list, element("h4", { text: "Nearest" }), near];
  };
  // The distances of some pairs in words: of a single pair, or from the least to the greatest.
  const spread = (known, pairs) => {
    if (!known.length) return "No pair is assessable.";
    if (pairs === 1) return `${words.snps(known[0])} between them`;
    const [least, most] = d3.extent(known);
    const span = least === most ? "" : `${words.number(least)} to `;
    return `${span}${words.snps(most)} in ${known.length} of ${pairs} pairs`;
  };
  const several = (chosen) => {
    const here = chosen.filter(distances.has);
    const pairs = d3.cross(here, here).filter(([a, b]) => a < b);
    const known = pairs.map(([a, b]) => distances.snpsOf(a, b)).filter((snps) => snps !== null);
    const list = element("ul");
    chosen.slice(0, 30).forEach((isolate) =>
      list.append(
        element("li", {}, button(isolates[isolate].name, () => selection.set([isolate]))),
      ),
    );
    if (chosen.length > 30) list.append(element("li", { text: `${chosen.length - 30} more` }));
    const far = chosen.length - here.length;
    const said = here.length > 1 || !far ? [spread(known, pairs.length)] : [];
    if (far) said.push(`${words.number(far)} of ${chosen.length} are ${FARTHER}`);
    return [...said.map((text) => element("p", { text })), list];
  };
  const card = document.getElementById("selected");
  const showSelected = () => {
    const chosen = selection.all();
    card.hidden = !chosen.length;
    if (!chosen.length) return;
    const title = chosen.length === 1 ? isolates[chosen[0]].name : `${chosen.length} isolates`;
    const head = element("div", { css: "selected-head" });
    head.append(
      element("h3", { text: title }),
      button("Clear", selection.clear, "Select nothing (Escape)"),
    );
    card.replaceChildren(head, ...(chosen.length === 1 ? one(chosen[0]) : several(chosen)));
  };

  const beginColours = () => {
    const choice = document.getElementById("colour-by");
    const legend = document.getElementById("legend");
    Object.entries(categories).forEach(([name, title]) =>
      choice.append(element("option", { value: name, text: title })),
    );
    choice.value = colours.chosen();
    const showLegend = () =>
      legend.replaceChildren(
        ...colours.legend().map(({ label, colour }) => {
          const sign = element("i");
          sign.style.background = colour;
          return element("span", {}, sign, label);
        }),
      );
    choice.value = colours.chosen();
    choice.addEventListener("change", () => colours.choose(choice.value));
    colours.listen(showLegend);
    showLegend();
  };
  const beginTheme = () => {
    const root = document.documentElement;
    const system = window.matchMedia("(prefers-color-scheme: dark)");
    const theme = document.getElementById("theme");
    const dark = () => (root.dataset.theme || (system.matches ? "dark" : "light")) === "dark";
    const showTheme = () => theme.setAttribute("aria-pressed", String(dark()));
    theme.addEventListener("click", () => {
      root.dataset.theme = dark() ? "light" : "dark";
      oneclone.page.themeChanged();
    });
    oneclone.page.onTheme(showTheme);
    showTheme();
    document.getElementById("print").addEventListener("click", () => window.print());
  };

  const begin = () => {
    beginSearch();
    beginColours();
    beginTheme();
    selection.listen(showSelected);
  };
  return { begin, find };
})();
