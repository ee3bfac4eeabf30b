// The way of a connection from HTTP to a WebSocket: which dialect, with which key, from which page; and refusals before
// there is a socket, as HTTP.

import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { WebSocketServer } from "ws";
import type { AllowedOrigins } from "../http/origins.ts";
import { Refusal, refusalOf } from "../refusal.ts";
import type { ServerClient, ServerContext } from "../server-context.ts";
import { ClientSocket } from "./client-socket.ts";

/** A dialect over WebSockets. */
export interface SocketDialect {
  readonly name: string;
  readonly path: string;
  /** The key that a client shows, where it is in no Authorization header. */
  keyOf(request: IncomingMessage): string | undefined;
  /** The subprotocol that is agreed upon. */
  readonly subprotocol?: string;
  /** Throws a refusal before there is a socket: a model that is not served. */
  check?(query: URLSearchParams, context: ServerContext): void;
  /** A conversation, to its end; the socket is closed behind it. */
  converse(
    socket: ClientSocket,
    query: URLSearchParams,
    client: ServerClient,
    context: ServerContext,
  ): Promise<void>;
}

export type UpgradeListener = (request: IncomingMessage, socket: Duplex, head: Buffer) => void;

export function upgrades(
  dialects: readonly SocketDialect[],
  context: ServerContext,
  origins: AllowedOrigins,
): UpgradeListener {
  const { limits, metrics, log, newId, keys, admission } = context;
  const server = new WebSocketServer({
    noServer: true,
    perMessageDeflate: false, // a bomb, and memory for each connection
    maxPayload: limits.messageKilobytes * 1_024,
    handleProtocols: (offered) =>
      dialects.find(({ subprotocol = "" }) => offered.has(subprotocol))?.subprotocol ?? false,
  });
  return (request, socket, head) => {
    socket.on("error", () => socket.destroy());
    const requestId = newId("req");
    try {
      const url = new URL(request.url ?? "/", "ws://localhost");
      const dialect = dialects.find(({ path }) => path === url.pathname);
      if (!dialect) throw new Refusal("not_found", "There is no WebSocket here.");
      origins.check(request.headers.origin, request.headers.host);
      const client = { requestId, key: keys.nameOf(dialect.keyOf(request)) };
      admission.checkOpen();
      dialect.check?.(url.searchParams, context);
      server.handleUpgrade(request, socket, head, (webSocket) => {
        const own = new ClientSocket(webSocket, limits);
        void dialect.converse(own, url.searchParams, client, context).catch((error: unknown) => {
          metrics.refusals.add({ reason: "failed" });
          log.warn("failed", { request: requestId, error: String((error as Error)?.stack ?? error) });
          own.close(1011);
        });
      });
    } catch (error) {
      const refusal = refusalOf(error);
      metrics.refusals.add({ reason: refusal.reason });
      answer(socket, refusal, requestId);
    }
  };
}

function answer(
  socket: Duplex,
  { status, code, message, retryAfterSeconds }: Refusal,
  requestId: string,
): void {
  const body = JSON.stringify({ error: { message, code } });
  const lines = [
    `HTTP/1.1 ${status} Refused`,
    "Connection: close",
    "Content-Type: application/json",
    `Content-Length: ${Buffer.byteLength(body)}`,
    `X-Request-Id: ${requestId}`,
    ...(retryAfterSeconds === undefined ? [] : [`Retry-After: ${retryAfterSeconds}`]),
  ];
  socket.end(`${lines.join("\r\n")}\r\n\r\n${body}`);
  socket.once("finish", () => socket.destroy());
}
