"use strict";
// Small controls that several views share.
oneclone.controls = (() => {
  const { element, button } = oneclone.page;
  const MOST_LETTERS = 26;

  // A choice of one among few, as buttons of which one is pressed; the first is the default.
  const choice = (title, options, act) => {
    const group = element("span", { css: "choice-of", role: "group", "aria-label": title });
    const made = Object.entries(options).map(([value, text]) =>
      button(text, () => {
        made.forEach((each) => each.setAttribute("aria-pressed", String(each.value === value)));
        act(value);
      }),
    );
    Object.keys(options).forEach((value, k) => {
      made[k].value = value;
      made[k].setAttribute("aria-pressed", String(k === 0));
    });
    group.append(`${title} `, ...made);
    return group;
  };

  // A list of values and texts to choose from, or a check box, or a field of text, with its label.
  const labelled = (text, control) => element("label", { css: "choice" }, `${text} `, control);
  const list = (title, options, act) => {
    const select = element("select");
    options.forEach(([value, text]) => select.append(element("option", { value, text })));
    select.addEventListener("change", () => act(select.value));
    return labelled(title, select);
  };
  const check = (title, checked, act) => {
    const box = element("input", { type: "checkbox" });
    box.checked = checked;
    box.addEventListener("change", () => act(box.checked));
    return element("label", { css: "choice" }, box, ` ${title}`);
  };
  const field = (title, act) => {
    const input = element("input", { type: "search", autocomplete: "off", spellcheck: "false" });
    input.addEventListener("input", () => act(input.value));
    return labelled(title, input);
  };

  // A name with few letters for a picture; surrogate pairs stay together.
  const short = (text) => {
    const letters = [...text];
    if (letters.length <= MOST_LETTERS) return text;
    return `${letters.slice(0, MOST_LETTERS - 1).join("")}…`;
  };

  return { choice, list, check, field, short };
})();
