/** Laifang's elements, events and `window.laifang`, for TypeScript: `/// <reference path="laifang.d.ts" />`. */

/** A count that `<laifang-counter metric>` and `data-laifang` name. Visitors of more than a day are the sum of each day's. */
type LaifangMetric =
  | "visitor"
  | "site.online"
  | "page.views"
  | "page.visitors"
  | `site.${"views" | "visitors"}${"" | "-today" | "-yesterday" | "-week" | "-month" | "-year"}`;

/** How an element writes its number: `12345`, `12,345`, `12.3k` or `1.2万`, `012345`. */
type LaifangFormat = "plain" | "grouped" | "short" | `digits=${number}`;

/** The attributes of `<laifang-counter>`. On an element with `data-laifang` instead of `metric` the others mean the same. */
interface LaifangCounterAttributes {
  metric: LaifangMetric;
  /** Path of the page whose count is shown; empty: that of the link in the heading of the article around it. */
  "data-page"?: string;
  "data-format"?: LaifangFormat;
}

interface LaifangSiteCounts {
  views: number;
  visitors: number;
  views_today: number;
  visitors_today: number;
  /** Visitors of the last five minutes; not known to who only reads. */
  online?: number;
}

interface LaifangPageCounts {
  views: number;
  visitors: number;
}

/** What the counter replied to a view. Where it is not counted there are no counts, and `reason` says why. */
interface LaifangReply {
  counted: boolean;
  reason?: "bot" | "prefetch";
  /** The visitor's number; null to who only reads. */
  visitor?: number | null;
  site?: LaifangSiteCounts;
  /** Null where the counter keeps no more pages. */
  page?: LaifangPageCounts | null;
}

interface LaifangErrorDetail {
  message: string;
}

/** `window.laifang`, once the counter's script has run. */
interface Laifang {
  readonly version: string;
  /** The reply to the first view. */
  readonly ready: Promise<LaifangReply>;
  /** Reads the counts again and shows them; counts nothing. */
  refresh(): Promise<LaifangReply>;
}

interface Window {
  readonly laifang?: Laifang;
}

interface LaifangShareDetail {
  /** Id of the network, such as `weibo`. */
  network: string;
  /** What is shared. */
  url: string;
}

interface LaifangSharedDetail extends LaifangShareDetail {
  /** `opened`: the network's page, the code or the printer; `dismissed`: the reader changed their mind. */
  outcome: "opened" | "copied" | "shared" | "dismissed" | "failed";
}

/** The attributes of `<laifang-share>`; none has a property of its own but `title` and `lang`. */
interface LaifangShareAttributes {
  networks?: string;
  url?: string;
  title?: string;
  summary?: string;
  image?: string;
  lang?: string;
  "with-counts"?: "" | boolean;
}

interface HTMLElementTagNameMap {
  "laifang-counter": HTMLElement;
  "laifang-share": HTMLElement;
}

interface GlobalEventHandlersEventMap {
  /** The counter has replied to a view. */
  "laifang-counted": CustomEvent<LaifangReply>;
  /** Something failed; the page stays as it was. */
  "laifang-error": CustomEvent<LaifangErrorDetail>;
  "laifang-share": CustomEvent<LaifangShareDetail>;
  "laifang-shared": CustomEvent<LaifangSharedDetail>;
}
