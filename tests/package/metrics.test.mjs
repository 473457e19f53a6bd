// `--metrics-port` and `--log-requests`: what went on can be seen, and nobody in it.
import { test } from "node:test";
import assert from "node:assert/strict";
import { createServer } from "node:net";
import { Observer, exposition } from "../../dist/cli/metrics.mjs";
import { TOKEN, emptyFolder, laifang, serve } from "./command.mjs";
import { freePort } from "./ports.mjs";

/** A sample's value; undefined where there is none. */
const valueOf = (text, sample) => {
  const line = text.split("\n").find((one) => one.startsWith(`${sample} `));
  return line && Number(line.slice(sample.length + 1));
};

test("hits, refusals by reason, lag, queue and memory are told in Prometheus' form", async (t) => {
  const port = await freePort();
  const served = await serve(t, ["--site", "localhost,*.example.org", "--metrics-port", String(port)], { cwd: await emptyFolder(t), env: { ADMIN_TOKEN: TOKEN } });
  for (let hits = 0; hits < 3; hits++) await served.hit();
  await served.hit({}, { "User-Agent": "curl/8" });
  await served.hit({ url: "https://elsewhere.example/" });
  await fetch(`${served.url}/widget.js`);
  await fetch(`${served.url}/v1/hits`, { method: "PATCH" });
  const response = await fetch(`http://127.0.0.1:${port}/metrics`);
  assert.equal(response.headers.get("content-type"), "text/plain; version=0.0.4; charset=utf-8");
  const text = await response.text();
  const expected = {
    'laifang_hits_total{outcome="counted"}': 3,
    'laifang_hits_total{outcome="bot"}': 1,
    'laifang_responses_total{route="/v1/hits",status="403",outcome="site-not-allowed"}': 1,
    'laifang_responses_total{route="other",status="405",outcome="method-not-allowed"}': 1,
    'laifang_responses_total{route="file",status="200",outcome=""}': 1,
    laifang_requests_under_way: 0,
  };
  for (const [sample, value] of Object.entries(expected)) assert.equal(valueOf(text, sample), value, `${sample}\n${text}`);
  for (const process of ["gateway", "workerd"]) assert.ok(valueOf(text, `laifang_memory_bytes{process="${process}"}`) > 1_000_000);
  assert.equal(valueOf(text, 'laifang_journal_queue{site="localhost"}'), 3);
  for (const name of ["unpublished_documents", "publish_lag_seconds"]) assert.ok(valueOf(text, `laifang_${name}{site="localhost"}`) >= 0, name);
  for (const line of text.trim().split("\n")) assert.match(line, /^# (HELP|TYPE) laifang_\w+ |^laifang_\w+(\{\w+="[^"]*"(,\w+="[^"]*")*\})? [\d.e+-]+$/);
  assert.equal((await fetch(`${served.url}/metrics`)).status, 404, "not at the counter's own address");
  assert.equal((await fetch(`http://127.0.0.1:${port}/v1/hits`)).status, 404);
});

test("without the owner's token the sites are not told", async (t) => {
  const port = await freePort();
  await serve(t, ["--metrics-port", String(port)], { cwd: await emptyFolder(t) });
  const text = await (await fetch(`http://127.0.0.1:${port}/metrics`)).text();
  assert.doesNotMatch(text, /site=/);
});

test("a line for each request holds no address, page or user agent", async (t) => {
  const served = await serve(t, ["--log-requests", "all", "--trusted-proxy", "127.0.0.1"], { cwd: await emptyFolder(t) });
  await served.hit({ url: "http://localhost/secret-page?token=abc" }, { "X-Forwarded-For": "198.51.100.77" });
  await served.hit({ url: "https://elsewhere.example/" });
  await fetch(`${served.url}/v1/counts?site=localhost&page=/secret-page`);
  const linesNow = () => served.said.split("\n").filter((line) => / (GET|POST) /.test(line));
  for (const until = Date.now() + 5000; Date.now() < until && !linesNow().some((line) => line.includes("/v1/counts")); ) await new Promise((done) => setTimeout(done, 50));
  const lines = linesNow();
  assert.match(lines.find((line) => line.includes("counted")), /^\d{4}-\d\d-\d\dT[\d:.]+Z info POST \/v1\/hits 200 counted \d+ms$/);
  assert.match(lines.find((line) => line.includes("403")), / warning POST \/v1\/hits 403 site-not-allowed \d+ms$/);
  assert.ok(lines.some((line) => / info GET \/v1\/counts 200 - \d+ms$/.test(line)));
  assert.doesNotMatch(lines.join("\n"), /198\.51|127\.0|secret|abc|elsewhere|Firefox/);
});

test("the level chooses the lines, and a name can't break the form", () => {
  const lines = [];
  for (const level of ["off", "errors", "all"]) {
    const observer = new Observer({ level, write: (line) => lines.push(`${level} ${line}`) });
    for (const status of [200, 404, 503]) {
      let close;
      observer.observe("GET", "/x", { headersSent: true, statusCode: status, once: (_, done) => (close = done) });
      close();
    }
  }
  assert.deepEqual(lines.map((line) => line.split(" ").filter((_, index) => [0, 2, 5].includes(index)).join(" ")), [
    "errors warning 404", "errors error 503", "all info 200", "all warning 404", "all error 503",
  ]);
  assert.equal(exposition([["a", "gauge", "h", [[{ site: 'x"\\\n' }, 1]]]]), '# HELP a h\n# TYPE a gauge\na{site="x\\"\\\\\\n"} 1\n');
});

test("a level or port that is none is named, in both languages", async (t) => {
  const cwd = await emptyFolder(t);
  const said = async (words, env = {}) => (await laifang(["serve", "--port", "0", ...words], { cwd, env })).stderr;
  const taken = createServer();
  await new Promise((done) => taken.listen(0, "127.0.0.1", done));
  t.after(() => taken.close());
  const port = String(taken.address().port);
  assert.match(await said(["--log-requests", "loud"]), /--log-requests takes off, errors or all, not “loud”/);
  assert.match(await said(["--log-requests", "loud"], { LC_ALL: "zh_CN.UTF-8" }), /--log-requests 要写 off、errors 或 all/);
  assert.match(await said(["--metrics-port", "0"]), /--metrics-port takes a whole number from 1/);
  assert.match(await said(["--metrics-port", port]), /port \d+, for metrics, is taken by another program/);
  assert.match(await said(["--metrics-port", port], { LC_ALL: "zh_CN.UTF-8" }), /给 Prometheus 的端口 \d+ 已被/);
});
