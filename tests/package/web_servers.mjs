// nginx, Apache and Caddy from Debian, each on a port of its own with what the documentation says put into it.
import { execFileSync, spawn } from "node:child_process";
import { chmodSync, existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { freePort, listens } from "./ports.mjs";

const START_LIMIT_MS = 10_000;
/** Debian has servers where only root looks. */
const programOf = (name) => (existsSync(`/usr/sbin/${name}`) ? `/usr/sbin/${name}` : name);
const APACHE_MODULES = "/usr/lib/apache2/modules";
/** What Debian's Apache has turned on without being asked. */
const APACHE_DEFAULTS = ["mpm_event", "authz_core", "mime", "dir"];

/** Runs a server in the foreground until the test is over. */
async function run(test, port, command, words, options = {}) {
  const child = spawn(command, words, { stdio: ["ignore", "ignore", "pipe"], ...options });
  let said = "";
  child.stderr.setEncoding("utf8").on("data", (text) => (said += text));
  const ended = new Promise((done) => child.once("exit", done));
  test.after(() => {
    child.kill("SIGTERM");
    return ended;
  });
  for (const until = Date.now() + START_LIMIT_MS; !(await listens(port)); ) {
    if (Date.now() > until || child.exitCode !== null) throw new Error(`${command} does not listen: ${said}`);
    await new Promise((done) => setTimeout(done, 100));
  }
  return `http://localhost:${port}`;
}

/** `site` stands in the site's `server { … }`, `app` where pages of the program at `upstream` are handed on. */
export async function nginx(test, { folder, pages, site, app, upstream }) {
  const port = await freePort();
  const temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"].map((name) => `${name}_temp_path ${join(folder, name)};`).join("\n");
  const file = join(folder, "nginx.conf");
  writeFileSync(file, `daemon off; pid ${join(folder, "nginx.pid")}; error_log stderr; events {}
http { access_log off; gzip on; types { text/html html; text/plain txt; }
${temporary}
server { listen 127.0.0.1:${port}; server_name localhost; root ${pages};
${site}
location /app/ { proxy_pass ${upstream}; ${app} } } }`);
  execFileSync(programOf("nginx"), ["-t", "-q", "-c", file], { stdio: ["ignore", "ignore", "inherit"] });
  return run(test, port, programOf("nginx"), ["-c", file]);
}

/** `modules` are those that `a2enmod` is told. */
export async function apache(test, { folder, pages, modules, site, app, upstream }) {
  const port = await freePort();
  const isRoot = process.getuid() === 0;
  const load = [...APACHE_DEFAULTS, ...modules].map((name) => `LoadModule ${name}_module ${APACHE_MODULES}/mod_${name}.so`).join("\n");
  const file = join(folder, "apache.conf");
  writeFileSync(file, `ServerRoot ${folder}
PidFile ${join(folder, "apache.pid")}
DefaultRuntimeDir ${folder}
Listen 127.0.0.1:${port}
ServerName localhost
ErrorLog "|/bin/cat 1>&2"
${load}
${isRoot ? "User www-data\nGroup www-data" : ""}
TypesConfig /dev/null
AddType text/html .html
AddType text/plain .txt
<VirtualHost 127.0.0.1:${port}>
DocumentRoot ${pages}
<Directory ${pages}>
Require all granted
</Directory>
${site}
<Location "/app/">
ProxyPass "${upstream}/app/"
${app}
</Location>
</VirtualHost>
`);
  chmodSync(folder, 0o755);
  return run(test, port, programOf("apache2"), ["-D", "FOREGROUND", "-f", file]);
}

export async function caddy(test, { folder, pages, site }) {
  const port = await freePort();
  const file = join(folder, "Caddyfile");
  writeFileSync(file, `{\n\tadmin off\n}\nhttp://localhost:${port} {\n\troot * ${pages}\n\tfile_server\n${site}\n}\n`);
  return run(test, port, "caddy", ["run", "--config", file, "--adapter", "caddyfile"], { env: { ...process.env, HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder } });
}
