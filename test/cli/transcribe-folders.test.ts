// A folder whose transcription was broken off goes on where it was; every channel may have a transcript of its own.

import { appendFile, mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { writeModelFile } from "../../src/model/index.ts";
import { constantModel } from "../model/small-model.ts";
import { sweep, waveFile } from "../recognizer/wave-file.ts";
import { earshot, jsonLines } from "./command-line.ts";

const folder = await mkdtemp(join(tmpdir(), "earshot-folders-"));
afterAll(() => rm(folder, { recursive: true }));
await mkdir(join(folder, "speech"));
for (const name of ["a", "b", "c"])
  await writeFile(join(folder, "speech", `${name}.wav`), waveFile(sweep(0.3)));
await writeFile(join(folder, "model.safetensors"), writeModelFile(constantModel("a")));
await writeFile(join(folder, "stereo.wav"), stereo(waveFile(sweep(1))));

const transcribe = (...argv: readonly string[]) =>
  earshot(folder, "transcribe", ...argv, "-m", "model.safetensors", "--threads", "1");
const text = (name: string) => readFile(join(folder, "texts", name), "utf8");

describe("transcribe into a folder, run again", () => {
  const again = () => transcribe("speech", "--out", "texts");

  it("leaves finished transcripts as they are, corrected ones too, and says so", async () => {
    expect(await again()).toMatchObject({ code: 0, stderr: "" });
    expect(await text("b.txt")).toBe("a\n");
    await writeFile(join(folder, "texts/b.txt"), "corrected\n");
    const { code, stderr } = await again();
    expect(code).toBe(0);
    expect(stderr).toBe(
      "3 of 3 recordings have their transcript already, unchanged since (--restart makes all anew).\n",
    );
    expect(await text("b.txt")).toBe("corrected\n");
  });

  it("makes what is missing, and what changed: the recording, the model, an option", async () => {
    await rm(join(folder, "texts/a.txt"));
    await writeFile(join(folder, "speech/c.wav"), waveFile(sweep(0.4)));
    const lines = jsonLines((await transcribe("speech", "--out", "texts", "--json")).stdout);
    expect(lines).toMatchObject([
      { finished: "texts/b.txt" },
      { path: "speech/a.wav", text: "a" },
      { path: "speech/c.wav" },
    ]);
    expect(await text("a.txt")).toBe("a\n");
    await rm(join(folder, "texts/b.txt"));
    expect((await transcribe("speech", "--out", "texts", "--beam", "4")).stderr).toBe("");
    expect(await text("b.txt")).toBe("a\n");
    await utimes(join(folder, "model.safetensors"), 1, 1);
    const anew = jsonLines((await transcribe("speech", "--out", "texts", "--beam", "4", "--json")).stdout);
    expect(anew.map(({ path, text }) => [path, text])).toEqual(
      ["a", "b", "c"].map((name) => [`speech/${name}.wav`, "a"]),
    );
  });

  it("leaves what was corrected even where the options are others now, unless all is made anew", async () => {
    await writeFile(join(folder, "texts/b.txt"), "corrected\n");
    const { code, stdout, stderr } = await transcribe("speech", "--out", "texts", "--beam", "5", "--json");
    expect(code).toBe(0);
    expect(stderr).toBe(
      "warning: CORRECTED_TRANSCRIPTS  1 of 3 transcripts would come out otherwise now, but were changed by hand since: they stay (--restart makes all anew).\n",
    );
    expect(jsonLines(stdout)).toMatchObject([
      { path: "speech/b.wav", corrected: "texts/b.txt" },
      { path: "speech/a.wav" },
      { path: "speech/c.wav" },
    ]);
    expect(await text("b.txt")).toBe("corrected\n");
    await transcribe("speech", "--out", "texts", "--beam", "5", "--restart");
    expect(await text("b.txt")).toBe("a\n");
  });

  it("leaves what was not written by it, and says so, unless all is made anew", async () => {
    await mkdir(join(folder, "other"));
    await writeFile(join(folder, "other/b.txt"), "by hand\n");
    const { code, stdout, stderr } = await transcribe("speech", "--out", "other", "--json");
    expect(code).toBe(0);
    expect(stderr).toBe(
      "warning: FOREIGN_TRANSCRIPTS  1 of 3 recordings have a file in the place of their transcript that was not written here: it stays (--restart makes all anew; or give another --out).\n",
    );
    expect(jsonLines(stdout)).toMatchObject([
      { path: "speech/b.wav", foreign: "other/b.txt" },
      { path: "speech/a.wav" },
      { path: "speech/c.wav" },
    ]);
    expect(await readFile(join(folder, "other/b.txt"), "utf8")).toBe("by hand\n");
    await transcribe("speech", "--out", "other", "--restart");
    expect(await readFile(join(folder, "other/b.txt"), "utf8")).toBe("a\n");
  });

  it("has nothing to restart without a folder", async () => {
    const { code, stderr } = await transcribe("speech", "--restart");
    expect(code).toBe(2);
    expect(stderr).toContain("--restart is for --out FOLDER");
  });

  it("goes on behind a line that a crash cut", async () => {
    await again();
    await appendFile(join(folder, "texts/.transcribed.jsonl"), '{"transcript":"a.t');
    await rm(join(folder, "texts/c.txt"));
    expect((await again()).stderr).toMatch(/^2 of 3 /);
    expect((await again()).stderr).toMatch(/^3 of 3 /);
  });
});

describe("transcribe with --channels each", () => {
  it("gives a transcript for every channel, named by its number", async () => {
    const { stdout } = await transcribe("stereo.wav", "speech/a.wav", "--channels", "each", "--json");
    expect(jsonLines(stdout)).toMatchObject([
      { path: "stereo.wav", channel: 1 },
      { path: "stereo.wav", channel: 2 },
      { path: "speech/a.wav" },
    ]);
    expect((await transcribe("stereo.wav", "--channels", "each")).stdout).toBe(
      "stereo.wav (channel 1)\ta\nstereo.wav (channel 2)\ta\n",
    );
    await transcribe("stereo.wav", "--channels", "each", "--format", "srt", "--out", "subtitles");
    const made = await readdir(join(folder, "subtitles"));
    expect(made.filter((name) => name.endsWith(".srt"))).toEqual([
      "stereo-channel1.srt",
      "stereo-channel2.srt",
    ]);
  });

  it("is mix unless it is asked for, and nothing else", async () => {
    expect((await transcribe("stereo.wav")).stdout).toBe("a\n");
    expect((await transcribe("stereo.wav", "--channels", "left")).code).toBe(2);
  });
});

/** The same bytes as two channels. */
function stereo(wav: Uint8Array): Uint8Array {
  const view = new DataView(wav.buffer, wav.byteOffset);
  view.setUint16(22, 2, true);
  view.setUint32(28, 64_000, true);
  view.setUint16(32, 4, true);
  return wav;
}
