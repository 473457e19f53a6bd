// An answer of workerd's, read whole before its client reads it: who reads slowly holds no connection to workerd.
//
// Files are the same for all clients, so a file that many read at once is in memory once. Out of scope: answers that
// stream, such as an export, which only the owner can ask for.

/** Bodies that clients are reading, by their ETag and encoding. */
const held = new Map();
const forgotten = new FinalizationRegistry((key) => held.get(key)?.deref() ?? held.delete(key));

/** The same bytes as they are in memory already, if they are. */
function shared(body, { etag, "content-encoding": encoding = "" }) {
  if (!etag) return body;
  const key = `${encoding} ${etag}`;
  const known = held.get(key)?.deref();
  if (known?.equals(body)) return known;
  held.set(key, new WeakRef(body));
  forgotten.register(body, key);
  return body;
}

/** The body of `answer`; throws if it breaks off. */
export async function readWhole(answer) {
  const pieces = [];
  for await (const piece of answer) pieces.push(piece);
  return shared(Buffer.concat(pieces), answer.headers);
}
