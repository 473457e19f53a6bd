// Ports of this machine for the servers that tests start.
import { connect, createServer } from "node:net";

/** A port that nobody listens at. */
export async function freePort() {
  const socket = createServer();
  await new Promise((done) => socket.listen(0, "127.0.0.1", done));
  const { port } = socket.address();
  await new Promise((done) => socket.close(done));
  return port;
}

/** Resolves to whether somebody listens at the port. */
export const listens = (port) => new Promise((done) => {
  const socket = connect(port, "127.0.0.1", () => done(true)).on("error", () => done(false));
  socket.once("connect", () => socket.destroy());
});
