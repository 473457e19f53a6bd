// What stands behind the `#` of our own pages: the language, and what one chose: #zh-Hant&site=example.cn.
// Pure; nothing is kept anywhere else. Out of scope: which names a page knows.
export const LANGUAGES = ["zh-Hans", "zh-Hant", "en"];

/** `{language, choices}`: one of `LANGUAGES` or null, and everything else. */
export function readHash(hash) {
  const choices = new URLSearchParams(hash.replace(/^#/, ""));
  const language = LANGUAGES.find((name) => choices.get(name) === "") ?? null;
  for (const name of LANGUAGES) choices.delete(name);
  return { language, choices };
}

/** The hash that says so. */
export function writeHash(language, choices) {
  return `#${[language, choices.toString()].filter(Boolean).join("&")}`;
}

/** The first language a reader asks for that we speak: Chinese by script or region, else English. */
export function preferredLanguage(tags) {
  for (const tag of tags) {
    const parts = tag.toLowerCase().split("-");
    if (parts[0] === "en") return "en";
    if (parts[0] !== "zh") continue;
    if (parts.includes("hans")) return "zh-Hans";
    return ["hant", "tw", "hk", "mo"].some((part) => parts.includes(part)) ? "zh-Hant" : "zh-Hans";
  }
  return "en";
}
