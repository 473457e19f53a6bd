// What the start page says. In Simplified Chinese it stands in the page already; here is what does not.
export const START_WORDS = {
  "zh-Hant": {
    choose: "挑一挑，再複製", preview: "預覽",
    about: "下面每改一處，預覽和程式碼都跟著變。預覽裡的數字是範例，不計數，連結也打不開。",
    what: "給任何一個現成的網頁，加上真實的來訪人數和分享框，只要一行程式碼。", numbers: "此刻的數字", visitor: "您的號碼",
    views: "瀏覽次數", visitors: "訪客人數", today: "今日訪客", online: "在線", reload: "重新載入", another: "換一位訪客",
    pages: "同一個老網頁，加上之後與加上之前", after: "加了一行程式碼", before: "原來的樣子", tag: "把這些貼進網頁",
    copy: "複製", next: "接下來", docs: "說明文件", install: "怎麼貼", share: "分享框", privacy: "數了什麼，留下什麼", cost: "要花多少錢",
    console: "管理後台：看數字，匯入，匯出",
    published: (views, visitors) => `已發布、從 KV 讀到的：瀏覽 ${views} 次，訪客 ${visitors} 人`,
    inFolder: (site) => `這裡是 ${site} 的一個資料夾，上面是 ${site} 的數字；下面示範用的號碼是範例，看這一頁不計數。`,
  },
  "zh-Hans": {
    copy: "复制",
    published: (views, visitors) => `已发布、从 KV 读到的：访问 ${views} 次，访客 ${visitors} 人`,
    inFolder: (site) => `这里是 ${site} 的一个文件夹，上面是 ${site} 的数字；下面演示用的号码是样例，看这一页不计数。`,
  },
  en: {
    choose: "Choose, then copy", preview: "Preview",
    about: "Whatever you change shows in the preview and in the lines to paste. The preview's numbers are made up; it counts nothing, and its links stay shut.",
    what: "A true visitor number and a share box for any page that exists, with one line of code.", numbers: "Right now",
    visitor: "Your number", views: "Views", visitors: "Visitors", today: "Visitors today", online: "Online", reload: "Reload the page",
    another: "Be another visitor", pages: "The same old page, with the tag and before", after: "With one line added", before: "As it was",
    tag: "Paste these into a page", copy: "Copy", next: "What next", docs: "Docs", install: "How to paste it", share: "The share box",
    privacy: "What is counted and what is kept", cost: "What it costs", console: "Console: see, import and export the numbers",
    published: (views, visitors) => `Published, as read from KV: views ${views}, visitors ${visitors}`,
    inFolder: (site) => `This is a folder of ${site}, and these are the numbers of ${site}. Those in the demo below are made up; reading this page counts nothing.`,
  },
};
