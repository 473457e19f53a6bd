// Sites that Hexo makes with the real themes from npm, pinned in `hexo/package-lock.json`.
import { execFile } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const run = promisify(execFile);
const HERE = fileURLToPath(new URL("hexo", import.meta.url));
const HOME = fileURLToPath(new URL("../../target/hexo", import.meta.url));
const ONE_POST = { a: "古渡口" };

/** The folder of Hexo with the themes, installed once for all runs of these versions. */
export async function hexoHome() {
  const lock = readFileSync(join(HERE, "package-lock.json"), "utf8");
  if (!existsSync(join(HOME, "installed")) || readFileSync(join(HOME, "installed"), "utf8") !== lock) {
    rmSync(HOME, { recursive: true, force: true });
    cpSync(HERE, HOME, { recursive: true });
    await run("npm", ["ci", "--no-audit", "--no-fund", "--loglevel=error"], { cwd: HOME });
    writeFileSync(join(HOME, "installed"), lock);
  }
  return HOME;
}

/**
 * Makes a site with this theme and gives the folder it is in until the next is made. `configuration` is the theme's,
 * `script` the site's `scripts/laifang.js`, `files` more of its files, `posts` are titles by name.
 */
export async function makeSite(theme, { url, configuration = "", script, files = {}, posts = ONE_POST }) {
  const home = await hexoHome();
  for (const name of ["source", "scripts", "public", "db.json", ...readdirSync(home).filter((file) => /^_config\./.test(file))]) rmSync(join(home, name), { recursive: true, force: true });
  const put = (name, text) => {
    mkdirSync(join(home, name, ".."), { recursive: true });
    writeFileSync(join(home, name), text);
  };
  for (const [name, title] of Object.entries(posts)) put(`source/_posts/${name}.md`, `---\ntitle: ${title}\ndate: 2026-01-01\n---\n清江從山裏出來。\n`);
  put("_config.yml", `title: 雲溪\ntheme: ${theme}\nurl: ${url}\npermalink: :title/\nlanguage: zh-CN\n`);
  if (configuration) put(`_config.${theme}.yml`, configuration);
  if (script) put("scripts/laifang.js", script);
  for (const [name, text] of Object.entries(files)) put(name, text);
  // Volantis runs `hexo -v` and `node -v` before it makes anything.
  const PATH = [join(home, "node_modules/.bin"), dirname(process.execPath), process.env.PATH].join(delimiter);
  await run(process.execPath, [join(home, "node_modules/hexo/bin/hexo"), "generate", "--force"], { cwd: home, timeout: 60_000, env: { ...process.env, PATH } });
  return join(home, "public");
}
