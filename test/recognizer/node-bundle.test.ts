// A program of three lines that a bundler for Node made one file of, with no settings but the one for native binaries: the
// transcripts of its bundle are those of the library.

import { execFile } from "node:child_process";
import { mkdtemp, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { build } from "esbuild";
import { afterAll, beforeAll, expect, it } from "vitest";
import { saveModelFile } from "../../src/model/index.ts";
import { Recognizer } from "../../src/recognizer/index.ts";
import { untrainedModel } from "../model/small-model.ts";

const pathTo = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

const PROGRAM = `
  import { Recognizer } from "earshot";
  const recognizer = await Recognizer.load(process.argv[2], { threads: 1 });
  for (const path of process.argv.slice(3)) console.log(JSON.stringify(await recognizer.transcribe(path)));
  await recognizer.close();
`;

/** Each format has a decoder of its own; those not at 16 kHz go through the resampler. */
const RECORDINGS = [
  "pcm16.wav",
  "tagged-stereo-44100.mp3",
  "stereo-22050.flac",
  "stereo-22050.ogg",
  "mono.opus",
].map((name) => pathTo(`../audio/fixtures/${name}`));

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "earshot-bundle-"));
  await symlink(pathTo("../../node_modules"), join(folder, "node_modules"));
});
afterAll(() => rm(folder, { recursive: true }));

it("a bundle for Node gives the transcripts of the library", async () => {
  const [bundle, model] = [join(folder, "program.mjs"), join(folder, "model.safetensors")];
  await saveModelFile(model, untrainedModel());
  await build({
    stdin: { contents: PROGRAM, resolveDir: pathTo("../../") },
    bundle: true,
    platform: "node",
    format: "esm",
    external: ["onnxruntime-node"],
    outfile: bundle,
    logLevel: "error",
  });
  const { stdout } = await promisify(execFile)(process.execPath, [bundle, model, ...RECORDINGS]);
  const recognizer = await Recognizer.load(model, { threads: 1 });
  const expected = [];
  for (const path of RECORDINGS) expected.push(await recognizer.transcribe(path));
  await recognizer.close();
  expect(
    stdout
      .trim()
      .split("\n")
      .map((line) => JSON.parse(line)),
  ).toEqual(expected);
});
