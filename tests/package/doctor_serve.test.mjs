// `laifang doctor` at a real counter, with a web server in front that does right or wrong.
import { test } from "node:test";
import assert from "node:assert/strict";
import { createServer, request as send } from "node:http";
import { TOKEN, emptyFolder, laifang, serve } from "./command.mjs";

/** A web server: a page at /, the counter below /laifang/; `headersOf(request)` is what it tells the counter of the visitor. */
async function webServer(test, counter, headersOf) {
  const server = createServer((request, response) => {
    if (!request.url.startsWith("/laifang/")) return response.writeHead(200, { "Content-Type": "text/html" }).end('<p>您是第 位來訪者</p><script async src="/laifang/widget.js"></script>');
    const { "x-forwarded-for": forwarded, "x-real-ip": real, ...headers } = request.headers;
    const upstream = send(counter + request.url.slice("/laifang".length), { method: request.method, headers: { ...headers, ...headersOf({ forwarded, real, peer: request.socket.remoteAddress }) } }, (answer) => {
      response.writeHead(answer.statusCode, answer.headers);
      answer.pipe(response);
    });
    request.pipe(upstream);
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  test.after(() => server.closeAllConnections() ?? server.close());
  return `http://localhost:${server.address().port}`;
}

const VISITOR = "203.0.113.9";
const right = () => ({ "X-Forwarded-For": VISITOR, "X-Real-IP": VISITOR });
const adding = ({ forwarded }) => ({ "X-Forwarded-For": [forwarded, VISITOR].filter(Boolean).join(", "), "X-Real-IP": VISITOR });
const naming = ({ peer }) => ({ "X-Forwarded-For": peer, "X-Real-IP": peer });
const handingOn = ({ forwarded }) => ({ "X-Forwarded-For": forwarded ?? VISITOR });

async function examined(t, words, headersOf, isDirect = false) {
  const served = await serve(t, ["--site", "localhost", ...words], { cwd: await emptyFolder(t), env: { ADMIN_TOKEN: TOKEN } });
  const site = await webServer(t, served.url, headersOf);
  const found = await laifang(["doctor", site, "--counter", isDirect ? served.url : `${site}/laifang/`], { env: { ADMIN_TOKEN: TOKEN } });
  const counts = await fetch(`${served.url}/v1/sites/localhost`, { headers: { Authorization: `Bearer ${TOKEN}` } });
  assert.equal((await counts.json()).counts.views, 0, "it counts nothing");
  return found;
}

test("a web server that is believed, first party, is found right", async (t) => {
  for (const headersOf of [right, adding]) {
    const { code, stdout } = await examined(t, ["--trusted-proxy", "127.0.0.1"], headersOf);
    assert.equal(code, 0, stdout);
    assert.match(stdout, /✓ the tag is in the page; the counter is http:\/\/localhost:\d+\/laifang\/\n/);
    assert.match(stdout, /✓ pages of localhost may count\n/);
    assert.match(stdout, /✓ the counter takes this machine for 203\.0\.113\.9\n {2}✓ visitors can't pass for others\n/);
  }
});

test("a web server that the counter does not believe, and one that hands on what visitors wrote, are found", async (t) => {
  const unnamed = await examined(t, [], right);
  assert.equal(unnamed.code, 1);
  assert.match(unnamed.stdout, /✗ requests come through 127\.0\.0\.1, which speaks for 203\.0\.113\.9.*\n.*--trusted-proxy 127\.0\.0\.1/);
  const open = await examined(t, ["--trusted-proxy", "127.0.0.1"], handingOn);
  assert.equal(open.code, 1);
  assert.match(open.stdout, /✗ visitors can pass for others/);
});

test("run on the web server's own machine it is no different: by the site's address, or at the counter itself", async (t) => {
  const trusting = ["--trusted-proxy", "127.0.0.1"];
  const unnamed = await examined(t, [], naming);
  assert.equal(unnamed.code, 1, unnamed.stdout);
  assert.match(unnamed.stdout, /✗ requests come through 127\.0\.0\.1, which speaks for 127\.0\.0\.2.*\n.*--trusted-proxy 127\.0\.0\.1/);
  const silent = await examined(t, trusting, () => ({}));
  assert.match(silent.stdout, /✗ the web server in front does not say who the visitor is: everybody is 127\.0\.0\.1/);
  const named = await examined(t, trusting, naming);
  assert.equal(named.code, 0, named.stdout);
  assert.match(named.stdout, /✓ the counter takes this machine for 127\.0\.0\.1\n/);
  const direct = await examined(t, [], naming, true);
  assert.match(direct.stdout, /! The counter believes nothing that 127\.0\.0\.1 says/);
  assert.match((await examined(t, trusting, naming, true)).stdout, /✓ the counter believes what a web server at 127\.0\.0\.1 says of its visitors\n/);
});
