import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { runInNewContext } from "node:vm";
import { afterAll, describe, expect, it } from "vitest";
import { TrainedModel, saveModelFile, writeModelFile } from "../../src/model/index.ts";
import { Recognizer } from "../../src/recognizer/index.ts";
import type { Outcome, Source, TranscriptionProgress } from "../../src/recognizer/index.ts";
import { constantModel, untrainedModel } from "../model/small-model.ts";
import { sweep, waveFile } from "./wave-file.ts";

const folder = await mkdtemp(join(tmpdir(), "earshot-recognizer-"));
afterAll(() => rm(folder, { recursive: true }));

const threads = { threads: 1 };
const samples = sweep(0.6);

async function collect(outcomes: AsyncIterable<Outcome>): Promise<Outcome[]> {
  const all: Outcome[] = [];
  for await (const outcome of outcomes) all.push(outcome);
  return all;
}

/** Without the confidences, whose last digits depend on the batch. */
function timed(outcome: Outcome): unknown {
  if ("error" in outcome) return outcome.error;
  const { text, words, warnings, seconds } = outcome.transcription;
  const times = words.map(({ text, startMs, endMs }) => [text, startMs, endMs]);
  return { text, times, warnings, seconds };
}

/** As a program has it that runs in a realm of its own, such as a window or a test of another framework. */
const foreignCopy = (samples: Float32Array): unknown =>
  runInNewContext("Float32Array.from(samples)", { samples });

