// A small site in React: a router of its own, keyed lists, a sentence, a label, a place of busuanzi's, a dead share box.
import { useState, useSyncExternalStore } from "react";
import { createRoot, hydrateRoot } from "react-dom/client";
import { flushSync } from "react-dom";
import { NOTES } from "./notes.js";

const ofAddress = (changed) => {
  for (const name of ["popstate", "went"]) addEventListener(name, changed);
  return () => ["popstate", "went"].forEach((name) => removeEventListener(name, changed));
};
const setters = {};

function Article({ path }) {
  const [likes, setLikes] = useState(0);
  const [notes, setNotes] = useState(NOTES);
  const [hasBox, setHasBox] = useState(true);
  Object.assign(setters, { setLikes, setNotes, setHasBox });
  return (
    <article>
      <h1>渡口 {path}</h1>
      {likes % 2 === 1 && <p className="thanks">謝謝</p>}
      <p id="sentence">
        您是第 {""} 位訪客{likes > 0 ? `，已有 ${likes} 個讚` : "。"}
      </p>
      <p id="label">
        本站總訪問量：<b>{0}</b> 次
      </p>
      <p id="named">
        <span className="busuanzi_value_page_pv" /> 次阅读
      </p>
      <laifang-counter metric="site.views" />
      {hasBox && (
        <div className="bdsharebuttonbox">
          <a className="bds_tsina" data-cmd="tsina" href="#">微博</a>
          <button type="button" onClick={() => setLikes((all) => all + 1)}>讚 {likes}</button>
        </div>
      )}
      <ul>{notes.map((note) => <li key={note}>{note}</li>)}</ul>
    </article>
  );
}

function App() {
  const path = useSyncExternalStore(ofAddress, () => location.pathname, () => globalThis.serverPath);
  return (
    <>
      <nav>渡口 · 老橋</nav>
      {path.endsWith("/none") ? <p>沒有這一頁</p> : <Article key={path} path={path} />}
      <footer>版權所有</footer>
    </>
  );
}

export const element = <App />;

if (globalThis.document) {
  const container = document.getElementById("it");
  let root;
  const now = (change) => () => flushSync(change);
  window.app = {
    start: now(() => (root = root ?? createRoot(container)).render(element)),
    hydrate: now(() => (root = hydrateRoot(container, element, { onRecoverableError() {} }))),
    like: now(() => setters.setLikes((all) => all + 1)),
    shuffle: now(() => setters.setNotes((all) => [...all].reverse().concat(String(all.length)))),
    toggleBox: now(() => setters.setHasBox((has) => !has)),
    go: (path) => flushSync(() => {
      history.pushState(null, "", path);
      dispatchEvent(new Event("went"));
    }),
    end: now(() => root.unmount()),
  };
}
