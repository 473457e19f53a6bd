// A line chart of views and visitors by day, and of the views of as many days before, drawn by uPlot. Lines differ by
// dashes too, not by colour alone. Who can't see it has the table beside it.
import uPlot from "uplot";
import { count, day } from "./format.js";
import { h } from "../../page/dom.js";
import { speak } from "../../page/speech.js";

const HEIGHT_PX = 260;
const SERIES = [
  { key: "views", title: (words) => words.views, color: "--views", dash: [] },
  { key: "visitors", title: (words) => words.visitors, color: "--visitors", dash: [6, 4] },
  { key: "before", title: (words) => words.days.viewsBefore, color: "--quiet", dash: [2, 4] },
];
const dateOf = (seconds) => new Date(seconds * 1000).toISOString().slice(0, 10);

/** `days`: `[{date, views, visitors}]`, ascending; `before`: as many days before them. */
export function chart(days, before, signal) {
  const canvas = h("div", { role: "img", class: "canvas" });
  const figure = h("figure", {}, legend(), canvas);
  let drawing;
  let width;
  function draw() {
    drawing?.destroy();
    if (width) drawing = new uPlot(options(canvas, width, days.length), columns(days, before), canvas);
  }
  const observer = new ResizeObserver(([{ contentRect }]) => {
    if (Math.floor(contentRect.width) === width) return;
    width = Math.floor(contentRect.width);
    draw();
  });
  observer.observe(canvas);
  signal.addEventListener("abort", () => observer.disconnect());
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", draw, { signal });
  return speak(figure, (words) => {
    canvas.setAttribute("aria-label", words.days.chart(days.length));
    draw();
  });
}

const columns = (days, before) => [days.map(({ date }) => Date.parse(date) / 1000), days.map((one) => one.views), days.map((one) => one.visitors), before.map((one) => one.views)];

function legend() {
  const entries = SERIES.map(({ title, key }) => h("li", {}, h("span", { class: `swatch ${key}`, "aria-hidden": "true" }), title));
  return h("ul", { class: "legend" }, ...entries);
}

function options(canvas, width, days) {
  const style = getComputedStyle(canvas);
  const color = (name) => style.getPropertyValue(name).trim();
  const axis = { stroke: color("--quiet"), grid: { stroke: color("--line"), width: 1 }, ticks: { stroke: color("--line"), width: 1 }, font: `12px ${style.fontFamily}` };
  const dayStyle = days > 31 ? { year: "2-digit", month: "short" } : { month: "numeric", day: "numeric" };
  return {
    width,
    height: HEIGHT_PX,
    tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1000), "Etc/UTC"),
    legend: { show: false },
    cursor: { drag: { x: false, y: false }, points: { size: 8 } },
    scales: { y: { range: (_, __, top) => [0, Math.max(4, Math.ceil(top * 1.05))] } },
    axes: [
      { ...axis, space: 64, values: (_, ticks) => ticks.map((tick) => day(dateOf(tick), dayStyle)) },
      { ...axis, size: 64, incrs: wholeSteps(), values: (_, ticks) => ticks.map(count) },
    ],
    series: [{}, ...SERIES.map(({ color: name, dash }) => ({ stroke: color(name), width: 2, dash, points: { show: days <= 31, size: 6 } }))],
    plugins: [hint(canvas)],
  };
}

/** Steps of the axis: there is no half a visitor. */
const wholeSteps = () => Array.from({ length: 15 }, (_, power) => [1, 2, 5].map((step) => step * 10 ** power)).flat();

/** What the day under the pointer has. */
function hint(canvas) {
  const box = h("div", { class: "chart-hint", hidden: true, "aria-hidden": "true" });
  const moved = (drawing) => {
    const index = drawing.cursor.idx;
    box.hidden = index == null;
    if (box.hidden) return;
    const numbers = SERIES.map(({ title }, series) => [h("span", {}, title), ` ${count(drawing.data[series + 1][index])}`]);
    box.replaceChildren(day(dateOf(drawing.data[0][index])), ...numbers.map((parts) => h("div", {}, ...parts)));
    const isLeft = drawing.cursor.left > drawing.over.clientWidth / 2;
    box.style.insetInlineStart = isLeft ? "0.5rem" : "auto";
    box.style.insetInlineEnd = isLeft ? "auto" : "0.5rem";
  };
  return { hooks: { init: (drawing) => drawing.over.append(box), setCursor: moved, destroy: () => box.remove() } };
}
