// What the loader leaves for its parts; see `loader.js`. The share part adds
//   box   () -> void: puts boxes where dead ones, or nothing, have appeared since
//   more  (tables) -> void: takes the networks, names and words of `more.js`
//   replaceDead  (element) -> void: puts a box in the place of a dead one; `more.js` brings it
export const state = window[Symbol.for("laifang")];
