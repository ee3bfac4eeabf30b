// `earshot lm` as a user calls it: from text to a model, what is in it, and what it says of sentences.

import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { afterAll, describe, expect, it } from "vitest";
import { earshot, earshotUntil, finish, jsonLines, start } from "./command-line.ts";

const folder = await mkdtemp(join(tmpdir(), "earshot-lm-cli-"));
afterAll(() => rm(folder, { recursive: true }));
await writeFile(join(folder, "text.txt"), "the fox runs\nthe red fox runs home\na fox\nthe fox runs home\n");

async function query(model: string, sentences: string, ...options: readonly string[]) {
  const child = start(folder, "lm", "query", model, ...options);
  child.stdin.end(sentences);
  return finish(child);
}

describe("earshot lm", () => {
  it.each(["model.lm", "model.arpa", "model.arpa.gz", "small.lm"])(
    "builds %s and answers from it",
    async (name) => {
      const quantize = name === "small.lm" ? ["--quantize"] : [];
      const built = await earshot(
        folder,
        "lm",
        "build",
        "text.txt",
        "--order",
        "2",
        "--out",
        name,
        "--json",
        ...quantize,
      );
      expect(built).toMatchObject({ code: 0, stderr: "" });
      const [facts] = jsonLines(built.stdout);
      expect(facts).toMatchObject({
        path: name,
        order: 2,
        unit: "word",
        ngrams: [9, 11],
        tokens: 14,
        sentences: 4,
      });
      expect(facts.warnings).toMatchObject([{ code: "FALLBACK_DISCOUNTS" }]);

      const info = await earshot(folder, "lm", "info", name, "--json");
      expect(jsonLines(info.stdout)).toMatchObject([
        { path: name, order: 2, vocabulary: 6, ngrams: [9, 11] },
      ]);

      const { code, stdout } = await query(name, "the fox runs\nthe blue fox\n\n", "--json");
      expect(code).toBe(0);
      expect(jsonLines(stdout).map(({ oov }) => oov)).toEqual([0, 1, 0]);
      for (const { log10 } of jsonLines(stdout)) expect(log10).toBeLessThan(0);
    },
  );

  it("says that it waits for text where stdin is a terminal, and only there", async () => {
    const build = ["lm", "build", "-", "--order", "2", "--out", "typed.lm"];
    const own = Object.getOwnPropertyDescriptor(process, "stdin")!;
    const typed = async (isTTY: boolean) => {
      const lines = Readable.from([Buffer.from("the fox runs\nthe red fox runs home\n")]);
      Object.defineProperty(process, "stdin", { ...own, get: () => Object.assign(lines, { isTTY }) });
      return earshot(folder, ...build).finally(() => Object.defineProperty(process, "stdin", own));
    };
    const said = "reading text from the terminal, a sentence a line; end it with Ctrl-D\n";
    const [terminal, pipe] = [await typed(true), await typed(false)];
    expect([terminal.code, pipe.code]).toEqual([0, 0]);
    expect(terminal.stderr.startsWith(said)).toBe(true);
    expect(pipe.stderr).not.toContain("terminal");
  });

  it("prints a line for each sentence, of log10 and unknown words", async () => {
    await earshot(folder, "lm", "build", "text.txt", "--out", "lines.lm");
    const { stdout } = await query("lines.lm", "the fox runs\nthe blue fox\n");
    expect(stdout).toMatch(/^-\d+\.\d{6}\t0\n-\d+\.\d{6}\t1\n$/);
  });

  it.each([
    [["lm"], "USAGE", "See: earshot lm --help"],
    [["lm", "bild"], "USAGE", "Did you mean lm build?"],
    [["lm", "build", "text.txt"], "USAGE", "See: earshot lm build --help"],
    [["lm", "build", "text.txt", "--ordre", "3"], "USAGE", "Did you mean --order?"],
    [
      ["lm", "build", "text.txt", "--out", "a.arpa", "--quantize"],
      "USAGE",
      "Give --out another ending, such as .lm.",
    ],
    [["lm", "build", "text.text", "--out", "a.lm"], "FILE_SYSTEM", 'Did you mean "text.txt"?'],
    [["lm", "build", ".", "--out", "a.lm"], "FILE_SYSTEM", "Give the files in it: folder/*.txt"],
    [
      ["lm", "info", "text.txt"],
      "NOT_A_LANGUAGE_MODEL",
      "Give an ARPA file, or what `earshot lm build` wrote.",
    ],
  ])("answers the mistake %j with a way out", async (argv, code, remedy) => {
    const { code: exit, stdout } = await earshot(folder, ...argv, "--json");
    expect(exit).toBe(code === "USAGE" ? 2 : 3);
    expect(jsonLines(stdout)).toMatchObject([{ error: { code, remedy } }]);
  });

  it.each(["build", "info", "query"])("explains lm %s with examples", async (command) => {
    const { code, stdout } = await earshot(folder, "lm", command, "--help");
    expect(code).toBe(0);
    expect(stdout).toMatch(new RegExp(`Examples:\n  earshot lm ${command} `));
  });

  it.each(["reading", "counting", "smoothing"])(
    "leaves the old model and no parts behind when it is interrupted while %s",
    async (stage) => {
      const lines = Array.from(
        { length: 60_000 },
        (_, i) => `a${i % 7919} b${(i * 31) % 9973} c${(i * 17) % 8887}\n`,
      );
      await writeFile(join(folder, "long.txt"), lines.join(""));
      await writeFile(join(folder, "kept.lm"), "old");
      const options = ["--order", "4", "--memory", "1", "--out", "kept.lm"];
      const build = ["lm", "build", "long.txt", ...options];
      expect((await earshotUntil(new RegExp(stage), folder, ...build)).code).toBe(130);
      expect(await readFile(join(folder, "kept.lm"), "utf8")).toBe("old");
      expect((await readdir(folder)).filter((name) => name.startsWith("."))).toEqual([]);
    },
  );
});
