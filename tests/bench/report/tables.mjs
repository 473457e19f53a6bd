// Measurements as HTML: for each region of a page a function of the kept results and a language's words. A region whose part has not
// been measured stays as it is.

const cellOf = (tag) => (text) => `<${tag}>${text}</${tag}>`;
const row = ([first, ...cells]) => `<tr><th scope="row">${first}</th>${cells.map(cellOf("td")).join("")}</tr>`;

/** A table; what is wide scrolls by itself. */
function table(heads, rows, isWide = false) {
  const head = `<thead><tr>${heads.map((text) => `<th scope="col">${text}</th>`).join("")}</tr></thead>`;
  const made = `<table>\n${head}\n<tbody>\n${rows.map(row).join("\n")}\n</tbody>\n</table>`;
  return isWide ? `<div class="wide">\n${made}\n</div>` : made;
}

const paragraph = (text) => `<p>${text}</p>`;
const ofMegabytes = (bytes, digits) => (bytes / 1e6).toFixed(digits);
const spreadOf = ([middle, least, most], digits) => (least === most ? middle.toFixed(digits) : `${middle.toFixed(digits)} (${least.toFixed(digits)}–${most.toFixed(digits)})`);

function loadTable(kind) {
  return ({ hits }, words) => {
    if (!hits) return undefined;
    const rows = hits.rows.filter((found) => found.kind === kind);
    const cells = rows.map(({ sites, connections, name, rate, p50, p99, p999, cpu, ratio, cpuRatio }) => [
      words.group(sites),
      connections,
      words.name(name),
      words.group(Math.round(rate)),
      ...[p50, p99, p999].map((ms) => ms.toFixed(1)),
      Math.round(cpu),
      spreadOf(ratio, 2),
      spreadOf(cpuRatio, 2),
    ]);
    const ours = rows.filter(({ name }) => name === "Laifang");
    const fromTo = (numbers) => [Math.min(...numbers), Math.max(...numbers)].map((number) => number.toFixed(2)).join("–");
    const summary = words.ratios(kind, fromTo(ours.map(({ ratio }) => ratio[0])), fromTo(ours.map(({ cpuRatio }) => 1 / cpuRatio[0])));
    return [paragraph(summary), table(words.load, cells, true), paragraph(words.say(words.rounds(hits.rounds[kind], hits.seconds), words.about(hits.machine)))].join("\n");
  };
}

function accounts({ hits }, words) {
  if (!hits) return undefined;
  const rows = hits.accounts.map(({ sites, name, sent, lost, surplus, retries, doubled, mustBeExact }) => {
    const isKv = !mustBeExact && name !== "plain JavaScript";
    // Requests under way when a turn ended may have been counted without having been answered.
    const missing = isKv && lost ? words.atLeast(words.group(lost)) : words.group(lost);
    return [words.group(sites), words.name(name), words.group(sent), missing, isKv ? "–" : words.group(surplus), words.ofRetries(doubled, retries)];
  });
  return table(words.accounts, rows, true);
}

function serve({ serve: found }, words) {
  if (!found) return undefined;
  const rows = found.rows.map(({ name, rate, p50, p99, cpu, ratio }) => [words.name(name), words.group(Math.round(rate)), p50.toFixed(1), p99.toFixed(1), Math.round(cpu), spreadOf(ratio, 2)]);
  const met = found.rows[1].ratio[0] >= 0.9;
  return [table(words.serve, rows), paragraph(words.say(words.serveAim(met), words.rounds(found.rounds, found.seconds), words.about(found.machine)))].join("\n");
}

function start({ start: found }, words) {
  if (!found) return undefined;
  const rows = found.rows.map(({ name, first, cpu, hit }) => [words.name(name), spreadOf(first, 0), spreadOf(cpu, 0), hit ? spreadOf(hit, 0) : "–"]);
  return [table(words.start, rows), paragraph(words.say(words.wasm(ofMegabytes(found.wasmBytes, 2)), words.startRounds(found.rounds), words.about(found.machine)))].join("\n");
}

function cost({ cost: found }, words) {
  if (!found) return undefined;
  const some = (number) => (number ? words.group(Math.round(number)) : "–");
  const rows = found.rows.map(({ name, rate, rows: written, alarms, calls, kvWrites, price }) => [
    words.rates[rate] ?? words.name(name),
    some(written + alarms),
    some(calls),
    some(kvWrites),
    price.toFixed(2),
  ]);
  return table(words.cost, rows);
}

function growth({ growth: found }, words) {
  if (!found) return undefined;
  const reached = found.sizes.filter(({ refusedHit }) => !refusedHit);
  const rows = reached.map(({ pages, visitors, cpu, p99, cold, warm, memory, rowBytes, kvBytes }) => [
    words.group(pages),
    words.group(visitors),
    Math.round(cpu),
    p99.toFixed(1),
    ...[cold, warm].map((woken) => `${spreadOf(woken.ms, 0)}; ${woken.cpu[0].toFixed(0)}`),
    ofMegabytes(memory, 1),
    ofMegabytes(rowBytes, 1),
    ofMegabytes(kvBytes, 2),
  ]);
  const aimed = reached.find(({ pages, visitors }) => pages === found.aim.pages && visitors === found.aim.visitors);
  // What the plot shows stands above it and in the table, in words that the build can translate.
  const parts = [paragraph(words.plot), paragraph(`<img src="/docs/growth.svg" width="720" height="460" alt="">`), table(words.growth, rows, true)];
  if (aimed) {
    const times = [aimed.cold, aimed.warm].map(({ ms }) => ms[0]);
    const aim = { ...found.aim, pages: words.group(found.aim.pages), visitors: words.group(found.aim.visitors) };
    const met = times.filter((ms) => ms <= found.aim.wakeMs).length;
    parts.push(paragraph(words.wakeAim(aim, ...times.map((ms) => ms.toFixed(0)), met)));
  }
  const refused = found.sizes.find(({ refusedHit }) => refusedHit);
  const { wall } = reached.find((size) => size.wall) ?? {};
  if (refused && wall) {
    const told = Object.fromEntries(Object.entries(refused).map(([key, number]) => [key, words.group(number)]));
    parts.push(paragraph(words.wall(told, { ...wall, visitors: words.group(wall.visitors) })));
  }
  return [...parts, paragraph(words.say(words.startRounds(found.rounds), words.about(found.machine)))].join("\n");
}

/** Milliseconds to the number in a browser: a column for each network and kind of visit. */
function browser({ browser: found }, words) {
  if (!found) return undefined;
  const columns = found.networks.flatMap(({ rows }) => ["cold", "warm"].map((kind) => rows.map((contender) => contender[kind])));
  const names = found.networks[0].rows.map(({ name }) => name);
  const rows = names.map((name, index) => [words.name(name), ...columns.map((column) => Math.round(column[index]))]);
  const ours = names.indexOf("Laifang");
  const toFastest = columns.map((column) => (column[ours] / Math.min(...column.filter((_, index) => index !== ours))).toFixed(2));
  const of = (parity) => toFastest.filter((_, index) => index % 2 === parity);
  const aim = words.browserAim(of(0).join("–"), of(1).join("–"), of(0).filter((ratio) => Number(ratio) <= 1.1).length);
  return [table(words.browser, [...rows, [words.toFastest, ...toFastest.map((ratio) => `${ratio}×`)]]), paragraph(words.say(aim, words.about(found.machine)))].join("\n");
}

/** What a page's marked regions hold. */
export const REGIONS = { hits: loadTable("hits"), reads: loadTable("reads"), accounts, serve, start, cost, growth, browser };
