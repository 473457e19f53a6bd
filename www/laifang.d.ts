/** What `<laifang-share>` and its events are, for TypeScript: `/// <reference path="laifang.d.ts" />`. */
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
  "laifang-share": HTMLElement;
}

interface GlobalEventHandlersEventMap {
  "laifang-share": CustomEvent<LaifangShareDetail>;
  "laifang-shared": CustomEvent<LaifangSharedDetail>;
}
