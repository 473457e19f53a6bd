// Tells of numbers that stand on the page and are not written over: the page's maintainer by one line, the owner by a proposal.

const REMEMBERED_MS = 500000;
const told = [];
/** The first count that the reply of a hit does not tell: those of periods, in the order of `metric.rs`. */
export const PERIODS = 8;

/** Takes what the counter met since the last time; whether a label of a period was among it. */
export function report(state) {
  let hasPeriod;
  for (const { action, metric, shown } of state.standing.splice(0)) {
    hasPeriod = hasPeriod || metric >= PERIODS;
    // Written, or not known.
    if (action < 2) continue;
    if (!metric && !told[action]) proposeStart(state, shown);
    if (!told.length) console.info("laifang: a number stands: import it as the start");
    told[action] = 1;
  }
  return hasPeriod;
}

/** Tells the counter, when the page is left, which visitor number stands on it: the owner is asked whether to start there.
 * With the id of the view that was counted, so that it is none; while that id is remembered. Of many visitors, some. */
function proposeStart(state, shown) {
  const body = `${state.first.slice(0, -1)},"shown":${shown}}`;
  addEventListener("pagehide", () => {
    if (!state.read && performance.now() < REMEMBERED_MS && (state.counts[0] < 100 || Math.random() < 0.1)) state.send(body);
  }, { once: true });
}
