// What stands around a number, as a reader of each language expects it: written into the lines to paste and
// into the preview.
export const AROUND = {
  "zh-Hans": {
    visitor: ["您是第 ", " 位访客"],
    "site.views": ["本站总访问量 ", " 次"],
    "site.visitors": ["本站访客 ", " 人"],
    "site.views-today": ["今日访问 ", " 次"],
    "site.visitors-today": ["今日访客 ", " 人"],
    "site.online": ["当前在线 ", " 人"],
    "page.views": ["本文阅读 ", " 次"],
    "page.visitors": ["本文读者 ", " 人"],
  },
  "zh-Hant": {
    visitor: ["您是第 ", " 位訪客"],
    "site.views": ["本站瀏覽人次 ", ""],
    "site.visitors": ["本站訪客 ", " 人"],
    "site.views-today": ["今日瀏覽 ", " 次"],
    "site.visitors-today": ["今日訪客 ", " 人"],
    "site.online": ["目前在線 ", " 人"],
    "page.views": ["本文瀏覽 ", " 次"],
    "page.visitors": ["本文讀者 ", " 人"],
  },
  en: {
    visitor: ["You are visitor number ", ""],
    "site.views": ["", " views"],
    "site.visitors": ["", " visitors"],
    "site.views-today": ["", " views today"],
    "site.visitors-today": ["", " visitors today"],
    "site.online": ["", " online now"],
    "page.views": ["This page: ", " views"],
    "page.visitors": ["This page: ", " readers"],
  },
};

/** What stands for the picture where it is not seen. */
export const ALT = { "zh-Hans": "访客号码", "zh-Hant": "訪客號碼", en: "visitor number" };
