// A plot of what a site costs as it grows, as an SVG without scripts, styles or words: numbers and units alone, so that it
// stands in every language. Four panels beside and below each other; both axes by powers of ten.
const WIDTH = 720;
const PANEL = { width: 360, height: 230, left: 52, right: 16, top: 34, bottom: 44 };
const INK = "#1f2933";
const QUIET = "#8a94a0";
const ACCENT = "#8b1a1a";

const short = (number) => (number >= 1e6 ? `${number / 1e6}M` : number >= 1e3 ? `${number / 1e3}k` : String(Number(number.toPrecision(2))));
const at = (number) => number.toFixed(1);
const text = (x, y, words, more = "") => `<text x="${at(x)}" y="${at(y)}" ${more}>${words}</text>`;
const line = (x1, y1, x2, y2, more) => `<line x1="${at(x1)}" y1="${at(y1)}" x2="${at(x2)}" y2="${at(y2)}" ${more}/>`;

/** Powers of ten that hold all values between them. */
function scale(values, top, bottom) {
  const logs = values.filter((value) => value > 0).map(Math.log10);
  const [least, most] = [Math.floor(Math.min(...logs)), Math.ceil(Math.max(...logs))];
  const span = Math.max(1, most - least);
  const place = (value) => bottom - ((Math.log10(Math.max(value, 10 ** least)) - least) / span) * (bottom - top);
  return { place, ticks: Array.from({ length: span + 1 }, (_, index) => 10 ** (least + index)) };
}

function panel({ unit, series, aim }, labels, column, row) {
  const [x0, y0] = [column * PANEL.width + PANEL.left, row * PANEL.height + PANEL.top];
  const [x1, y1] = [(column + 1) * PANEL.width - PANEL.right, (row + 1) * PANEL.height - PANEL.bottom];
  const { place, ticks } = scale([...series.flatMap(({ values }) => values), ...(aim ? [aim] : [])], y0, y1);
  const x = (index) => x0 + 18 + (index * (x1 - x0 - 36)) / Math.max(1, labels.length - 1);
  const parts = [text(x0, y0 - 14, unit, 'font-weight="600"')];
  for (const tick of ticks) {
    parts.push(line(x0, place(tick), x1, place(tick), `stroke="${QUIET}" stroke-opacity="0.35"`), text(x0 - 6, place(tick) + 4, short(tick), 'text-anchor="end"'));
  }
  labels.forEach(([pages, visitors], index) => {
    parts.push(text(x(index), y1 + 16, short(pages), 'text-anchor="middle"'), text(x(index), y1 + 30, short(visitors), `text-anchor="middle" fill="${QUIET}"`));
  });
  if (aim) parts.push(line(x0, place(aim), x1, place(aim), `stroke="${INK}" stroke-dasharray="5 4"`));
  for (const { values, isHollow } of series) {
    const points = values.map((value, index) => [at(x(index)), at(place(value))]);
    parts.push(`<polyline points="${points.map((point) => point.join(",")).join(" ")}" fill="none" stroke="${ACCENT}" stroke-width="${isHollow ? 1 : 2}"/>`);
    for (const [cx, cy] of points) parts.push(`<circle cx="${cx}" cy="${cy}" r="4" fill="${isHollow ? "#fff" : ACCENT}" stroke="${ACCENT}"/>`);
  }
  return parts.join("\n");
}

/** The plot, or nothing as long as nothing was measured. */
export function plot({ growth }) {
  if (!growth) return undefined;
  const sizes = growth.sizes.filter(({ refusedHit }) => !refusedHit);
  const of = (value) => sizes.map(value);
  const panels = [
    { unit: "µs", series: [{ values: of(({ cpu }) => cpu) }] },
    { unit: "ms", aim: growth.aim.wakeMs, series: [{ values: of(({ cold }) => cold.ms[0]), isHollow: true }, { values: of(({ warm }) => warm.ms[0]) }] },
    { unit: "MB", series: [{ values: of(({ memory }) => memory / 1e6) }] },
    { unit: "MB KV", series: [{ values: of(({ kvBytes }) => kvBytes / 1e6) }] },
  ];
  const labels = of(({ pages, visitors }) => [pages, visitors]);
  const drawn = panels.map((what, index) => panel(what, labels, index % 2, Math.floor(index / 2)));
  const height = 2 * PANEL.height;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" font-family="system-ui, sans-serif" font-size="12" fill="${INK}">\n<rect width="${WIDTH}" height="${height}" rx="8" fill="#fff"/>\n${drawn.join("\n")}\n</svg>\n`;
}
