// Whether a number that stands on a page looks like something other than a count. It is proposed all the same; the
// owner is told what it may be.

const YEARS = [1990, 2099];
/** More than all but a few sites of the web ever had. */
const HUGE = 100_000_000;
const SEQUENCES = ["1234567890123456", "9876543210987654"];
const MIN_DIGITS = 4;

/** `year`, `huge`, `placeholder`, or null for a number like any other. */
export function oddityOf(number) {
  const digits = String(number);
  if (number >= YEARS[0] && number <= YEARS[1]) return "year";
  if (digits.length >= MIN_DIGITS && isPattern(digits)) return "placeholder";
  return number >= HUGE ? "huge" : null;
}

const isPattern = (digits) => /^(\d)\1+$|^10+$/.test(digits) || SEQUENCES.some((sequence) => sequence.startsWith(digits));
