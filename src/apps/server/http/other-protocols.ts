// Clients that offer another protocol than HTTP/1.1, such as h2c: their offer is left alone (RFC 9110, section 7.8), and the
// request is answered as if it had not been made.

import type { IncomingMessage, Server } from "node:http";
import type { Duplex } from "node:stream";
import { TLSSocket } from "node:tls";

const OFFER = new Set(["connection", "http2-settings", "upgrade"]);

/** Has the request read once more without its offer. Its connection ends with the answer. @param head what came behind its headers */
export function readWithoutOffer(
  server: Server,
  { method, url, httpVersion, rawHeaders }: IncomingMessage,
  socket: Duplex,
  head: Buffer,
): void {
  const lines = [`${method} ${url} HTTP/${httpVersion}`, "Connection: close"];
  for (let i = 0; i < rawHeaders.length; i += 2)
    if (!OFFER.has(rawHeaders[i].toLowerCase())) lines.push(`${rawHeaders[i]}: ${rawHeaders[i + 1]}`);
  socket.unshift(Buffer.concat([Buffer.from(`${lines.join("\r\n")}\r\n\r\n`, "latin1"), head]));
  server.emit(socket instanceof TLSSocket ? "secureConnection" : "connection", socket);
}
