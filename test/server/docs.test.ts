// docs/serving.md says what the server does.

import { readFileSync } from "node:fs";
import { afterAll, describe, expect, it } from "vitest";
import { serverLimits } from "../../src/apps/server/index.ts";
import { listSettings } from "../../src/settings.ts";
import { startServing } from "./serving.ts";

const page = readFileSync(new URL("../../docs/serving.md", import.meta.url), "utf8");

it("lists every limit with its default", () => {
  const rows = [...page.matchAll(/^\| `(\w+)` +\| ([\d,]+) +\| (.*?) +\|$/gm)].map(([, ...cells]) => cells);
  const limits = listSettings(serverLimits).map(({ path, default: usual, description }) => {
    return [path, Number(usual).toLocaleString("en"), description];
  });
  expect(rows).toEqual(limits);
});

describe("the OpenAPI document", async () => {
  const serving = await startServing();
  afterAll(() => serving.close());
  const document = (await (await fetch(`${serving.url}/openapi.json`)).json()) as {
    openapi: string;
    paths: Record<
      string,
      Record<string, { operationId: string; responses: object; parameters?: { name: string; in: string }[] }>
    >;
    components: { schemas: object };
  };

  it("has every reference that it names, and every operation once", () => {
    expect(document.openapi).toBe("3.1.0");
    const references = [...JSON.stringify(document).matchAll(/"#\/components\/schemas\/(\w+)"/g)];
    expect(references.length).toBeGreaterThan(20);
    for (const [, name] of references) expect(document.components.schemas).toHaveProperty(name);
    const operations = Object.values(document.paths).flatMap(({ get, post }) => [get, post].filter(Boolean));
    expect(new Set(operations.map(({ operationId }) => operationId)).size).toBe(operations.length);
    for (const [path, { parameters = [] }] of Object.entries(document.paths) as [
      string,
      { parameters?: { name: string }[] },
    ][])
      expect(parameters.map(({ name }) => `{${name}}`)).toEqual(path.match(/\{\w+\}/g) ?? []);
  });

  it("says what is answered: each path exists, and no other does", async () => {
    const [script] = /[^/"]+\.js(?=")/.exec(await (await fetch(serving.url)).text())!;
    const names = {
      "/v1/models/{id}": "tones",
      "/assets/{file}": script,
      "/earshot/{file}": "earshot.js",
      "/models/{file}": "commands-en.safetensors",
    };
    for (const [path, { get, post }] of Object.entries(document.paths)) {
      const answer = await fetch(serving.url + path.replace(/\{\w+\}/, names[path as keyof typeof names]), {
        method: get ? "GET" : "POST",
      });
      await answer.body?.cancel();
      const { responses } = (get ?? post)!;
      expect([path, String(answer.status) in responses]).toEqual([path, true]);
      expect([path, answer.status]).toEqual([path, get ? 200 : 400]);
    }
    expect((await fetch(`${serving.url}/v1/audio/translations`, { method: "POST" })).status).toBe(404);
  });

  it("has all that docs/serving.md and the page for clients name, and what the page loads", async () => {
    const named = [...page.matchAll(/^\| `(\/[\w./]*)` +\|/gm)].map(([, path]) => path);
    const clients = await (await fetch(`${serving.url}/connect`)).text();
    const linked = [...clients.matchAll(/href="([^"]+)"/g)].map(([, path]) => path);
    const routes = ["/connect", "/assets/{file}", "/earshot/{file}", "/models/{file}", ...linked];
    expect(named).toEqual(expect.arrayContaining(["/connect", ...linked]));
    for (const path of [...named, ...routes]) expect(document.paths).toHaveProperty([path]);
  });

  it("is told of on the page for clients, which has the models and no script", async () => {
    const page = await fetch(`${serving.url}/connect`);
    const text = await page.text();
    expect(text).toContain("<code>tones</code>");
    expect(text).toContain('href="/openapi.json"');
    expect(text).not.toContain("<script");
    expect(page.headers.get("content-security-policy")).toContain("default-src 'none'");
  });
});
