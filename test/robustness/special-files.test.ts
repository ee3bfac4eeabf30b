// Devices and named pipes in place of files: /dev/zero would be read until the memory is full, a pipe to which nobody
// writes for ever, and Ctrl-C would not end either.

import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { readConfig } from "../../src/apps/cli/training-input.ts";
import { readManifests } from "../../src/data/index.ts";
import { loadModelFile } from "../../src/model/index.ts";
import { readRecording } from "../../src/recognizer/recording.ts";

const folder = mkdtempSync(join(tmpdir(), "earshot-pipes-"));
const pipe = join(folder, "a.txt");
afterAll(() => rmSync(folder, { recursive: true }));

describe.skipIf(process.platform === "win32")("a device or a named pipe is refused", () => {
  beforeAll(() => {
    execFileSync("mkfifo", [pipe]);
    for (const name of ["a.wav", "b.wav"]) writeFileSync(join(folder, name), "");
    writeFileSync(join(folder, "b.txt"), "hello");
  });

  it.each([
    ["as a model", loadModelFile, "UNREADABLE_MODEL"],
    ["as a manifest", (path: string) => readManifests([path]), "MANIFEST_UNREADABLE"],
    ["as a configuration", readConfig, "INVALID_CONFIG"],
    ["as a recording", readRecording, "UNREADABLE_RECORDING"],
  ])("%s", async (_, read: (path: string) => Promise<unknown>, code) => {
    for (const path of [pipe, "/dev/zero"]) await expect(read(path)).rejects.toMatchObject({ code });
  });

  it("as a transcript in a folder, which loses only its recording", async () => {
    const { utterances, warnings } = await readManifests([folder]);
    expect(utterances.map(({ transcript }) => transcript)).toEqual(["hello"]);
    expect(warnings.map(({ code }) => code)).toEqual(["UNTRANSCRIBED_RECORDINGS"]);
  });
});
