"use strict";
// phylotree asks for lodash beside underscore, and what is used here of lodash is its map, which
// underscore has too: one library less to ship.
Object.defineProperty(globalThis, "_$1", { get: () => globalThis._ });
