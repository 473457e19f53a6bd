// A Worker that only answers: what workerd itself takes to start.
export default { fetch: () => new Response('{"status":"ok"}') };
