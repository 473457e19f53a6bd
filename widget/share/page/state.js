// What the loader leaves for its parts; see `loader.js`. The share part adds
//   box   () -> void: puts boxes where dead ones, or nothing, have appeared since
//   more  (tables) -> void: takes the networks, names and words of `more.js`
//   dead  what the counter adds: the selector of dead boxes
//   takeOver, readCounts, handedOn, dress, modal
//         what `more.js` brings: see `dead.js`, `counts.js`, `native.js`, `older.js`
export const state = window[Symbol.for("laifang")];
