// Makes the share box's data modules from `networks.json`, `words.json`, `page/box.css` and the icons of
// simple-icons (CC0), at build time: node tables.mjs FOLDER.
//
// `base.js` holds what a box in Simplified Chinese shows by default, `more.js` all other words, names,
// networks and icons, which are fetched only where they are needed. Icons are drawn on a grid of 120 units,
// a tenth of a pixel at 20 px, and coloured so that they stand out from white and from black (3:1 or more).
import { readFile, writeFile } from "node:fs/promises";
import { transform } from "esbuild";
import * as icons from "simple-icons";
import { optimize } from "svgo";

const DEFAULT_SET = ["wechat", "weibo", "qq", "qzone", "copy"];
const LANGUAGES = ["zh-Hans", "zh-Hant", "en", "ja"];
const GRID = 120;

const here = (file) => new URL(file, import.meta.url);
const json = async (file) => JSON.parse(await readFile(here(file), "utf8"));

function brand({ icon, id }) {
  const found = icons[`si${icon[0].toUpperCase()}${icon.slice(1)}`];
  if (!found) throw new Error(`simple-icons has no icon ${icon}, which ${id} in networks.json names`);
  return found;
}

/** A drawing on the grid, in as few words as will do. */
function path(drawing) {
  const { data } = optimize(`<svg><path transform="scale(${GRID / 24})" d="${drawing}"/></svg>`, {
    multipass: true,
    plugins: [{ name: "convertPathData", params: { floatPrecision: 0 } }],
  });
  const [, drawn] = /^<svg><path d="([^"]+)"\/><\/svg>$/.exec(data);
  return drawn;
}

const linear = (value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4);
const coded = (value) => (value <= 0.0031308 ? value * 12.92 : 1.055 * value ** (1 / 2.4) - 0.055);
const luminance = ([red, green, blue]) => 0.2126 * red + 0.7152 * green + 0.0722 * blue;

/** The brand's hue at a lightness between white and black: 4.7:1 on white, 3.9:1 on #121212. Grey brands have none. */
export function colour(hex) {
  const wanted = 0.172;
  let channels = [0, 2, 4].map((at) => linear(parseInt(hex.slice(at, at + 2), 16) / 255));
  if (Math.max(...channels) - Math.min(...channels) < 0.05) return "";
  if (luminance(channels) > wanted) channels = channels.map((value) => (value * wanted) / luminance(channels));
  const share = (wanted - luminance(channels)) / (1 - luminance(channels));
  channels = channels.map((value) => value + share * (1 - value));
  return `#${channels.map((value) => Math.round(coded(value) * 255).toString(16).padStart(2, "0")).join("")}`;
}

/** A network as `page/tables.js` reads it: ids, name or names, limit, template, colour, icon. */
function row(network, names) {
  const { id, also = [], template = "" } = network;
  // What address.js takes: a negative limit holds for text and address together.
  const limit = (network.limit ?? 0) * (/}%20{u}/.test(template) ? -1 : 1);
  const brandOf = network.icon && brand(network);
  const hex = network.colour ?? brandOf?.hex;
  return [[id, ...also].join(" "), names, limit, template, hex ? colour(hex) : "", path(network.path ?? brandOf.path)];
}

/** Rules of a style sheet, each with its braces. */
function rules(css) {
  const found = [];
  let depth = 0, start = 0;
  for (let at = 0; at < css.length; at++) {
    if (css[at] == "{") depth++;
    if (css[at] == "}" && !--depth) {
      found.push(css.slice(start, at + 1).trim());
      start = at + 1;
    }
  }
  return found;
}

async function make(folder) {
  const networks = await json("networks.json");
  const words = await json("words.json");
  const said = (language) => [language, ...Object.values(words[language])];
  const namesOf = ({ name, names = LANGUAGES.map(() => name) }) => names;
  const isDefault = ({ id }) => DEFAULT_SET.includes(id);
  const { code } = await transform(await readFile(here("page/box.css"), "utf8"), { loader: "css", minify: true });
  const base = {
    NETWORKS: networks.filter(isDefault).map((network) => row(network, namesOf(network)[0])),
    WORDS: said("zh-Hans"),
    RULES: rules(code),
  };
  const more = {
    NETWORKS: networks.filter((network) => !isDefault(network)).map((network) => row(network, namesOf(network).join("|"))),
    NAMES: networks.filter(isDefault).map((network) => namesOf(network).join("|")),
    WORDS: LANGUAGES.slice(1).map(said),
  };
  for (const [name, values] of Object.entries({ base, more })) {
    const lines = Object.entries(values).map(([key, value]) => `export const ${key} = ${JSON.stringify(value)};\n`);
    await writeFile(`${folder}/${name}.js`, lines.join(""));
  }
}

if (process.argv[2]) await make(process.argv[2]);
