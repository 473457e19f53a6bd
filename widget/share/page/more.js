// The second part of the tables: a script of its own, fetched where a box shows more than the default set.
import { NAMES, NETWORKS, WORDS } from "laifang:more";

window[Symbol.for("laifang")].more({ names: NAMES, networks: NETWORKS, words: WORDS });
