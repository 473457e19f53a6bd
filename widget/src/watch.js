// Text that arrives late, or that a framework writes again: the page is looked at once more when it changes.
//
// For a bounded time after each view, and less and less often, so that a page that fights for its text, or
// never stands still, costs nothing in the end.

const WATCH_MS = 30000;
const FIRST_PAUSE_MS = 40;
const GROWTH = 1.4;

/** Calls `look` when the page has changed; returns a function that begins anew. */
export function watch(look) {
  let pause, last, timer, end;
  const run = () => {
    timer = 0;
    last = performance.now();
    pause *= GROWTH;
    look();
    // What we wrote ourselves is no news.
    observer.takeRecords();
  };
  const observer = new MutationObserver(() => {
    if (timer) return;
    const rest = last + pause - performance.now();
    // At once, before it is painted, if the last time was long enough ago.
    if (rest <= 0) run();
    else timer = setTimeout(run, rest);
  });
  return () => {
    pause = FIRST_PAUSE_MS;
    last = -Infinity;
    observer.observe(document, { childList: true, characterData: true, subtree: true });
    clearTimeout(end);
    end = setTimeout(() => observer.disconnect(), WATCH_MS);
  };
}
