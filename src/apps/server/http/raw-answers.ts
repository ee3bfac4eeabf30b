// Refusals where there is no request, or none that could be read: written to the connection as they are, with an id, and
// counted as others are.

import { STATUS_CODES } from "node:http";
import type { Server, Socket } from "node:net";
import type { Duplex } from "node:stream";
import { Refusal, tooMany } from "../refusal.ts";
import type { ServerContext } from "../server-context.ts";

/** For an answer to arrive: a connection that is destroyed while bytes of its client are unread takes the answer with it. */
const LINGER_MS = 500;

/** Answers as HTTP, and hangs up. @param body the refusal in the form of its dialect */
export function answerRaw(socket: Duplex, refusal: Refusal, requestId: string, body?: object): void {
  const { status, message, code, retryAfterSeconds } = refusal;
  const text = JSON.stringify(body ?? { error: { message, code } });
  const lines = [
    `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? "Refused"}`,
    "Connection: close",
    "Content-Type: application/json",
    `Content-Length: ${Buffer.byteLength(text)}`,
    `X-Request-Id: ${requestId}`,
    ...(retryAfterSeconds === undefined ? [] : [`Retry-After: ${retryAfterSeconds}`]),
  ];
  endWith(socket, `${lines.join("\r\n")}\r\n\r\n${text}`);
}

/** Sends the last bytes, and hangs up. */
export function endWith(socket: Duplex, bytes: string | Buffer): void {
  socket.end(bytes);
  socket.resume();
  socket.once("finish", () => setTimeout(() => socket.destroy(), LINGER_MS).unref());
}

/** Requests that Node itself gives up on: too slow, with headers too large, or no HTTP. */
export function answerBrokenRequests(server: Server, { metrics, log, newId }: ServerContext): void {
  server.on("clientError", (error: NodeJS.ErrnoException, socket: Socket) => {
    if (error.code === "ECONNRESET" || !socket.writable) return socket.destroy();
    const [refusal, request] = [brokenRequest(error.code), newId("req")];
    const isSecured = !/^ERR_(TLS|SSL)/.test(error.code ?? "");
    metrics.refusals.add({ reason: refusal.reason });
    log.info("request", { request, route: "none", status: refusal.status, code: refusal.code });
    if (isSecured) answerRaw(socket, refusal, request);
    else socket.destroy(); // there is nothing to answer through
  });
}

function brokenRequest(code: string | undefined): Refusal {
  if (code === "ERR_HTTP_REQUEST_TIMEOUT" || code === "ERR_TLS_HANDSHAKE_TIMEOUT")
    return new Refusal("too_slow", "The request did not come in time.", { code: "request_timeout" });
  if (code === "HPE_HEADER_OVERFLOW")
    return new Refusal("too_large", "The headers are too large.", { code: "headers_too_large", status: 431 });
  return new Refusal("bad_request", "The request is no HTTP.", { code: "invalid_request" });
}

const turnedAway = new WeakSet<Duplex>();

/** Whether the connection is one too many: it has been answered, and whatever it asks for is left alone. */
export const isTurnedAway = (socket: Duplex): boolean => turnedAway.has(socket);

/** Connections beyond these are counted, answered where there is a form for it, and closed. */
export function limitConnections(
  server: Server,
  most: number,
  { metrics, log, newId }: ServerContext,
  answer?: (socket: Socket, refusal: Refusal, requestId: string) => void,
): void {
  let open = 0;
  server.prependListener("connection", (socket: Socket) => {
    open++;
    socket.once("close", () => open--);
    if (open <= most) return;
    turnedAway.add(socket);
    const [refusal, request] = [tooMany(`${most} connections are open already`, 503), newId("req")];
    metrics.refusals.add({ reason: refusal.reason });
    log.info("request", { request, route: "none", status: refusal.status, code: refusal.code });
    if (answer) answer(socket, refusal, request);
    else socket.destroy();
  });
}
