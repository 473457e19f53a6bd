// A page as it comes, with a tag put at its end.
//
// The runtime's HTMLRewriter finds the place. In the middle of some old pages it gives up (a script inside a <select>), so
// what it puts out is followed, and from there on the origin's own bytes are sent: a page is never cut short by us.
// Out of scope: which pages get the tag (`pages.js`).

/** Puts `tag` before `</body>`, or at the end of a page that leaves it out; none where `isOurs` knows a script. */
function rewriterFor(state, tag, isOurs) {
  const place = (add) => {
    if (state.isPlaced || state.hasTag) return;
    state.isPlaced = true;
    add(tag, { html: true });
  };
  return new HTMLRewriter()
    .on("script[src]", {
      element(script) {
        state.hasTag ||= isOurs(script);
      },
    })
    .on("body", {
      element(body) {
        if (state.hasBody) return;
        state.hasBody = true;
        body.onEndTag((end) => place((...tags) => end.before(...tags)));
      },
    })
    .onDocument({
      end(end) {
        if (state.hasBody) place((...tags) => end.append(...tags));
      },
    });
}

/** The origin's body, piece by piece, and what of it has been read and not yet gone out. */
class Source {
  #pieces = [];
  #reader;
  #reading;
  failure;
  isAtEnd = false;

  constructor(body) {
    this.#reader = body.getReader();
  }

  /** The next piece; undefined at the end. */
  async read() {
    this.#reading = this.#reader.read();
    try {
      const { done, value } = await this.#reading;
      this.isAtEnd = done;
      if (done) return undefined;
      this.#pieces.push(value);
      return value;
    } catch (error) {
      this.failure = error;
      throw error;
    }
  }

  /** The byte that goes out next. */
  next() {
    return this.#pieces[0]?.[0];
  }

  /** So many bytes have gone out. */
  drop(bytes) {
    for (let left = bytes; left > 0 && this.#pieces.length > 0; ) {
      const [piece] = this.#pieces;
      if (piece.length > left) this.#pieces[0] = piece.subarray(left);
      else this.#pieces.shift();
      left -= piece.length;
    }
  }

  /** What was read and has not gone out. */
  async takeRest() {
    await this.#reading?.catch(() => {});
    return this.#pieces.splice(0);
  }

  cancel(reason) {
    return this.#reader.cancel(reason);
  }
}

/** Follows what the rewriter puts out: the page's own bytes, and the tag once. */
class Follower {
  #source;
  #state;
  #tag;
  #tagBytes = 0;

  constructor(source, state, tag) {
    this.#source = source;
    this.#state = state;
    this.#tag = new TextEncoder().encode(tag);
  }

  follow(piece) {
    for (let at = 0; at < piece.length; at++) {
      const isBeforeTag = this.#state.isPlaced && this.#tagBytes < this.#tag.length;
      if (!isBeforeTag) return this.#source.drop(piece.length - at);
      if (this.#tagBytes > 0 || piece[at] !== this.#source.next()) this.#tagBytes++;
      else this.#source.drop(1);
    }
  }

  /** What is left of a tag that was begun, and of the page. */
  async rest() {
    const ofTag = this.#tagBytes > 0 ? [this.#tag.subarray(this.#tagBytes)] : [];
    return [...ofTag, ...(await this.#source.takeRest())].filter((piece) => piece.length > 0);
  }
}

/** The body with the tag in it, as the origin sends it. */
export function withTag(body, tag, isOurs) {
  const state = { isPlaced: false, hasTag: false, hasBody: false };
  const source = new Source(body);
  // The line break differs from what stands at the end of a body (`<`): so the tag's beginning is found in what comes out.
  const line = `\n${tag}`;
  const follower = new Follower(source, state, line);
  let isRaw = false;
  const input = new ReadableStream({
    async pull(controller) {
      const piece = isRaw ? undefined : await source.read();
      if (piece) controller.enqueue(piece);
      else controller.close();
    },
  });
  const page = new Response(input, { headers: { "Content-Type": "text/html" } });
  const rewritten = rewriterFor(state, line, isOurs).transform(page).body.getReader();

  async function rewrittenPieces() {
    const { done, value } = await rewritten.read();
    // It also ends where its input fails.
    if (done && !source.isAtEnd) throw source.failure ?? new Error("it ended before the page");
    if (done) return [];
    follower.follow(value);
    return [value];
  }
  async function rawPieces() {
    const piece = await source.read();
    source.drop(piece?.length ?? 0);
    return piece ? [piece] : [];
  }
  async function pieces() {
    if (isRaw) return rawPieces();
    try {
      return await rewrittenPieces();
    } catch (error) {
      if (source.failure) throw source.failure;
      console.warn(`a page can't be followed to its end: ${error.message}`);
      isRaw = true;
      const rest = await follower.rest();
      return rest.length > 0 ? rest : rawPieces();
    }
  }
  return new ReadableStream({
    async pull(controller) {
      try {
        const next = await pieces();
        for (const piece of next) controller.enqueue(piece);
        if (next.length === 0) controller.close();
      } catch (error) {
        // Thrown on, it would end the page as if it were whole.
        controller.error(error);
      }
    },
    cancel: (reason) => source.cancel(reason),
  });
}
