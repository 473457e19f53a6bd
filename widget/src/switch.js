// The visitor's own switch: #laifang-off in the address stops counting this browser here, #laifang-on resumes.
// Fetched only when the address names it. Asks before it keeps anything; what it keeps is one word.
const TEXTS = {
  "zh-Hant": { off: "不再把這個瀏覽器在本站的瀏覽計入人數？（會在瀏覽器裡記下這個選擇）", on: "重新把這個瀏覽器在本站的瀏覽計入人數？", failed: "瀏覽器不允許記下這個選擇。" },
  "zh-Hans": { off: "不再把这个浏览器在本站的访问计入人数？（会在浏览器里记下这个选择）", on: "重新把这个浏览器在本站的访问计入人数？", failed: "浏览器不允许记下这个选择。" },
  ja: { off: "このブラウザーでの閲覧を、このサイトの訪問者数に含めないようにしますか？（この選択はブラウザーに保存されます）", on: "このブラウザーでの閲覧を、再び訪問者数に含めますか？", failed: "ブラウザーがこの選択の保存を許可していません。" },
  en: { off: "Stop counting this browser's visits to this site? (This choice is kept in the browser.)", on: "Count this browser's visits to this site again?", failed: "The browser does not let us keep this choice." },
};

function language() {
  const tag = (window[Symbol.for("laifang")].tag.getAttribute("data-lang") || document.documentElement.lang || navigator.language).toLowerCase();
  if (/^ja/.test(tag)) return "ja";
  if (!/^zh/.test(tag)) return "en";
  return /hant|tw|hk|mo/.test(tag) ? "zh-Hant" : "zh-Hans";
}

const texts = TEXTS[language()];
const isOff = location.hash == "#laifang-off";
history.replaceState(history.state, "", location.pathname + location.search);
if (confirm(isOff ? texts.off : texts.on)) {
  try {
    if (isOff) localStorage.setItem("laifang", "off");
    else localStorage.removeItem("laifang");
  } catch (error) {
    alert(texts.failed);
  }
}
