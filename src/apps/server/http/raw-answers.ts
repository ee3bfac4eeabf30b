// Refusals where there is no request, or none that could be read: written to the connection as they are, with an id, and
// counted as others are.

import { STATUS_CODES } from "node:http";
import type { Server, Socket } from "node:net";
import type { Duplex } from "node:stream";
import { RequestError } from "@hono/node-server";
import { brokenOff } from "../live/socket-endings.ts";
import { badRequest, Refusal, tooMany } from "../refusal.ts";
import type { ServerContext } from "../server-context.ts";

/** For an answer to arrive: a connection that is destroyed while bytes of its client are unread takes the answer with it. */
const LINGER_MS = 500;

/** Answers as HTTP, and hangs up. @param body the refusal in the form of its dialect */
export function answerRaw(socket: Duplex, refusal: Refusal, requestId: string, body?: object): void {
  const { status, retryAfterSeconds } = refusal;
  const text = JSON.stringify(body ?? plainBody(refusal));
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

/** Where no dialect has a form of its own. */
const plainBody = ({ message, code }: Refusal): object => ({ error: { message, code } });

/** Sends the last bytes, and hangs up. */
export function endWith(socket: Duplex, bytes: string | Buffer): void {
  socket.end(bytes);
  socket.resume();
  socket.once("finish", () => setTimeout(() => socket.destroy(), LINGER_MS).unref());
}

/** Counted, in the log, and answered. @param thrown what stood in the way @param bodyOf the refusal in the form of its dialect */
export function refuseRaw(
  socket: Duplex,
  thrown: unknown,
  requestId: string,
  context: ServerContext,
  bodyOf?: (refusal: Refusal, requestId: string) => object,
): void {
  const refusal = countRefused(thrown, requestId, context);
  answerRaw(socket, refusal, requestId, bodyOf?.(refusal, requestId));
}

/** Of a request that no dialect saw. */
function countRefused(thrown: unknown, requestId: string, context: ServerContext): Refusal {
  const refusal = brokenOff(thrown, { requestId }, context);
  const { status, code } = refusal;
  context.log.info("request", { request: requestId, route: "none", status, code });
  return refusal;
}

/** To requests whose address cannot be read. */
export function answerUnreadable(error: unknown, context: ServerContext): Response {
  const unreadable = badRequest(`The request has no address that can be read: ${(error as Error).message}.`);
  const requestId = context.newId("req");
  const refusal = countRefused(error instanceof RequestError ? unreadable : error, requestId, context);
  const { status } = refusal;
  return Response.json(plainBody(refusal), { status, headers: { "x-request-id": requestId } });
}

/** Requests that Node itself gives up on: too slow, with headers too large, or no HTTP. */
export function answerBrokenRequests(server: Server, context: ServerContext): void {
  server.on("clientError", (error: NodeJS.ErrnoException, socket: Socket) => {
    if (error.code === "ECONNRESET" || !socket.writable) return socket.destroy();
    const [refusal, requestId] = [brokenRequest(error.code), context.newId("req")];
    if (!/^ERR_(TLS|SSL)/.test(error.code ?? "")) return refuseRaw(socket, refusal, requestId, context);
    countRefused(refusal, requestId, context);
    socket.destroy(); // there is nothing to answer through
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
  context: ServerContext,
  answer?: (socket: Socket, refusal: Refusal, requestId: string) => void,
): void {
  const open = new Set<Socket>();
  server.prependListener("connection", (socket: Socket) => {
    if (open.has(socket)) return; // it is read once more
    open.add(socket);
    socket.once("close", () => open.delete(socket));
    if (open.size <= most) return;
    turnedAway.add(socket);
    const requestId = context.newId("req");
    const refusal = countRefused(tooMany(`${most} connections are open already`, 503), requestId, context);
    if (answer) answer(socket, refusal, requestId);
    else socket.destroy();
  });
}
