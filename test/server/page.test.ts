// The page as the server has it: its document under a strict policy, its files, and nothing else of the disk.

import { connect } from "node:net";
import { afterAll, describe, expect, it } from "vitest";
import { startServing } from "./serving.ts";

describe("the page of a server", async () => {
  const serving = await startServing();
  afterAll(() => serving.close());
  const impatient = await startServing({ limits: { idleSeconds: 1 } });
  afterAll(() => impatient.close());

  it("is told what is served, under a policy that lets it ask its own origin alone", async () => {
    const answer = await fetch(serving.url);
    const document = await answer.text();
    expect(answer.headers.get("content-type")).toContain("text/html");
    const policy = answer.headers.get("content-security-policy")!;
    expect(document).toContain(`content="${policy.replace("; frame-ancestors 'none'", "")}"`);
    expect(policy).toContain("default-src 'self'; script-src 'self' 'wasm-unsafe-eval';");
    expect(policy).not.toMatch(/unsafe-inline|'unsafe-eval'|https?:|\*/);
    const [, facts] = /name="earshot-server" content="([^"]*)"/.exec(document)!;
    expect(JSON.parse(facts.replaceAll("&#34;", '"'))).toMatchObject({ models: ["tones"], needsKey: false });
  });

  it("has scripts, styles, the engine and a model, each with its type", async () => {
    const document = await (await fetch(serving.url)).text();
    const [script] = /assets\/[^"]+\.js/.exec(document)!;
    const [style] = /assets\/[^"]+\.css/.exec(document)!;
    for (const [name, type] of [
      [script, "text/javascript"],
      [style, "text/css"],
      ["models/commands-en.safetensors", "application/octet-stream"],
    ]) {
      const answer = await fetch(`${serving.url}/${name}`);
      expect([name, answer.status]).toEqual([name, 200]);
      expect(answer.headers.get("content-type")).toContain(type);
      expect((await answer.arrayBuffer()).byteLength).toBeGreaterThan(1_000);
    }
  });

  it("sends a file once to those who keep it", async () => {
    const url = `${serving.url}/models/commands-en.safetensors`;
    const etag = (await fetch(url, { method: "HEAD" })).headers.get("etag")!;
    const again = await fetch(url, { headers: { "if-none-match": etag } });
    expect([again.status, (await again.arrayBuffer()).byteLength]).toEqual([304, 0]);
    expect((await fetch(url, { headers: { "if-none-match": '"other"' } })).status).toBe(200);
  });

  it("holds nothing of a file that nobody reads, and hangs up", async () => {
    const { port } = new URL(impatient.url);
    const before = process.memoryUsage().arrayBuffers;
    const sockets = Array.from({ length: 30 }, () => connect(Number(port), "127.0.0.1").pause());
    for (const socket of sockets)
      socket
        .on("error", () => undefined)
        .write("GET /earshot/ort-wasm-simd-threaded.wasm HTTP/1.1\r\nHost: localhost\r\n\r\n");
    await new Promise((resolve) => setTimeout(resolve, 500));
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(30 * 2_000_000);
    await impatient.until('earshot_refusals_total{reason="slow_reader"}', sockets.length);
    for (const socket of sockets) socket.destroy();
  });

  it.each(["/assets/none.js", "/models/../package.json", "/assets/..%2f..%2fpackage.json", "/assets/%00"])(
    "has nothing at %s",
    async (path) => {
      expect((await fetch(serving.url + path)).status).toBe(404);
    },
  );
});
