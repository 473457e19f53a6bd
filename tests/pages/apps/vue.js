// The same small site in Vue, its template compiled as a page's build does.
import { Fragment, createApp, createSSRApp, h, nextTick, reactive, ref } from "vue";
import { render } from "./article.vue.html";
import { NOTES } from "./notes.js";

const path = ref(globalThis.location?.pathname);
let article;

const Article = {
  props: ["path"],
  setup: () => (article = reactive({ likes: 0, notes: NOTES, hasBox: true, zero: 0 })),
  render,
};

const App = () => h(Fragment, [h("nav", "渡口 · 老橋"), path.value.endsWith("/none") ? h("p", "沒有這一頁") : h(Article, { key: path.value, path: path.value }), h("footer", "版權所有")]);

/** The site as a server renders it. */
export function forServer(address) {
  path.value = address;
  return createSSRApp(App);
}

if (globalThis.document) {
  addEventListener("popstate", () => (path.value = location.pathname));
  let app;
  const then = (change) => (...all) => {
    change(...all);
    return nextTick();
  };
  window.app = {
    start: then(() => (app = createApp(App)).mount("#it")),
    hydrate: then(() => (app = createSSRApp(App)).mount("#it")),
    like: then(() => article.likes++),
    shuffle: then(() => (article.notes = [...article.notes].reverse().concat(String(article.notes.length)))),
    toggleBox: then(() => (article.hasBox = !article.hasBox)),
    go: then((address) => {
      history.pushState(null, "", address);
      path.value = location.pathname;
    }),
    end: then(() => app.unmount()),
  };
}
