// One request of a connection at a time. Node hands out pipelined requests as they arrive, and each would be a request
// to workerd at once: a client that sends thousands in one write would take every connection and file there is.
// Out of scope: how many connections there may be.

/** Requests of one connection that may wait. No browser pipelines; whoever sends more is not waiting for answers. */
const MOST_WAITING = 100;

const connections = new WeakMap();

/** Calls `answer` now, or once the responses before this one on its connection are sent. */
export function inTurn(request, response, answer) {
  const { socket } = request;
  const waiting = connections.get(socket);
  if (!waiting) {
    connections.set(socket, []);
    return begin(socket, response, answer);
  }
  if (waiting.length >= MOST_WAITING) return socket.destroy();
  waiting.push({ response, answer });
  // What it sends meanwhile stays in the operating system's buffers.
  socket.pause();
}

function begin(socket, response, answer) {
  response.once("close", () => {
    const waiting = connections.get(socket);
    const next = waiting.shift();
    if (!waiting.length) socket.resume();
    if (!next) connections.delete(socket);
    else if (!socket.destroyed) begin(socket, next.response, next.answer);
  });
  answer();
}
