// The way of a connection from HTTP to a WebSocket: which dialect, with which key, from which page; and refusals before
// there is a socket, as HTTP.

import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { WebSocketServer } from "ws";
import type { AllowedOrigins } from "../http/origins.ts";
import { refuseRaw } from "../http/raw-answers.ts";
import { badRequest, Refusal, serverStops } from "../refusal.ts";
import type { ServerClient, ServerContext } from "../server-context.ts";
import { KILOBYTE } from "../settings.ts";
import { ClientSocket, ReasonedWebSocket } from "./client-socket.ts";
import { brokenOff, CLOSE } from "./socket-endings.ts";

/** A dialect over WebSockets. */
export interface SocketDialect {
  readonly name: string;
  readonly path: string;
  /** The key that a client shows, where it is in no Authorization header. */
  keyOf(request: IncomingMessage): string | undefined;
  /** The subprotocol that is agreed upon. */
  readonly subprotocol?: string;
  /** A refusal as a body, before there is a socket. */
  refusalBody?(refusal: Refusal, requestId: string): object;
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
  const { limits, newId, keys, admission } = context;
  const server = new WebSocketServer({
    noServer: true,
    WebSocket: ReasonedWebSocket,
    perMessageDeflate: false, // it allows decompression bombs, and costs memory for each connection
    maxPayload: limits.messageKilobytes * KILOBYTE,
    handleProtocols: (offered) =>
      dialects.find(({ subprotocol = "" }) => offered.has(subprotocol))?.subprotocol ?? false,
  });
  server.on("wsClientError", (error, socket) =>
    refuseRaw(socket, badRequest(`This is no handshake: ${error.message}.`), newId("req"), context),
  );
  return (request, socket, head) => {
    socket.on("error", () => socket.destroy());
    const requestId = newId("req");
    const [path, ...rest] = (request.url ?? "/").split("?");
    const query = new URLSearchParams(rest.join("?"));
    const dialect = dialects.find((each) => each.path === path);
    try {
      if (!dialect) throw noSocketAt(dialects);
      origins.check(request.headers.origin, request.headers.host);
      const client = { requestId, key: keys.nameOf(dialect.keyOf(request)) };
      admission.checkOpen();
      dialect.check?.(query, context);
      server.handleUpgrade(request, socket, head, (webSocket) => {
        const clientSocket = new ClientSocket(webSocket, limits);
        const leave = admission.admitConversation(() => clientSocket.breakOff(serverStops()));
        void dialect
          .converse(clientSocket, query, client, context)
          .catch((error: unknown) => {
            brokenOff(error, client, context);
            clientSocket.close(CLOSE.failed);
          })
          .finally(leave);
      });
    } catch (error) {
      refuseRaw(socket, error, requestId, context, dialect?.refusalBody);
    }
  };
}

function noSocketAt(dialects: readonly SocketDialect[]): Refusal {
  const paths = dialects.map(({ path }) => path).join(", ");
  return new Refusal("not_found", `WebSockets are at ${paths}.`);
}
