// Why the counter can't take a line, in Chinese: by its English in `tally/src/import` and `tally/src/moves`, each {} a value. What is
// not here is told as it came.

const SIMPLIFIED = {
  "{} has {} {} already, and {} would lower that": "{0}已有 {1} {2}，文件里只有 {3}",
  "this line is too long, or a quotation mark is not closed": "这一行太长，或者有引号没有成对",
  "this line is not UTF-8. Save the file as “CSV UTF-8”": "这一行不是 UTF-8 编码，请把文件另存为“CSV UTF-8”",
  "{} is neither true nor false": "{0}既不是 true 也不是 false",
  "{} is not a time such as 2026-11-04T10:00:00Z": "{0}不是 2026-11-04T10:00:00Z 这样的时间",
  "its day could not be found": "算不出它在哪一天",
  "this GoatCounter export has no column {}, so it can't be read": "GoatCounter 导出的这个文件没有 {0} 这一列",
  "this is not a record of LeanCloud's class Counter: {}": "这不是 LeanCloud 的 Counter 里的一条记录（{0}）",
  "this record names no page: it has neither `url` nor `target`": "这条记录没有写是哪个页面：既没有 url，也没有 target",
  "this first line does not name a class of LeanCloud's": "第一行没有写明是 LeanCloud 的哪个 Class",
  "this is LeanCloud's class {}. The views are in the class Counter: send Counter.0.jsonl": "这是 LeanCloud 的 {0}，浏览数在 Counter 里，请导入 Counter.0.jsonl",
  "this line is too long": "这一行太长",
  "the file was cut short: its last line, which says how many there are, is missing. Export again": "文件不完整，缺了说明总数的最后一行，请重新导出",
  "this is not a line of an export: {}": "这不是导出文件里的一行（{0}）",
  "the export ended before this line": "在这一行之前，导出的内容已经结束",
  "this export has format {}, which this version of Laifang does not know": "文件的格式是 {0}，这个版本的来访不认得",
  "an export begins with a line that says {\"laifang\": …}": "导出的文件第一行应该是 {\"laifang\": …}",
  "{} was named before": "{0}前面已经写过",
  "the site's counts were named before": "全站的数字前面已经写过",
  "the site's counts are missing": "缺少全站的数字",
  "the file is not whole: it has {} pages, {} days and {} moves instead of {}, {} and {}. Export again": "文件不完整：有 {0} 个页面、{1} 天、{2} 个旧网址，应该是 {3} 个、{4} 天和 {5} 个，请重新导出",
  "these shares name networks that can't be": "分享里有不可能的网络名称",
  "{} is before {}, the earliest day that is taken": "{0} 太早，最早只收 {1}",
  "the file has more than {} days": "文件里超过 {0} 天",
  "{} is not a date": "{0}不是日期",
  "{} is more than {}, the largest count": "{0} 超过了最大的数 {1}",
  "the page's path is longer than {} bytes": "页面的路径超过 {0} 字节",
  "{} is not a page's path": "{0}不是页面的路径",
  "{} is not a whole number from 0 to {}": "{0}不是 0 到 {1} 的整数",
  "the file is empty": "文件是空的",
  "the file could not be read": "文件读不出来",
  "the file is packed. Unpack it and send what was in it": "这是压缩文件，请解压后再导入",
  "the file is UTF-16. Save it as “CSV UTF-8”": "文件是 UTF-16 编码，请另存为“CSV UTF-8”",
  "this line has another number of columns ({}) than the first line ({})": "这一行有 {0} 列，第一行有 {1} 列",
  "the page is missing. Name its path, or * for the whole site": "没有写是哪个页面，请写路径，全站写 *",
  "the columns must be page,views,visitors": "表头应该是 page,views,visitors",
  "more than {} addresses lead to others": "通到别处的网址超过 {0} 个",
  "the addresses that lead to others are too long together": "通到别处的网址加起来太长",
  "{} was moved before": "{0}前面已经换过网址",
  "there is no pair of addresses: write an old address and its new one": "没有网址，请写旧网址和新网址",
  "there are more than {} pairs": "超过 {0} 对网址",
  "this is not JSON of a pair (from, to), nor of a list of such pairs (moves)": "这不是写着 from 和 to 的 JSON，也不是 moves 列表",
  "the columns must be two: the old address and the new one": "应该是两列：旧网址和新网址",
  "{} is no address of a page: it must begin with / or https://": "{0}不是网址：开头应该是 / 或 https://",
  "{} can't be read as an address": "{0}不是网址",
  "{} is not on {}. To move a whole site, export it and import it there": "{0}不在 {1} 上；整个网站搬家，请导出，再到新网站导入",
  "{} is longer than {} bytes": "{0}超过 {1} 字节",
  "{} was given another new address in line {}": "{0}在第 {1} 行已经写了另一个新网址",
  "these addresses lead in a circle: {}": "这些网址绕成了一圈：{0}",
};
const TRADITIONAL = {
  "{} has {} {} already, and {} would lower that": "{0}已有 {1} {2}，檔案裡只有 {3}",
  "this line is too long, or a quotation mark is not closed": "這一行太長，或者有引號沒有成對",
  "this line is not UTF-8. Save the file as “CSV UTF-8”": "這一行不是 UTF-8 編碼，請把檔案另存為「CSV UTF-8」",
  "{} is neither true nor false": "{0}既不是 true 也不是 false",
  "{} is not a time such as 2026-11-04T10:00:00Z": "{0}不是 2026-11-04T10:00:00Z 這樣的時間",
  "its day could not be found": "算不出它在哪一天",
  "this GoatCounter export has no column {}, so it can't be read": "GoatCounter 匯出的這個檔案沒有 {0} 這一欄",
  "this is not a record of LeanCloud's class Counter: {}": "這不是 LeanCloud 的 Counter 裡的一筆記錄（{0}）",
  "this record names no page: it has neither `url` nor `target`": "這筆記錄沒有寫是哪個頁面：既沒有 url，也沒有 target",
  "this first line does not name a class of LeanCloud's": "第一行沒有寫明是 LeanCloud 的哪個 Class",
  "this is LeanCloud's class {}. The views are in the class Counter: send Counter.0.jsonl": "這是 LeanCloud 的 {0}，瀏覽數在 Counter 裡，請匯入 Counter.0.jsonl",
  "this line is too long": "這一行太長",
  "the file was cut short: its last line, which says how many there are, is missing. Export again": "檔案不完整，缺了說明總數的最後一行，請重新匯出",
  "this is not a line of an export: {}": "這不是匯出檔案裡的一行（{0}）",
  "the export ended before this line": "在這一行之前，匯出的內容已經結束",
  "this export has format {}, which this version of Laifang does not know": "檔案的格式是 {0}，這個版本的來訪不認得",
  "an export begins with a line that says {\"laifang\": …}": "匯出的檔案第一行應該是 {\"laifang\": …}",
  "{} was named before": "{0}前面已經寫過",
  "the site's counts were named before": "全站的數字前面已經寫過",
  "the site's counts are missing": "缺少全站的數字",
  "the file is not whole: it has {} pages, {} days and {} moves instead of {}, {} and {}. Export again": "檔案不完整：有 {0} 個頁面、{1} 天、{2} 個舊網址，應該是 {3} 個、{4} 天和 {5} 個，請重新匯出",
  "these shares name networks that can't be": "分享裡有不可能的網路名稱",
  "{} is before {}, the earliest day that is taken": "{0} 太早，最早只收 {1}",
  "the file has more than {} days": "檔案裡超過 {0} 天",
  "{} is not a date": "{0}不是日期",
  "{} is more than {}, the largest count": "{0} 超過了最大的數 {1}",
  "the page's path is longer than {} bytes": "頁面的路徑超過 {0} 位元組",
  "{} is not a page's path": "{0}不是頁面的路徑",
  "{} is not a whole number from 0 to {}": "{0}不是 0 到 {1} 的整數",
  "the file is empty": "檔案是空的",
  "the file could not be read": "檔案讀不出來",
  "the file is packed. Unpack it and send what was in it": "這是壓縮檔，請解壓縮後再匯入",
  "the file is UTF-16. Save it as “CSV UTF-8”": "檔案是 UTF-16 編碼，請另存為「CSV UTF-8」",
  "this line has another number of columns ({}) than the first line ({})": "這一行有 {0} 欄，第一行有 {1} 欄",
  "the page is missing. Name its path, or * for the whole site": "沒有寫是哪個頁面，請寫路徑，全站寫 *",
  "the columns must be page,views,visitors": "表頭應該是 page,views,visitors",
  "more than {} addresses lead to others": "通到別處的網址超過 {0} 個",
  "the addresses that lead to others are too long together": "通到別處的網址加起來太長",
  "{} was moved before": "{0}前面已經換過網址",
  "there is no pair of addresses: write an old address and its new one": "沒有網址，請寫舊網址和新網址",
  "there are more than {} pairs": "超過 {0} 對網址",
  "this is not JSON of a pair (from, to), nor of a list of such pairs (moves)": "這不是寫著 from 和 to 的 JSON，也不是 moves 列表",
  "the columns must be two: the old address and the new one": "應該是兩欄：舊網址和新網址",
  "{} is no address of a page: it must begin with / or https://": "{0}不是網址：開頭應該是 / 或 https://",
  "{} can't be read as an address": "{0}不是網址",
  "{} is not on {}. To move a whole site, export it and import it there": "{0}不在 {1} 上；整個網站搬家，請匯出，再到新網站匯入",
  "{} is longer than {} bytes": "{0}超過 {1} 位元組",
  "{} was given another new address in line {}": "{0}在第 {1} 行已經寫了另一個新網址",
  "these addresses lead in a circle: {}": "這些網址繞成了一圈：{0}",
};
/** Values that are words. */
const SIMPLIFIED_VALUES = { "the site": "全站", views: "次浏览", visitors: "位访客" };
const TRADITIONAL_VALUES = { "the site": "全站", views: "次瀏覽", visitors: "位訪客" };

const escaped = (text) => text.replace(/[.*+?^$()|[\]\\{}]/g, "\\$&");
const patternOf = (english) => new RegExp(`^${english.split("{}").map(escaped).join("(.+)")}$`, "s");

function translator(table, values, quoted) {
  const patterns = Object.entries(table).map(([english, text]) => [patternOf(english), text]);
  return (reason) => {
    for (const [pattern, text] of patterns) {
      const found = pattern.exec(reason);
      if (found) return text.replace(/\{(\d)\}/g, (_, index) => quoted(values[found[Number(index) + 1]] ?? found[Number(index) + 1]));
    }
    return reason;
  };
}

/** A reason in Simplified Chinese. */
export const simplified = translator(SIMPLIFIED, SIMPLIFIED_VALUES, (value) => value);
/** A reason in Traditional Chinese. */
export const traditional = translator(TRADITIONAL, TRADITIONAL_VALUES, (value) => value.replaceAll("“", "「").replaceAll("”", "」"));
/** The reasons that are known, for the tests. */
export const KNOWN = [SIMPLIFIED, TRADITIONAL].map(Object.keys);
