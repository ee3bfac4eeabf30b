// Folders under paths of a server on the loopback interface, as any static host serves them.

import { createReadStream, statSync } from "node:fs";
import { createServer } from "node:http";
import { extname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";

const DIST = fileURLToPath(new URL("../../dist/", import.meta.url));
const TYPES = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".mjs": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".json": "application/json",
  ".wasm": "application/wasm",
};
const EMPTY_PAGE = `<!doctype html><html lang="en"><meta charset="utf-8"><link rel="icon" href="data:,"><title>Test</title></html>`;

/** What lets pages share memory between threads (`crossOriginIsolated`). */
export const ISOLATING = {
  "cross-origin-opener-policy": "same-origin",
  "cross-origin-embedder-policy": "require-corp",
};

/** @param folders by the path that they are served under; dist/ is always at /dist/ @param headers of every answer */
export async function serveFolders({ folders = {}, headers = {} } = {}) {
  const served = Object.entries({ "/dist/": DIST, ...folders });
  const requests = [];
  const server = createServer(({ url }, response) => {
    const path = decodeURIComponent(new URL(url, "http://localhost").pathname);
    requests.push(path);
    const file = fileOf(path, served);
    if (file === undefined && path !== "/") return response.writeHead(404).end();
    response.writeHead(200, { "content-type": TYPES[extname(file ?? ".html")] ?? "audio/wav", ...headers });
    if (file === undefined) response.end(EMPTY_PAGE);
    else createReadStream(file).pipe(response);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    origin: `http://127.0.0.1:${server.address().port}`,
    requests,
    close: () => new Promise((resolve) => server.close(resolve)).finally(server.closeAllConnections()),
  };
}

/** The file of a path, of a folder its index.html; undefined where there is none. */
function fileOf(path, served) {
  for (const [prefix, folder] of served) {
    if (!path.startsWith(prefix)) continue;
    const rest = normalize(path.slice(prefix.length));
    const places = rest.startsWith("..") ? [] : [join(folder, rest), join(folder, rest, "index.html")];
    const file = places.find((place) => statSync(place, { throwIfNoEntry: false })?.isFile());
    if (file) return file;
  }
}
