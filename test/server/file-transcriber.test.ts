// Whole files in threads of their own: one that dies is replaced, one that hangs is ended, and what nobody waits for is not done.

import { afterAll, describe, expect, it, vi } from "vitest";
import { serverLimits, type ServerLimits } from "../../src/apps/server/settings.ts";
import { FileTranscriber } from "../../src/apps/server/models/file-transcriber.ts";
import { fileFailed, fileWork, type FileWork } from "../../src/apps/server/models/file-work.ts";
import { writeModelFile } from "../../src/model/index.ts";
import { sameThreadWorker, type SameThreadWorker } from "../../src/platform/index.ts";
import { waveFile } from "../recognizer/wave-file.ts";
import { SPOKEN, toneModel, toneSpeech } from "./tone-model.ts";

describe("a transcriber of files", async () => {
  const workers: SameThreadWorker[] = [];
  const start = () => {
    workers.push(sameThreadWorker(fileWork(), fileFailed));
    return workers.at(-1)!;
  };
  const transcriber = new FileTranscriber(writeModelFile(toneModel()), { threads: 1 }, start);
  await transcriber.warm();
  afterAll(() => transcriber.close());
  const sound = waveFile(toneSpeech(SPOKEN));
  const transcribe = async (signal = new AbortController().signal, limits: Partial<ServerLimits> = {}) =>
    (await transcriber.transcribe(sound, { hotWords: {} }, signal, { ...serverLimits.parse({}), ...limits }))
      .transcription;

  it("tries a file once more whose worker died, and others notice nothing", async () => {
    const texts = [transcribe(), transcribe()];
    await Promise.resolve();
    await new Promise((resolve) => setTimeout(resolve, 0));
    workers[0].die(new Error("killed"));
    expect((await Promise.all(texts)).map(({ text }) => text)).toEqual([SPOKEN, SPOKEN]);
    expect(workers).toHaveLength(2);
  });

  it("counts the time from a file's turn on, and bounds the wait by itself", async () => {
    const limits = { fileSeconds: 0.5, fileWaitSeconds: 30 };
    const slow = serverLimits.parse({});
    const texts = Array.from({ length: 4 }, () => transcribe(undefined, limits));
    expect((await Promise.all(texts)).map(({ text }) => text)).toEqual(texts.map(() => SPOKEN));
    const first = transcriber.transcribe(sound, { hotWords: {} }, new AbortController().signal, slow);
    await expect(transcribe(undefined, { fileWaitSeconds: 0 })).rejects.toMatchObject({
      reason: "too_many",
      status: 503,
      retryAfterSeconds: 5,
      message: "The file has waited 0 s for those before it; come again in 5 s.",
    });
    expect((await first).seconds).toBeGreaterThan(0);
  });

  it("takes no grammar for dear because others have the processor", async () => {
    const clock = vi.spyOn(performance, "now");
    let ms = 0;
    clock.mockImplementation(() => (ms += 5_000));
    const cost = await transcriber.tryDecoder({ hotWords: {}, grammar: "tea\ntoast" });
    clock.mockRestore();
    expect(cost).toBeLessThan(1_000);
  });

  it("does nothing for those who have gone", async () => {
    const gone = new AbortController();
    const [first, second] = [transcribe(), transcribe(gone.signal)];
    gone.abort(new Error("gone"));
    await expect(second).rejects.toThrow("gone");
    expect((await first).text).toBe(SPOKEN);
    expect(workers).toHaveLength(2);
  });
});

describe("a transcriber of files with two threads", async () => {
  const workers: SameThreadWorker[] = [];
  /** Files that are under way, and what lets each end, in the order in which they began. */
  const begun: (() => void)[] = [];
  const start = () => {
    const work = fileWork();
    const transcribeLater: FileWork["transcribe"] = async (...call) => {
      await new Promise<void>((resolve) => begun.push(resolve));
      return work.transcribe(...call);
    };
    workers.push(sameThreadWorker({ ...work, transcribe: transcribeLater }, fileFailed));
    return workers.at(-1)!;
  };
  const transcriber = new FileTranscriber(writeModelFile(toneModel()), { threads: 1, fileWorkers: 2 }, start);
  await transcriber.warm();
  afterAll(() => transcriber.close());
  const ask = async (text: string) => {
    const { signal } = new AbortController();
    const sound = waveFile(toneSpeech(text));
    const done = await transcriber.transcribe(sound, { hotWords: {} }, signal, serverLimits.parse({}));
    return done.transcription.text;
  };
  const untilBegun = (count: number) => vi.waitFor(() => expect(begun).toHaveLength(count));

  it("has two under way, and gives the next to whichever is free", async () => {
    const texts = ["a note", "ten", "a tone"].map(ask);
    await untilBegun(2);
    begun[1]();
    expect(await texts[1]).toBe("ten");
    await untilBegun(3);
    begun[2]();
    expect(await texts[2]).toBe("a tone");
    begun[0]();
    expect(await texts[0]).toBe("a note");
  });

  it("goes on with one while the other is replaced", async () => {
    begun.length = 0;
    const texts = ["a note", "ten"].map(ask);
    await untilBegun(2);
    workers[0].die(new Error("killed"));
    await untilBegun(3);
    for (const end of begun) end();
    expect(await Promise.all(texts)).toEqual(["a note", "ten"]);
    expect(workers).toHaveLength(3);
  });
});
