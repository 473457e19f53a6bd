// The second part of the box: a script of its own, fetched where a box shows more than the default set or
// counts, where a dead box stands, and in browsers that need help.
import { NAMES, NETWORKS, WORDS } from "laifang:more";
import { readCounts } from "./counts.js";
import { takeOver } from "./dead.js";
import { handedOn } from "./native.js";
import { dress, modal } from "./older.js";
import { state } from "./state.js";

Object.assign(state, { dress, handedOn, modal, readCounts, takeOver });
state.more({ names: NAMES, networks: NETWORKS, words: WORDS });
