// The second part of the box: a script of its own, fetched where a box shows more than the default set, or a
// dead box stands.
import { NAMES, NETWORKS, WORDS } from "laifang:more";
import { replaceDead } from "./dead.js";
import { state } from "./state.js";

state.replaceDead = replaceDead;
state.more({ names: NAMES, networks: NETWORKS, words: WORDS });
