// The page as the server has it: at "/" the document, which says what is served, and its files beneath. It needs no key: what it
// then asks for does.

import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { extname } from "node:path";
import { ReadableStream as NodeStream } from "node:stream/web";
import type { Env, Hono } from "hono";
import { Refusal } from "../refusal.ts";
import type { ServerContext } from "../server-context.ts";
import { policyOf, readPageFiles, withMeta, type PageFiles } from "./page-files.ts";

const TYPES: Readonly<Record<string, string>> = {
  ".css": "text/css; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".mjs": "text/javascript; charset=utf-8",
  ".mp3": "audio/mpeg",
  ".safetensors": "application/octet-stream",
  ".svg": "image/svg+xml",
  ".wasm": "application/wasm",
};
/** Names in it change with their content. */
const LASTING = "assets/";

/** What the document says of the server; apps/page/served.ts reads it. */
interface ServedFacts {
  readonly version: string;
  readonly models: readonly string[];
  readonly needsKey: boolean;
}

export const isOfPage = (path: string): boolean => path === "/" || /^\/(assets|earshot|models)\//.test(path);

export function addPageRoutes<Variables extends Env>(app: Hono<Variables>, context: ServerContext): void {
  let files: Promise<PageFiles> | undefined;
  const opened = (): Promise<PageFiles> => (files ??= readPageFiles());
  app.get("/", async (c) => {
    const { document } = await opened();
    const policy = `${policyOf(document)}; frame-ancestors 'none'`;
    const text = withMeta(document, "earshot-server", JSON.stringify(factsOf(context)));
    return c.html(text, 200, { "content-security-policy": policy, "cache-control": "no-cache" });
  });
  for (const pattern of ["/assets/*", "/earshot/*", "/models/*"])
    app.get(pattern, async (c) => {
      const name = c.req.path.slice(1);
      const path = (await opened()).paths.get(name);
      const facts = path === undefined ? undefined : await stat(path).catch(() => undefined);
      if (!facts) throw new Refusal("not_found", `There is nothing at /${name.slice(0, 100)}.`);
      const etag = `"${facts.size.toString(36)}-${Math.round(facts.mtimeMs).toString(36)}"`;
      const headers = {
        etag,
        "content-type": TYPES[extname(name)] ?? "application/octet-stream",
        "cache-control": name.startsWith(LASTING) ? "public, max-age=31536000, immutable" : "no-cache",
      };
      if (c.req.header("if-none-match")?.includes(etag)) return c.body(null, 304, headers);
      const whole = { ...headers, "content-length": String(facts.size) };
      if (c.req.method === "HEAD") return c.body(null, 200, whole);
      return c.body(NodeStream.from(chunksOf(path!)) as ReadableStream, 200, whole);
    });
}

/** As they are asked for: what a client does not read is not held. */
async function* chunksOf(path: string): AsyncGenerator<Uint8Array<ArrayBuffer>, void> {
  yield* createReadStream(path) as AsyncIterable<Uint8Array<ArrayBuffer>>;
}

function factsOf({ models, keys, version }: ServerContext): ServedFacts {
  return { version, models: models.list().map(({ name }) => name), needsKey: keys.areNeeded };
}
