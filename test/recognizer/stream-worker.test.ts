// Live streams in a worker: they say what they say in the program's own thread, each what it says alone, and its death is told.

import { afterAll, describe, expect, it } from "vitest";
import { joinBlocks } from "../../src/tensor.ts";
import { EarshotError } from "../../src/errors.ts";
import { Ensemble, TrainedModel } from "../../src/model/index.ts";
import { sameThreadWorker, type SameThreadWorker } from "../../src/platform/index.ts";
import { RandomStream } from "../../src/random.ts";
import { Recognizer } from "../../src/recognizer/index.ts";
import { streamSettings } from "../../src/recognizer/streams/stream-settings.ts";
import { UtteranceSession } from "../../src/recognizer/streams/utterance-session.ts";
import { streamFailed, utteranceWork } from "../../src/recognizer/streams/utterance-work.ts";
import { forwardModel, untrainedModel } from "../model/small-model.ts";
import { cutAtRandom, eventsOf, timedFinals } from "./live-stream.ts";
import { sweep } from "./wave-file.ts";

const random = new RandomStream(5, "worker");
const endpoints = { longestUtteranceMs: 1_000 };

/** Different ones, of different lengths. */
const recordings = Array.from({ length: 8 }, (_, i) =>
  joinBlocks([new Float32Array(800 * i), sweep(0.3 + 0.2 * i).toReversed(), sweep(0.4)]),
);

describe.each([
  ["as spoken", forwardModel()],
  ["by utterance", untrainedModel()],
])("streams %s", async (partials, file) => {
  const [own, shared] = await Promise.all([
    Recognizer.load(file, { threads: 1 }),
    Recognizer.load(file, { threads: 1, streamWorkers: 0 }),
  ]);
  afterAll(() => Promise.all([own.close(), shared.close()]));

  it("of different ages, together in a worker, say what each says alone in the program's thread", async () => {
    const alone = [];
    for (const samples of recordings)
      alone.push(timedFinals(await eventsOf(shared, [samples], { endpoints })));
    expect(alone.flat().length).toBeGreaterThan(8);
    const together = recordings.map(async (samples, i) => {
      await new Promise((resolve) => setTimeout(resolve, 5 * i));
      return timedFinals(await eventsOf(own, cutAtRandom(samples, 4_000, random), { endpoints }));
    });
    expect(await Promise.all(together)).toEqual(alone);
    expect(own.stream().partials).toBe(partials);
  });
});

it("streams of a recognizer that is closed fail, and the next is none", async () => {
  const recognizer = await Recognizer.load(forwardModel(), { threads: 1 });
  const stream = recognizer.stream();
  await stream.write(sweep(0.2));
  const reading = stream[Symbol.asyncIterator]().next();
  await recognizer.close();
  await stream.write(sweep(1)).catch(() => undefined);
  await expect(stream.finish()).rejects.toMatchObject({ code: "PROGRAM_CLOSED" });
  await reading.catch(() => undefined);
});

describe("a session", async () => {
  const model = await TrainedModel.open(forwardModel(), { threads: 1 });
  afterAll(() => model.close());
  const ensemble = new Ensemble([model]);
  const settings = streamSettings.parse({});

  it("tells the death of its worker, and starts another for the next stream", async () => {
    const workers: SameThreadWorker[] = [];
    const start = () => {
      workers.push(sameThreadWorker(utteranceWork(), streamFailed));
      return workers.at(-1)!;
    };
    const session = new UtteranceSession(ensemble, [model], {}, 1, start);
    const stream = await session.open(settings);
    const pushing = stream.push(sweep(1));
    workers[0].die(new Error("killed"));
    await expect(pushing).rejects.toMatchObject({
      code: "WORKER_DIED",
      where: "stream",
      problem: "The worker of live streams ended (killed), probably for want of memory.",
    });
    await stream.close();
    const next = await session.open(settings);
    await next.push(sweep(1));
    expect((await next.finish()).length).toBeGreaterThan(0);
    expect(workers).toHaveLength(2);
    await session.close();
  });

  it("keeps the streams of one worker as they are where another dies", async () => {
    const workers: SameThreadWorker[] = [];
    const start = () => {
      workers.push(sameThreadWorker(utteranceWork(), streamFailed));
      return workers.at(-1)!;
    };
    const session = new UtteranceSession(ensemble, [model], {}, 2, start);
    const [lost, kept] = [await session.open(settings), await session.open(settings)];
    const [failing, before] = [lost.push(sweep(1)), kept.push(sweep(1))];
    workers[0].die(new Error("killed"));
    await expect(failing).rejects.toMatchObject({ code: "WORKER_DIED" });
    const updates = [...(await before), ...(await kept.push(sweep(2))), ...(await kept.finish())];
    const undisturbed = new UtteranceSession(ensemble, [model], {}, 0);
    const alone = await undisturbed.open(settings);
    const expected = [...(await alone.push(sweep(1))), ...(await alone.push(sweep(2)))];
    expect(updates).toEqual([...expected, ...(await alone.finish())]);
    await lost.close();
    await session.open(settings);
    expect(workers).toHaveLength(3);
    await session.close();
  });

  it("gives each stream to the worker that has the fewest", async () => {
    const opened: number[] = [];
    let workers = 0;
    const start = () => {
      const worker = workers++;
      const work = utteranceWork();
      const open: typeof work.open = (id, own) => (opened.push(worker), work.open(id, own));
      return sameThreadWorker({ ...work, open }, streamFailed);
    };
    const session = new UtteranceSession(ensemble, [model], {}, 2, start);
    const [first, second] = [await session.open(settings), await session.open(settings)];
    await second.push(sweep(1));
    await second.finish();
    await second.close();
    await session.open(settings);
    await session.open(settings);
    await first.close();
    expect(opened).toEqual([0, 1, 1, 0]);
    await session.close();
  });

  it("works in this thread, with a warning, where no worker can be started", async () => {
    const missing = new EarshotError({
      code: "FEATURE_WORKER_MISSING",
      problem: "It is not there.",
      remedy: "Build.",
    });
    const session = new UtteranceSession(ensemble, [model], {}, 1, () => {
      throw missing;
    });
    const stream = await session.open(settings);
    expect(stream.warnings).toMatchObject([{ code: "NO_STREAM_WORKER" }]);
    await stream.push(sweep(1));
    expect((await stream.finish()).length).toBeGreaterThan(0);
    await session.close();
  });
});
