// The start page: shows the demo's numbers as they rise, and the tag to paste.
// The language stands in the address (#en); nothing is kept in the browser.
const TEXTS = {
  "zh-Hant": {
    what: "給任何一個現成的網頁，加上真實的來訪人數和分享框，只要一行程式碼。", numbers: "此刻的數字", visitor: "您的號碼",
    views: "瀏覽次數", visitors: "訪客人數", today: "今日訪客", online: "在線", reload: "重新載入", another: "換一位訪客",
    pages: "同一個老網頁，加上之後與加上之前", after: "加了一行程式碼", before: "原來的樣子", tag: "把這一行貼進網頁",
    copy: "複製", copied: "已複製", failed: "沒能複製，請選取後按 Ctrl+C", install: "怎麼貼", share: "分享框", privacy: "數了什麼，留下什麼",
    cost: "要花多少錢",
    published: (views, visitors) => `已發布、從 KV 讀到的：瀏覽 ${views} 次，訪客 ${visitors} 人`,
  },
  "zh-Hans": {
    copied: "已复制", failed: "没能复制，请选中后按 Ctrl+C",
    published: (views, visitors) => `已发布、从 KV 读到的：访问 ${views} 次，访客 ${visitors} 人`,
  },
  en: {
    what: "A true visitor number and a share box for any page that exists, with one line of code.", numbers: "Right now",
    visitor: "Your number", views: "Views", visitors: "Visitors", today: "Visitors today", online: "Online", reload: "Reload the page",
    another: "Be another visitor", pages: "The same old page, with the tag and before", after: "With one line added", before: "As it was",
    tag: "Paste this line into a page", copy: "Copy", copied: "Copied", failed: "Couldn't copy; select it and press Ctrl+C",
    install: "How to paste it", share: "The share box", privacy: "What is counted and what is kept", cost: "What it costs",
    published: (views, visitors) => `Published, as read from KV: views ${views}, visitors ${visitors}`,
  },
};
const PUBLISHED_EVERY_MS = 5000;
const byId = (id) => document.getElementById(id);
for (const element of document.querySelectorAll("[data-text]")) TEXTS["zh-Hans"][element.dataset.text] = element.textContent;

let texts;
function speak() {
  const language = TEXTS[location.hash.slice(1)] ? location.hash.slice(1) : "zh-Hans";
  texts = TEXTS[language];
  document.documentElement.lang = language;
  for (const element of document.querySelectorAll("[data-text]")) element.textContent = texts[element.dataset.text];
  for (const link of document.querySelectorAll("nav a")) {
    if (link.lang === language) link.setAttribute("aria-current", "true");
    else link.removeAttribute("aria-current");
  }
  showPublished();
}

// What everybody else is told stands in KV; it follows within seconds.
let published;
function showPublished() {
  if (published) byId("published").textContent = texts.published(published.views, published.visitors);
}
async function readPublished() {
  const response = await fetch(`/v1/counts?site=${location.hostname}`, { cache: "no-store" }).catch(() => null);
  if (!response?.ok) return;
  published = (await response.json()).site;
  showPublished();
}
// A tab nobody looks at asks nothing.
setInterval(() => document.hidden || readPublished(), PUBLISHED_EVERY_MS);
readPublished();

addEventListener("hashchange", speak);
speak();

const frame = byId("after");
function show(reply) {
  const { site, visitor } = reply;
  const numbers = { visitor, views: site.views, visitors: site.visitors, today: site.visitors_today, online: site.online };
  for (const [id, number] of Object.entries(numbers)) byId(id).textContent = number ?? "–";
}
function listen() {
  frame.contentDocument.addEventListener("laifang-counted", (event) => show(event.detail));
  frame.contentWindow.laifang?.ready.then(show, () => {});
}

// The sentence stands at the foot of the page: each frame is kept where it can be read, also once the share
// box has come. (`scrollIntoView` would move the start page, too.)
function showSentence({ contentDocument, contentWindow: view }) {
  const line = [...contentDocument.querySelectorAll("font")].find((font) => font.textContent.startsWith("您是第"));
  if (!line) return;
  const { left, right, bottom } = line.getBoundingClientRect();
  view.scrollTo((left + right - view.innerWidth) / 2 + view.scrollX, bottom + 40 - view.innerHeight + view.scrollY);
}
function opened(shown) {
  if (shown === frame) listen();
  new ResizeObserver(() => showSentence(shown)).observe(shown.contentDocument.body);
}
for (const shown of document.querySelectorAll("iframe")) {
  shown.addEventListener("load", () => opened(shown));
  const { readyState, URL: address } = shown.contentDocument;
  if (readyState === "complete" && address !== "about:blank") opened(shown);
}

const reload = () => frame.contentWindow.location.reload();
byId("reload").addEventListener("click", reload);

// Only the dev server lets one be somebody else.
const current = await fetch("/_dev/visitor").then((response) => (response.ok ? response.json() : null), () => null).catch(() => null);
if (current) {
  let { visitor } = current;
  byId("another").hidden = false;
  byId("another").addEventListener("click", async () => {
    visitor += 1;
    await fetch("/_dev/visitor", { method: "POST", body: JSON.stringify({ visitor }) });
    reload();
  });
}

byId("tag").textContent = `<script async crossorigin src="${location.origin}/widget.js" data-share></script>`;
byId("copy").addEventListener("click", async () => {
  try {
    await navigator.clipboard.writeText(byId("tag").textContent);
    byId("copied").textContent = texts.copied;
  } catch {
    byId("copied").textContent = texts.failed;
  }
});
