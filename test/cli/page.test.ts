import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { writeModelFile } from "../../src/model/index.ts";
import { constantModel } from "../model/small-model.ts";
import { earshot, jsonLines } from "./command-line.ts";

const folder = await mkdtemp(join(tmpdir(), "earshot-page-"));
afterAll(() => rm(folder, { recursive: true }));
await writeFile(join(folder, "own words.safetensors"), writeModelFile(constantModel("a")));

const run = (...argv: string[]) => earshot(folder, ...argv);
const read = (name: string) => readFile(join(folder, name), "utf8");

describe("earshot page", () => {
  it("writes a page that needs no server, with its model, and replaces it whole", async () => {
    const { code, stdout } = await run("page", "--out", "site", "--json");
    expect(code).toBe(0);
    const [{ files, bytes, model }] = jsonLines(stdout) as { files: number; bytes: number; model: string }[];
    const names = await readdir(join(folder, "site"), { recursive: true, withFileTypes: true });
    expect(names.filter((entry) => entry.isFile())).toHaveLength(files);
    expect(bytes).toBeGreaterThan(1e6);
    expect(model).toBe("commands-en");
    const document = await read("site/index.html");
    for (const [, name] of document.matchAll(/(?:src|href)="\.\/([^"]+)"/g))
      expect((await read(`site/${name}`)).length).toBeGreaterThan(0);

    await writeFile(join(folder, "site/assets/of-an-older-page.js"), "");
    await writeFile(join(folder, "site/CNAME"), "example.org");
    expect((await run("page", "--out", "site", "-m", "own words.safetensors")).stderr).toMatch(
      /^site: \d+ files, [\d.]+ MB, listening with own-words\n$/,
    );
    expect(await readdir(join(folder, "site/models"))).toEqual(["own-words.safetensors"]);
    expect(await readdir(join(folder, "site/assets"))).not.toContain("of-an-older-page.js");
    expect(await read("site/CNAME")).toBe("example.org");
    expect(await read("site/index.html")).toContain('name="earshot-model" content="own-words"');
  });

  it("overwrites nothing that is no page, and writes none around a damaged model", async () => {
    await mkdir(join(folder, "mine"));
    await writeFile(join(folder, "mine/index.html"), "<title>mine</title>");
    expect(await run("page", "--out", "mine")).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("FOLDER_IN_USE") as string,
    });
    await writeFile(join(folder, "damaged.safetensors"), "no model");
    const { code } = await run("page", "--out", "new", "-m", "damaged.safetensors");
    expect(code).not.toBe(0);
    expect(await readdir(folder)).not.toContain("new");
    expect(await run("page")).toMatchObject({ code: 2, stderr: expect.stringContaining("--out") as string });
  });
});
