// The OpenAPI document against the running Worker: thousands of requests that Schemathesis makes from it, good
// ones and bad ones, and no answer that the document does not tell of. `CASES=20000` makes more, `SEED=2` others.
import { after, before, test } from "node:test";
import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { startWorker, TOKEN } from "../edge/worker.mjs";

const here = dirname(fileURLToPath(import.meta.url));
const root = join(here, "../..");
const DOCUMENT = join(root, "edge/openapi.json");
const SCHEMATHESIS = join(root, "target/python/bin/schemathesis");
const CASES = Number(process.env.CASES ?? 5000);
const METHODS = ["get", "put", "post", "delete"];
/** Answered 200 where a site is damaged alone: `tests/long/corruption.test.mjs` damages some. */
const FOR_DAMAGED_SITES = "POST /v1/sites/{site}/restore";
const CHECKS = [
  "not_a_server_error",
  "status_code_conformance",
  "content_type_conformance",
  "response_headers_conformance",
  "response_schema_conformance",
  "unsupported_method",
  "allow_header_conformance",
  "ignored_auth",
];

let worker;
before(async () => (worker = await startWorker({ vars: { SITES: "example.cn *.school.cn" } })));
after(() => worker.end());

const operationsOf = (document) =>
  Object.values(document.paths).flatMap((item) => METHODS.filter((method) => item[method]));

/** Runs it, its progress on our own output; what it reports. */
async function schemathesis(perOperation) {
  const folder = await mkdtemp(join(tmpdir(), "laifang-api-"));
  const report = join(folder, "report.json");
  try {
    const child = spawn(
      SCHEMATHESIS,
      [
        ...["run", DOCUMENT, "--url", worker.host.url, "--header", `Authorization: Bearer ${TOKEN}`],
        ...["--phases", "examples,coverage,fuzzing", "--max-examples", String(perOperation)],
        ...["--checks", CHECKS.join(","), "--seed", process.env.SEED ?? "1", "--suppress-health-check", "all"],
        ...["--generation-database", "none", "--warnings", "off", "--no-color"],
        ...["--report", "json", "--report-json-path", report],
      ],
      { cwd: folder, stdio: "inherit", env: { ...process.env, SCHEMATHESIS_HOOKS: "hooks", PYTHONPATH: here, PYTHONDONTWRITEBYTECODE: "1" } },
    );
    const code = await new Promise((done, fail) => child.once("exit", done).once("error", fail));
    return { code, report: JSON.parse(await readFile(report, "utf8")) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

test("the Worker serves the document as it is in the repository, to everybody", async () => {
  const response = await worker.fetch("/openapi.json");
  assert.equal(response.status, 200);
  assert.equal(response.headers.get("content-type"), "application/json");
  assert.equal(response.headers.get("access-control-allow-origin"), "*");
  assert.ok((await response.text()) === (await readFile(DOCUMENT, "utf8")));
});

test(`${CASES} requests made from the document get no answer it does not tell of`, { timeout: 900_000 }, async () => {
  const operations = operationsOf(JSON.parse(await readFile(DOCUMENT, "utf8"))).length;
  // Some operations take nothing, so there is but one request to make; the others make up for it.
  const { code, report } = await schemathesis(Math.ceil(CASES / (operations - 4)));
  assert.equal(code, 0, "Schemathesis tells above what failed, and how to send it again");
  assert.deepEqual([report.operations.tested, report.operations.errored], [operations, 0]);
  assert.ok(report.test_cases.generated >= CASES, `only ${report.test_cases.generated} requests were made`);
  for (const [operation, phases] of Object.entries(report.valid_rates)) {
    if (operation === FOR_DAMAGED_SITES) continue;
    const accepted = Object.values(phases).reduce((sum, phase) => sum + phase.accepted, 0);
    assert.ok(accepted > 0, `${operation} was never answered 200, so its reply was not checked`);
  }
});
