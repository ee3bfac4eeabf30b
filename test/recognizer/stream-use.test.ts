// What a program does with a stream, rightly and wrongly: it waits where it should, ends where it is told to, and every mistake
// has a code.

import { describe, expect, it, vi } from "vitest";
import { SpeexFilter } from "../../src/audio/speex-filter.ts";
import type { AcousticModel } from "../../src/model/index.ts";
import { RandomStream } from "../../src/random.ts";
import { Recognizer } from "../../src/recognizer/index.ts";
import type { StreamEvent } from "../../src/recognizer/index.ts";
import { eventsOf, finalsOf, ONE_UTTERANCE, readAll } from "./live-stream.ts";
import { forwardModel } from "../model/small-model.ts";
import { scriptedModel, scriptOf, streamingScriptedModel } from "./scripted-model.ts";
import { sweep } from "./wave-file.ts";

const samples = scriptOf("h_e_l_l_o_ __w_o_r_l_d_".replaceAll(/./g, "$&_"));
const recognizer = new Recognizer(streamingScriptedModel());

/** A model whose network waits until it is let go. */
function heldModel(): { readonly model: AcousticModel; readonly letGo: () => void } {
  const model = streamingScriptedModel();
  let letGo = (): void => undefined;
  const held = new Promise<void>((resolve) => (letGo = resolve));
  const openStream = () => {
    const stream = model.openStream!();
    return { ...stream, push: (piece: Float32Array) => held.then(() => stream.push(piece)) };
  };
  return { model: { ...model, openStream }, letGo };
}

/** In which all that can happen happens. */
const aMoment = (): Promise<"later"> => new Promise((resolve) => setTimeout(() => resolve("later"), 20));

const isWaiting = async (promise: Promise<unknown>): Promise<boolean> =>
  (await Promise.race([promise, aMoment()])) === "later";

describe("what is written", () => {
  it("may be floats, numbers, 16-bit integers, or their bytes, cut within a sample", async () => {
    const [expected] = finalsOf(await eventsOf(recognizer, [samples], ONE_UTTERANCE));
    const integers = Int16Array.from(samples, (sample) => Math.round(sample * 32_768));
    const bytes = new Uint8Array(integers.buffer);
    const random = new RandomStream(2, "bytes");
    for (let cutting = 0; cutting < 20; cutting++) {
      const stream = recognizer.stream(ONE_UTTERANCE);
      for (let at = 0, end; at < bytes.length; at = end) {
        end = at + 1 + Math.floor(3_000 * random.uniform());
        await stream.write(bytes.subarray(at, end));
      }
      await stream.finish();
      for await (const event of stream) if (event.type === "final") expect(event.text).toBe(expected.text);
      expect(stream.warnings).toEqual([]);
    }
    for (const input of [integers, Array.from(samples)]) {
      const stream = recognizer.stream(ONE_UTTERANCE);
      await stream.write(input);
      await stream.finish();
      const events = await readAll(stream);
      expect(finalsOf(events)[0].text).toBe("hello world");
    }
  });

  it("may end within a sample, which is told", async () => {
    const stream = recognizer.stream();
    await stream.write(new Uint8Array(3));
    await stream.finish();
    expect(stream.warnings).toMatchObject([{ code: "HALF_SAMPLE" }]);
  });

  it("is copied, and may come at any rate", async () => {
    const network = await Recognizer.load(forwardModel(), { threads: 1 });
    const fast = sweep(1, 48_000);
    const whole = await network.transcribe({ samples: fast, sampleRateHz: 48_000 });
    const stream = network.stream({ ...ONE_UTTERANCE, sampleRateHz: 48_000 });
    const block = new Float32Array(1_000);
    for (let at = 0; at < fast.length; at += block.length) {
      block.set(fast.subarray(at, at + block.length));
      void stream.write(block);
    }
    await stream.finish();
    expect(finalsOf(await readAll(stream))[0].text).toBe(whole.text);
    await network.close();
  });

  it.each([
    [Float32Array.of(NaN), "samples: Some of the samples are infinite or not numbers."],
    [Float32Array.of(0, -10_000), "samples: The samples reach 10000 where full scale is 1. Divide"],
    ["sound" as never, "samples: The samples are sound instead of a Float32Array."],
    [undefined as never, "samples: The samples are undefined instead of a Float32Array."],
  ])("is refused where it is no sound, and the stream goes on: %s", async (input, message) => {
    const stream = recognizer.stream(ONE_UTTERANCE);
    await expect(stream.write(input)).rejects.toThrow(message);
    await stream.write(samples);
    await stream.finish();
    expect(finalsOf(await readAll(stream))[0].text).toBe("hello world");
  });
});

