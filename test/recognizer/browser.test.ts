// The recognizer's door in a browser: bundled by Vite, without one module of Node, and run in a process without Node's
// globals, on ONNX Runtime's WebAssembly build, it gives the transcripts of Node.

import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { saveModelFile } from "../../src/model/index.ts";
import { Recognizer, type Transcription } from "../../src/recognizer/index.ts";
import { bundleForBrowsers, scriptsOf } from "../browser/bundle.ts";
import { forwardModel, untrainedModel } from "../model/small-model.ts";

const pathTo = (path: string): string => fileURLToPath(new URL(path, import.meta.url));
const RECORDINGS = ["pcm16.wav", "tagged-stereo-44100.mp3", "stereo-22050.flac", "mono.opus"].map((name) =>
  pathTo(`../audio/fixtures/${name}`),
);

interface Result {
  readonly rows: readonly (readonly number[])[];
  readonly transcription: Transcription;
}

const bundle = mkdtempSync(join(tmpdir(), "earshot-browser-"));
beforeAll(() => bundleForBrowsers("recognizer/index.ts", bundle));
afterAll(() => rmSync(bundle, { recursive: true, force: true }));

/** Node may hang where it ends: the process is then killed, and the test tried once more. */
const BOUNDED = { timeout: 2 * 60_000, killSignal: "SIGKILL" } as const; // ms
const TWICE = { retry: 1 };

function inBrowser(model: string): Result[] {
  const args = [pathTo("in-browser.mjs"), bundle, model, ...RECORDINGS];
  return JSON.parse(execFileSync(process.execPath, args, { ...BOUNDED, encoding: "utf8", stdio: "pipe" }));
}

async function inNode(model: string): Promise<Result[]> {
  const recognizer = await Recognizer.load(model, { threads: 1 });
  const results: Result[] = [];
  for (const path of RECORDINGS) {
    const bytes = new Uint8Array(readFileSync(path));
    for await (const outcome of recognizer.logProbabilitiesAll([bytes])) {
      if ("error" in outcome) throw outcome.error;
      const rows = outcome.recording.parts.map(({ part: [{ rows }] }) => [...rows]);
      results.push({ rows, transcription: await recognizer.transcribe(bytes) });
    }
  }
  await recognizer.close();
  return results;
}

const timed = ({ text, words, warnings, seconds }: Transcription) => {
  return { text, times: words.map(({ startMs, endMs }) => [startMs, endMs]), warnings, seconds };
};

describe("a bundle of the recognizer for browsers", () => {
  it("holds no module of Node", () => {
    const scripts = Object.entries(scriptsOf(bundle));
    expect(scripts.length).toBeGreaterThan(4);
    for (const [name, text] of scripts) {
      // The runtime asks for node:os where there is no `navigator`: not in a browser.
      const own = name.startsWith("ort.") ? text.replaceAll('("node:os")', "") : text;
      expect([name, own.match(/["'`]node:\w+/gu)]).toEqual([name, null]);
    }
  });

  it.each([
    ["deep-speech", untrainedModel()],
    ["deep-speech-forward", forwardModel()],
  ])("gives the rows of Node, to 1e-4, and its transcripts: %s", TWICE, async (name, file) => {
    const model = join(bundle, `${name}.safetensors`);
    await saveModelFile(model, file);
    const [found, expected] = [inBrowser(model), await inNode(model)];
    expect(found.map(({ transcription }) => timed(transcription))).toEqual(
      expected.map(({ transcription }) => timed(transcription)),
    );
    expect(expected.every(({ transcription }) => transcription.text !== "")).toBe(true);
    const differences = expected.flatMap(({ rows }, i) =>
      rows.flatMap((row, r) => row.map((value, n) => Math.abs(value - found[i].rows[r][n]))),
    );
    expect(Math.max(...differences)).toBeLessThan(1e-4);
  });
});
