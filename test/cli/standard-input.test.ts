// "-" is a recording on stdin: any format that a file may have, among other recordings too.

import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { afterAll, describe, expect, it, vi } from "vitest";
import { writeModelFile } from "../../src/model/index.ts";
import { constantModel } from "../model/small-model.ts";
import { sweep, waveFile } from "../recognizer/wave-file.ts";
import { earshot, finish, jsonLines, start, type Run } from "./command-line.ts";

const folder = await mkdtemp(join(tmpdir(), "earshot-stdin-"));
afterAll(() => rm(folder, { recursive: true }));
const wave = waveFile(sweep(0.5));
await writeFile(join(folder, "one.wav"), wave);
await writeFile(join(folder, "model.safetensors"), writeModelFile(constantModel("a")));

const MODEL = ["-m", "model.safetensors", "--threads", "1"];

function pipe(input: Uint8Array, ...argv: readonly string[]): Promise<Run> {
  const stdin = vi.spyOn(process, "stdin", "get");
  stdin.mockReturnValue(Readable.from([input]) as typeof process.stdin);
  return earshot(folder, ...argv, ...MODEL).finally(() => stdin.mockRestore());
}

/** As a program writes it into a pipe, which cannot know how long it becomes. */
function ofUnknownLength(file: Uint8Array): Uint8Array {
  const piped = Buffer.from(file);
  piped.writeUInt32LE(0xffffffff, 4);
  piped.writeUInt32LE(0xffffffff, piped.indexOf("data") + 4);
  return piped;
}

describe("A recording on stdin", () => {
  it("is transcribed under the path -", async () => {
    const words = [{ text: "a", startMs: 20, endMs: 500 }];
    const child = start(folder, "transcribe", "-", "--json", ...MODEL);
    child.stdin.end(wave);
    const { code, stdout } = await finish(child);
    expect(code).toBe(0);
    expect(jsonLines(stdout)).toMatchObject([{ path: "-", text: "a", words, warnings: [] }]);
  });

  it("may be of a length that its header does not know", async () => {
    const { code, stdout } = await pipe(ofUnknownLength(wave), "transcribe", "-", "--json");
    expect(code).toBe(0);
    expect(jsonLines(stdout)).toMatchObject([{ path: "-", text: "a", warnings: [] }]);
  });

  it("stands among others in its order, and has a file of its own below --out", async () => {
    const { stdout } = await pipe(wave, "transcribe", "one.wav", "-", "one.wav");
    expect(stdout).toBe("one.wav\ta\n-\ta\none.wav\ta\n");
    await pipe(wave, "transcribe", "-", "one.wav", "--out", "texts");
    expect(await readFile(join(folder, "texts/stdin.txt"), "utf8")).toBe("a\n");
  });

  it("is aligned", async () => {
    const { code, stdout } = await pipe(wave, "align", "-", "a", "--json");
    expect(code).toBe(0);
    expect(jsonLines(stdout)).toMatchObject([{ path: "-", text: "a" }]);
  });

  it("that is empty, or no recording, is an error of - and stops no others", async () => {
    const empty = await pipe(new Uint8Array(0), "transcribe", "-", "one.wav", "--json");
    expect(empty.code).toBe(1);
    expect(jsonLines(empty.stdout)).toMatchObject([
      { path: "-", error: { code: "EMPTY_AUDIO", message: "-: Nothing came on stdin." } },
      { path: "one.wav", text: "a" },
    ]);
    const text = await pipe(Buffer.from("hello"), "transcribe", "-", "--json");
    expect(text.code).toBe(1);
    const message = expect.stringMatching(/^-: /) as unknown;
    expect(jsonLines(text.stdout)).toMatchObject([
      { path: "-", error: { code: "UNKNOWN_AUDIO_FORMAT", message } },
    ]);
  });

  it("cannot be given twice", async () => {
    const { code, stdout } = await pipe(wave, "transcribe", "-", "-", "--json");
    expect(code).toBe(2);
    expect(jsonLines(stdout)).toMatchObject([{ error: { code: "USAGE" } }]);
  });
});