describe("settings", () => {
  it.each([
    [
      { sampleRate: 8_000 },
      'stream: sampleRate: There is no setting named "sampleRate". Did you mean "sampleRateHz"?',
    ],
    [
      { endpoints: { trailingSilence: 1 } },
      'stream: endpoints.trailingSilence: There is no setting named "endpoints.trailingSilence". Did you mean "endpoints.trailingSilenceMs"?',
    ],
    [{ endpoints: { detector: "voise" } }, 'Did you mean "voice"?'],
    [{ sampleRateHz: 5 }, "Expected integer from 1000 to 768000, but it is 5."],
  ])("that are wrong are told with what is right: %j", (options, message) => {
    expect(() => recognizer.stream(options as never)).toThrow(message);
  });

  it("by blanks need a network that gives text as it is spoken", () => {
    const whole = new Recognizer(scriptedModel());
    expect(whole.stream()).toMatchObject({ partials: "by utterance", delayMs: undefined });
    expect(() => whole.stream({ endpoints: { detector: "blanks" } })).toThrow(
      "stream: endpoints.detector: The model needs whole utterances",
    );
  });
});

describe("a write waits", () => {
  it("while the network is behind", async () => {
    const { model, letGo } = heldModel();
    const stream = new Recognizer(model).stream({ queueSeconds: 0.1 });
    await stream.write(samples.subarray(0, 1_600));
    await aMoment(); // it is taken at once
    const second = stream.write(samples.subarray(1_600, 8_000));
    expect(await isWaiting(second)).toBe(true);
    letGo();
    await second;
    await stream.close();
  });

  it("while nobody reads, and goes on when somebody does", async () => {
    const stream = recognizer.stream({
      queueEvents: 1,
      queueSeconds: 0.1,
      endpoints: { detector: "blanks" },
    });
    let written = 0;
    const writing = (async () => {
      for (let at = 0; at < samples.length; at += 1_600, written++)
        await stream.write(samples.subarray(at, at + 1_600));
      await stream.finish();
    })();
    expect(await isWaiting(writing)).toBe(true);
    expect(written).toBeLessThan(6);
    const events: StreamEvent[] = [];
    for await (const event of stream) events.push(event);
    await writing;
    expect(finalsOf(events)[0].text).toBe("hello world");
  });

  it("not for partial texts: of those not read the last is kept", async () => {
    const stream = recognizer.stream({ queueEvents: 3, ...ONE_UTTERANCE });
    for (let at = 0; at < samples.length; at += 160) await stream.write(samples.subarray(at, at + 160));
    await stream.finish();
    const types = (await readAll(stream)).map(({ type }) => type);
    expect(types).toEqual(["speech-start", "partial", "speech-end", "final"]);
  });
});

