// Numbers, days, moments and sizes, as the reader's language writes them.
import { currentLanguage } from "../../page/speech.js";

/** 12,345 */
export const count = (number) => new Intl.NumberFormat(currentLanguage()).format(number);

/** A share of a whole, in percent. */
export const percent = (part, whole) =>
  new Intl.NumberFormat(currentLanguage(), { style: "percent", maximumFractionDigits: 1 }).format(whole ? part / whole : 0);

/** +12.5%: what became of `before`; empty where there was nothing. */
export const change = (now, before) =>
  before ? new Intl.NumberFormat(currentLanguage(), { style: "percent", signDisplay: "exceptZero", maximumFractionDigits: 1 }).format(now / before - 1) : "";

/** A day written 2026-11-25, in words; it has no zone. */
export const day = (date, style = { year: "numeric", month: "short", day: "numeric", weekday: "short" }) =>
  new Intl.DateTimeFormat(currentLanguage(), { ...style, timeZone: "UTC" }).format(new Date(`${date}T00:00:00Z`));

/** The time of day, by the reader's own clock. */
export const time = (moment) => new Intl.DateTimeFormat(currentLanguage(), { timeStyle: "medium" }).format(new Date(moment));

/** A moment, by the reader's own clock. */
export const moment = (at) =>
  new Intl.DateTimeFormat(currentLanguage(), { dateStyle: "medium", timeStyle: "short" }).format(new Date(at));

/** 3.2 MB */
export function bytes(size) {
  const units = ["B", "KB", "MB", "GB"];
  const step = Math.min(units.length - 1, Math.floor(Math.log(Math.max(size, 1)) / Math.log(1024)));
  const scaled = size / 1024 ** step;
  return `${new Intl.NumberFormat(currentLanguage(), { maximumFractionDigits: step && scaled < 100 ? 1 : 0 }).format(scaled)} ${units[step]}`;
}

/** A page's key as a person reads it: percent-escapes that are visible text are shown as text, others (marks of direction) stay. */
export function page(key) {
  try {
    return decodeURI(key).replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, encodeURIComponent);
  } catch {
    return key;
  }
}

/** How many days there are from one to another, both among them. */
export const daysFrom = (first, last) => Math.round((Date.parse(last) - Date.parse(first)) / 86_400_000) + 1;

/** The day `days` after (or before) one written 2026-11-25. */
export const dayAfter = (date, days) => new Date(Date.parse(`${date}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);
