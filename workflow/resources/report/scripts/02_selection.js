"use strict";
// What is selected: one set of isolates for all views, which are told when it changes.
oneclone.selection = (() => {
  const selected = new Set();
  const listeners = [];
  const tell = () => listeners.forEach((listener) => listener(selected));

  const set = (isolates) => {
    selected.clear();
    isolates.forEach((isolate) => selected.add(isolate));
    tell();
  };
  const toggle = (isolate) => {
    if (!selected.delete(isolate)) selected.add(isolate);
    tell();
  };
  // A click selects one isolate alone; with Ctrl, Shift or Cmd it is added or taken away.
  const click = (isolate, event) => {
    if (event && (event.ctrlKey || event.metaKey || event.shiftKey)) toggle(isolate);
    else set(selected.size === 1 && selected.has(isolate) ? [] : [isolate]);
  };

  return {
    set,
    toggle,
    click,
    clear: () => set([]),
    has: (isolate) => selected.has(isolate),
    all: () => [...selected].sort((a, b) => a - b),
    listen: (listener) => listeners.push(listener),
  };
})();