describe("a stream ends", () => {
  const finished = { code: "STREAM_FINISHED", where: "stream" };

  it("once", async () => {
    const stream = recognizer.stream();
    await stream.finish();
    await expect(stream.write(samples)).rejects.toMatchObject(finished);
    await expect(stream.finish()).rejects.toThrow("stream: The stream has been finished already.");
    expect(() => stream.reset()).toThrow("The stream has been finished already.");
    expect(await readAll(stream)).toEqual([]);
    await stream.close();
  });

  it("where it is closed: readers get the end, writers an error, and its resampler is freed", async () => {
    const freed = vi.spyOn(SpeexFilter.prototype, "close");
    const { model, letGo } = heldModel();
    const stream = new Recognizer(model).stream({ queueSeconds: 0.1, sampleRateHz: 48_000 });
    await stream.write(sweep(0.05, 48_000));
    const writing = stream.write(sweep(1, 48_000));
    const reading = stream[Symbol.asyncIterator]().next();
    const closing = stream.close();
    await expect(writing).rejects.toMatchObject(finished);
    expect(await reading).toEqual({ value: undefined, done: true });
    letGo();
    await closing;
    expect(freed).toHaveBeenCalledTimes(1);
    await expect(stream.write(samples)).rejects.toThrow("The stream has been closed already.");
    freed.mockRestore();
  });

  it("where its reader leaves the loop", async () => {
    const stream = recognizer.stream();
    await stream.write(samples);
    for await (const event of stream) if (event.type === "speech-start") break;
    await expect(stream.write(samples)).rejects.toMatchObject(finished);
  });

  it("at a signal with the signal's reason, for good, waiting or not", async () => {
    const { model, letGo } = heldModel();
    const controller = new AbortController();
    const stream = new Recognizer(model).stream({ queueSeconds: 0.1, signal: controller.signal });
    await stream.write(samples.subarray(0, 100));
    const writing = stream.write(samples);
    const reading = stream[Symbol.asyncIterator]().next();
    const reason = new Error("enough");
    controller.abort(reason);
    await expect(writing).rejects.toBe(reason);
    await expect(reading).rejects.toBe(reason);
    letGo();
    await expect(stream.write(samples)).rejects.toBe(reason);
    await expect(stream.finish()).rejects.toBe(reason);
    const late = new Recognizer(model).stream({ signal: controller.signal });
    await expect(late.write(samples)).rejects.toBe(reason);
  });

  it("with the error of its model, behind what was told before", async () => {
    const model = streamingScriptedModel();
    let pushes = 0;
    const openStream = () => {
      const stream = model.openStream!();
      const push = async (piece: Float32Array) => {
        if (pushes++ === 1) throw new Error("no more");
        return stream.push(piece);
      };
      return { ...stream, push };
    };
    const stream = new Recognizer({ ...model, openStream }).stream(ONE_UTTERANCE);
    await stream.write(samples);
    await aMoment();
    await stream.write(samples);
    await expect(stream.finish()).rejects.toThrow("no more");
    const reader = stream[Symbol.asyncIterator]();
    expect((await reader.next()).value).toMatchObject({ type: "speech-start" });
    expect((await reader.next()).value).toMatchObject({ type: "partial" });
    await expect(reader.next()).rejects.toThrow("no more");
    await expect(stream.write(samples)).rejects.toThrow("no more");
  });

  it("is read in one place", () => {
    const stream = recognizer.stream();
    stream[Symbol.asyncIterator]();
    expect(() => stream[Symbol.asyncIterator]()).toThrow("stream: The events of this stream are being read");
  });

  it("is not begun by a recognizer that was closed", async () => {
    const closed = new Recognizer(streamingScriptedModel());
    await closed.close();
    expect(() => closed.stream()).toThrow("The program was closed.");
  });
});

describe("a stream that is reset", () => {
  it("forgets what was said, and its time goes on", async () => {
    const stream = recognizer.stream(ONE_UTTERANCE);
    await stream.write(scriptOf("n_o_n_e_"));
    await aMoment();
    stream.reset();
    await stream.write(samples);
    await stream.finish();
    const events = await readAll(stream);
    expect(finalsOf(events)).toMatchObject([{ text: "hello world", startMs: 160 }]);
    expect(events.filter(({ type }) => type === "speech-start")).toMatchObject([
      { timeMs: 0 },
      { timeMs: 160 },
    ]);
  });

  it("drops what waits", async () => {
    const { model, letGo } = heldModel();
    const stream = new Recognizer(model).stream({ ...ONE_UTTERANCE, queueSeconds: 0.1 });
    await stream.write(scriptOf("n_"));
    const writing = stream.write(scriptOf("n_".repeat(50)));
    expect(await isWaiting(writing)).toBe(true);
    stream.reset();
    await writing;
    letGo();
    await stream.write(samples);
    await stream.finish();
    expect(finalsOf(await readAll(stream)).map(({ text }) => text)).toEqual(["hello world"]);
  });
});