describe("a recognizer", async () => {
  const recognizer = await Recognizer.load(untrainedModel(), threads);
  const audioPath = join(folder, "hello.wav");
  await writeFile(audioPath, waveFile(samples));
  const fromPath = await recognizer.transcribe(audioPath);
  afterAll(() => recognizer.close());

  it("gives the same for a file, its bytes and its samples", async () => {
    expect(fromPath.text).toMatch(/^[a-z' ]+$/);
    expect(fromPath).toMatchObject({ warnings: [], seconds: 0.6 });
    expect(await recognizer.transcribe(waveFile(samples))).toEqual(fromPath);
    const rounded = samples.map((sample) => Math.round(32_768 * sample) / 32_768); // as 16-bit files keep them
    expect(await recognizer.transcribe({ samples: rounded, sampleRateHz: 16_000 })).toEqual(fromPath);
    const frames = recognizer.model.prepare(rounded).views[0];
    expect((await recognizer.transcribe({ frames })).text).toBe(fromPath.text);
  });

  it("brings samples of another rate to the model's", async () => {
    const { seconds } = await recognizer.transcribe({ samples: sweep(0.5, 44_100), sampleRateHz: 44_100 });
    expect(seconds).toBe(0.5);
  });

  it("is the same from a path, from bytes and from a model in memory", async () => {
    const path = join(folder, "model.safetensors");
    await saveModelFile(path, untrainedModel());
    for (const source of [path, writeModelFile(untrainedModel())]) {
      const other = await Recognizer.load(source, threads);
      expect(await other.transcribe(audioPath)).toEqual(fromPath);
      await other.close();
    }
    const model = await TrainedModel.open(untrainedModel(), threads);
    expect(await new Recognizer(model).transcribe(audioPath)).toEqual(fromPath);
    await model.close();
  });

  it("writes what its network spells, repeats collapsed", async () => {
    const constant = await Recognizer.load(constantModel("q"), threads);
    expect((await constant.transcribe(audioPath)).text).toBe("q");
    await constant.close();
    const spaces = await Recognizer.load(constantModel(" "), threads);
    expect((await spaces.transcribe(audioPath)).text).toBe("");
    await spaces.close();
  });

  it("warns of a recording too short to hold a window, and gives no text", async () => {
    const short = { samples: new Float32Array(0), sampleRateHz: 16_000 };
    const { text, warnings, seconds } = await recognizer.transcribe(short);
    expect({ text, seconds, codes: warnings.map(({ code }) => code) }).toEqual({
      text: "",
      seconds: 0,
      codes: ["SHORT_AUDIO"],
    });
  });

  it("refuses samples that are no sound, by name", async () => {
    for (const sampleRateHz of [0, NaN, 44_100.5, 999, 768_001, 1e9]) {
      await expect(recognizer.transcribe({ samples, sampleRateHz })).rejects.toMatchObject({
        code: "INVALID_SAMPLES",
      });
    }
    await expect(
      recognizer.transcribe({ samples: Float32Array.of(0, NaN), sampleRateHz: 16_000 }),
    ).rejects.toThrow("samples: Some of the samples are infinite or not numbers.");
  });

  it("takes an array of numbers, and refuses by name what plain JavaScript may give instead of a recording", async () => {
    const numbers = { samples: [...samples] as never, sampleRateHz: 16_000 };
    const expected = await recognizer.transcribe({ samples, sampleRateHz: 16_000 });
    expect(await recognizer.transcribe(numbers)).toEqual(expected);
    for (const own of [Float64Array.from(samples), foreignCopy(samples)])
      expect(await recognizer.transcribe({ samples: own as never, sampleRateHz: 16_000 })).toEqual(expected);
    const refused: [unknown, string][] = [
      [samples, "Samples were given without their rate."],
      [[0, 0.5], "Samples were given without their rate."],
      [undefined, "The recording is undefined."],
      [{}, "The recording is of type Object."],
      [
        { samples: new Int16Array(3), sampleRateHz: 8_000 },
        "The samples are of type Int16Array instead of a Float32Array.",
      ],
      [{ samples: ["a"], sampleRateHz: 8_000 }, "Some of the samples are infinite or not numbers."],
      ...[[[0.5]], ["0.5"], [null], [1n], [Symbol("0")], Object.assign([], { length: 3 }), [1e39]].map(
        (odd): [unknown, string] => [
          { samples: odd, sampleRateHz: 8_000 },
          "Some of the samples are infinite or not numbers.",
        ],
      ),
      [
        { samples: Buffer.alloc(4), sampleRateHz: 8_000 },
        "The samples are of type Buffer instead of a Float32Array.",
      ],
      [{ samples: undefined, sampleRateHz: 8_000 }, "The samples are undefined instead of a Float32Array."],
      [
        { frames: undefined },
        "The frames are undefined instead of { data, frames: T, size: F }, data being a Float32Array of T · F.",
      ],
      [
        { frames: { data: [0], frames: 1, size: 1 } },
        "The frames are of type Object instead of { data, frames: T, size: F }, data being a Float32Array of T · F.",
      ],
      [{ samples: [0], sampleRateHz: "16000" }, 'The sample rate is the text "16000" instead of a number.'],
      [
        { samples: [0], sampleRateHz: 1e9 },
        "The sample rate is 1000000000 Hz instead of a whole number from 1000 to 768000.",
      ],
    ];
    for (const [source, problem] of refused) {
      await expect(recognizer.transcribe(source as Source)).rejects.toMatchObject({
        code: "INVALID_SAMPLES",
        problem,
      });
    }
  });

  it("brings integers to full scale, as those of a file, and says so", async () => {
    const integers = { samples: samples.map((sample) => Math.round(20_000 * sample)), sampleRateHz: 16_000 };
    const before = integers.samples.slice();
    const { warnings } = await recognizer.transcribe(integers);
    expect(warnings).toContainEqual({
      code: "OVERLOADED_AUDIO",
      message: expect.stringMatching(
        /^The samples reach \d+ where full scale is 1; they were divided by that peak\.$/,
      ) as string,
    });
    const peak = integers.samples.reduce((most, sample) => Math.max(most, Math.abs(sample)), 0);
    const floats = { samples: integers.samples.map((sample) => sample / peak), sampleRateHz: 16_000 };
    const expected = await recognizer.transcribe(floats);
    expect(await recognizer.transcribe(integers)).toEqual({ ...expected, warnings });
    expect(expected.warnings).toEqual([]);
    expect(integers.samples).toEqual(before);
  });

  it("names the recording that cannot be read", async () => {
    const missing = join(folder, "nothing.wav");
    await expect(recognizer.transcribe(missing)).rejects.toMatchObject({
      code: "RECORDING_NOT_FOUND",
      where: missing,
      problem: "There is no such file.",
    });
    await expect(recognizer.transcribe(folder)).rejects.toMatchObject({ code: "UNREADABLE_RECORDING" });
    await expect(recognizer.transcribe("/dev/zero")).rejects.toMatchObject({ code: "UNREADABLE_RECORDING" });
  });
  it("gives no text for silence", async () => {
    const samples = new Float32Array(16_000);
    expect(await recognizer.transcribe({ samples, sampleRateHz: 16_000 })).toMatchObject({
      text: "",
      seconds: 1,
    });
  });

  it("transcribes many as it does one by one, in their order, whatever the size of the batches", async () => {
    const lengths = [0.9, 0.1, 0.5, 0.02, 0.7, 0.3];
    const sources = lengths.map((seconds) => ({ samples: sweep(seconds), sampleRateHz: 16_000 }));
    const alone = await Promise.all(sources.map((source) => recognizer.transcribe(source)));
    for (const batchFrames of [1, 100, 8_000]) {
      const outcomes = await collect(recognizer.transcribeAll(sources, { batchFrames }));
      expect(outcomes.map(({ source }) => source)).toEqual(sources);
      expect(outcomes.map(timed)).toEqual(alone.map((transcription) => timed({ source: "", transcription })));
    }
  });

  it("transcribes a long recording as the sounds between its pauses, and reports how far it is", async () => {
    const parts = [15, 15, 14, 15, 16, 15].map((seconds) =>
      sweep(seconds).fill(0, 0, 20_000).fill(0, -20_000),
    );
    const samples = Float32Array.from(parts.flatMap((part) => [...part]));
    const texts = await Promise.all(
      parts.map(async (part) => {
        return (await recognizer.transcribe({ samples: part, sampleRateHz: 16_000 })).text;
      }),
    );
    expect(texts.length).toBeGreaterThan(2);
    const reported: TranscriptionProgress[] = [];
    const onProgress = (progress: TranscriptionProgress) => reported.push(progress);
    const long = { samples, sampleRateHz: 16_000 };
    expect(await recognizer.transcribe(long, { onProgress })).toMatchObject({
      text: texts.join(" "),
      warnings: [],
      seconds: 90,
    });
    expect(reported.length).toBeGreaterThan(1);
    expect(reported.every(({ ofSeconds }) => ofSeconds === 90)).toBe(true);
    expect(90 - reported.at(-1)!.seconds).toBeLessThan(0.2); // each piece ends with half a window of no frame
    const outcomes = await collect(recognizer.transcribeAll([audioPath, long, audioPath]));
    expect(outcomes.map((outcome) => "transcription" in outcome && outcome.transcription.text)).toEqual([
      fromPath.text,
      texts.join(" "),
      fromPath.text,
    ]);
  });

  it("goes on after a source that cannot be read", async () => {
    const sources: Source[] = [join(folder, "nothing.wav"), new Uint8Array(3), audioPath];
    const outcomes = await collect(recognizer.transcribeAll(sources));
    expect(
      outcomes.map((outcome) => ("error" in outcome ? outcome.error.code : outcome.transcription.text)),
    ).toEqual(["RECORDING_NOT_FOUND", "UNKNOWN_AUDIO_FORMAT", fromPath.text]);
  });

  it("stops at a signal with the signal's reason", async () => {
    const reason = new Error("enough");
    await expect(recognizer.transcribe(audioPath, { signal: AbortSignal.abort(reason) })).rejects.toBe(
      reason,
    );
    const controller = new AbortController();
    const done: Source[] = [];
    const transcribing = async () => {
      for await (const { source } of recognizer.transcribeAll([audioPath, audioPath], controller)) {
        done.push(source);
        controller.abort(reason);
      }
    };
    await expect(transcribing()).rejects.toBe(reason);
    expect(done).toEqual([audioPath]);
  });

  it("gives a named error once it is closed", async () => {
    const closed = await Recognizer.load(untrainedModel(), threads);
    await closed.close();
    await expect(closed.transcribe(audioPath)).rejects.toMatchObject({ code: "PROGRAM_CLOSED" });
  });
});

it("an empty list of models is refused by its code", async () => {
  await expect(Recognizer.load([])).rejects.toMatchObject({ code: "NO_MODEL" });
  expect(() => new Recognizer([])).toThrow("The list of models is empty.");
});

it("a closed recognizer opens no stream", async () => {
  const recognizer = await Recognizer.load(untrainedModel(), threads);
  await recognizer.close();
  expect(() => recognizer.stream()).toThrow("The program was closed.");
});

it.each([undefined, 3, null])("what is no model is refused by its code: %s", async (source) => {
  const load = Recognizer.load(source as unknown as string);
  await expect(load).rejects.toMatchObject({ code: "UNREADABLE_MODEL", where: "model" });
});
