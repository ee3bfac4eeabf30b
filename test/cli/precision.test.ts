// --precision of the commands that recognize: it reaches the model, and in bytes a model of ours gives the same texts.

import { once } from "node:events";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { Readable } from "node:stream";
import { afterAll, describe, expect, it, vi } from "vitest";
import { writeModelFile } from "../../src/model/index.ts";
import { waveFile } from "../recognizer/wave-file.ts";
import { pcmOf, SPOKEN, toneModel, toneSpeech } from "../server/tone-model.ts";
import { earshot, start } from "./command-line.ts";

describe("--precision int8", async () => {
  const folder = await mkdtemp(join(tmpdir(), "earshot-precision-"));
  afterAll(() => rm(folder, { recursive: true }));
  const speech = waveFile(toneSpeech(SPOKEN));
  await writeFile(join(folder, "tones.safetensors"), writeModelFile(toneModel()));
  await writeFile(join(folder, "a.wav"), speech);
  await writeFile(join(folder, "data.csv"), `path,transcript\na.wav,${SPOKEN}\n`);
  await earshot(folder, "export", "-m", "tones.safetensors", "--out", "tones.onnx");
  const inBytes = (model: string) => ["-m", model, "--precision", "int8", "--threads", "1"];

  async function listen(model: string) {
    const stdin = vi.spyOn(process, "stdin", "get");
    stdin.mockReturnValue(Readable.from([pcmOf(toneSpeech(SPOKEN))]) as typeof process.stdin);
    return earshot(folder, "listen", "-", ...inBytes(model)).finally(() => stdin.mockRestore());
  }

  const commands = {
    transcribe: (model: string) => earshot(folder, "transcribe", "a.wav", ...inBytes(model)),
    test: (model: string) => earshot(folder, "test", "data.csv", ...inBytes(model), "--json"),
    listen,
    serve: (model: string) => earshot(folder, "serve", "--port", "0", ...inBytes(model)),
  };

  it.each(Object.keys(commands) as (keyof typeof commands)[])(
    "of %s is refused where a program has its own",
    async (name) => {
      const { code, stdout, stderr } = await commands[name]("tones.onnx");
      expect([code, stdout + stderr]).toEqual([3, expect.stringContaining("int8 was asked for.")]);
    },
  );

  it.each([
    ["transcribe", SPOKEN],
    ["listen", SPOKEN],
    ["test", '"wer":0'],
  ] as const)("of %s gives the texts of float32", async (name, expected) => {
    const { code, stdout } = await commands[name]("tones.safetensors");
    expect([code, stdout]).toEqual([0, expect.stringContaining(expected)]);
  });

  it("of serve gives the texts of float32", async () => {
    const child = start(folder, "serve", "--port", "0", "--json", ...inBytes("tones.safetensors"));
    const [line] = (await once(createInterface(child.stdout), "line")) as [string];
    const { listening } = JSON.parse(line) as { listening: { http: string } };
    const form = new FormData();
    form.set("file", new Blob([speech as Uint8Array<ArrayBuffer>]), "a.wav");
    const answer = await fetch(`${listening.http}/v1/audio/transcriptions`, { method: "POST", body: form });
    expect(await answer.json()).toMatchObject({ text: SPOKEN });
    child.kill("SIGTERM");
    expect(await once(child, "exit")).toEqual([0, null]);
  });
});
