// Where a sitemap may lead: never to this machine or its network, unless the user's own address is there.
import { test } from "node:test";
import assert from "node:assert/strict";
import { pagesOf } from "../../dist/cli/sitemap.mjs";
import { standIn } from "./command.mjs";

const PUBLIC = "http://203.0.113.5";
const PAGE = "https://example.cn/a";
const list = `<urlset><url><loc>${PAGE}</loc></url></urlset>`;
const index = (address) => `<sitemapindex><sitemap><loc>${address}</loc></sitemap></sitemapindex>`;

/** A host far away, played here; and one of this machine, which counts who asks. */
async function hosts(t, answer) {
  const secret = { asks: 0 };
  secret.url = await standIn(t, (request, response) => {
    secret.asks++;
    response.end(list);
  });
  const far = await standIn(t, (request, response) => answer(request, response, secret.url));
  const real = globalThis.fetch;
  t.mock.method(globalThis, "fetch", (address, init) => real(String(address).replace(PUBLIC, far), init));
  return { secret, far };
}

test("a sitemap of sitemaps does not lead to this machine or its network", async (t) => {
  const port = (url) => new URL(url).port;
  let name;
  const { secret } = await hosts(t, (request, response, url) => response.end(index(`http://${name}:${port(url)}/`)));
  const names = ["127.0.0.1", "localhost", "2130706433", "0x7f.1", "0.0.0.0", "[::1]", "[::]", "[::ffff:127.0.0.1]"];
  for (name of [...names, "10.1.2.3", "172.31.0.1", "192.168.1.1", "169.254.169.254", "100.100.100.200", "198.18.0.1", "224.0.0.1", "[fd00::1]", "[fe80::1]", "[64:ff9b::7f00:1]"]) {
    await assert.rejects(pagesOf(`${PUBLIC}/sitemap.xml`), /inside this machine or its network; it was not opened/, name);
  }
  assert.equal(secret.asks, 0);
});

test("nor does a redirect, of the first file or a later one", async (t) => {
  const { secret } = await hosts(t, (request, response, url) => {
    if (request.url === "/index.xml") return response.end(index(`${PUBLIC}/moved.xml`));
    response.writeHead(302, { Location: request.url === "/moved.xml" ? "/again.xml" : url }).end();
  });
  for (const file of ["/moved.xml", "/index.xml"]) {
    await assert.rejects(pagesOf(PUBLIC + file), /inside this machine or its network; it was not opened/, file);
  }
  assert.equal(secret.asks, 0);
});

test("a redirect to a far host is followed, a circle of them is not, nor is another protocol", async (t) => {
  await hosts(t, (request, response) => {
    if (request.url === "/new.xml") return response.end(list);
    const to = { "/old.xml": `${PUBLIC}/new.xml`, "/circle.xml": "/circle.xml", "/file.xml": "file:///etc/passwd" }[request.url];
    response.writeHead(301, { Location: to }).end();
  });
  assert.deepEqual(await pagesOf(`${PUBLIC}/old.xml`), [PAGE]);
  await assert.rejects(pagesOf(`${PUBLIC}/circle.xml`), /can't be read/);
  await assert.rejects(pagesOf(`${PUBLIC}/file.xml`), /can't be reached \(/);
});

test("who names a host of this machine may be led to others of it", async (t) => {
  const { far, secret } = await hosts(t, (request, response, url) => {
    if (request.url === "/sitemap.xml") return response.end(index(url));
    response.writeHead(302, { Location: url }).end();
  });
  assert.deepEqual(await pagesOf(`${far}/sitemap.xml`), [PAGE]);
  assert.deepEqual(await pagesOf(`${far}/moved.xml`), [PAGE]);
  assert.equal(secret.asks, 2);
});
