// What the room Teach computes: words and whose turn it is, words found in sound, what is the matter with them, progress of a log.

import { describe, expect, it } from "vitest";
import few from "../../src/apps/page/teach/few-recordings.json" with { type: "json" };
import {
  countLearned,
  emptyLesson,
  isReady,
  lessonWords,
  manifestOf,
  nextWord,
  strangeSymbols,
  type LessonRecording,
} from "../../src/apps/page/teach/lesson.ts";
import { TakeListener, type Spoken } from "../../src/apps/page/teach/take-listener.ts";
import { problemsOf } from "../../src/apps/page/teach/take-quality.ts";
import { afterEvent, progressOfLog } from "../../src/apps/page/teach/training-progress.ts";
import { settingsFor } from "../../src/apps/page/teach/training-settings.ts";
import { trainingSettings } from "../../src/training/index.ts";
import { parseSettings } from "../../src/settings.ts";

const RATE = 48_000;
const hiss = (ms: number, level = 0.0005) => sound(ms, (n) => level * Math.sin(n * n));
const voice = (ms: number, level = 0.2) => sound(ms, (n) => level * Math.sin((2 * Math.PI * 220 * n) / RATE));
const sound = (ms: number, at: (n: number) => number) =>
  Array.from({ length: (RATE * ms) / 1000 }, (_, n) => at(n));

describe("a lesson", () => {
  const recording = (word: string, file: string): LessonRecording => ({
    file,
    word,
    seconds: 1,
    problems: [],
  });
  const lesson = { ...emptyLesson({ kind: "nothing" } as const), words: ["go", "stop"], times: 2 };

  it("has each word once, as the model spells it", () => {
    expect(lessonWords(" Lights  ON \n\nstop\nSTOP\n")).toEqual(["lights on", "stop"]);
    expect(strangeSymbols(["küche", "öl", "tür"], [..."abcdefghijklmnopqrstuvwxyz"])).toEqual(["ü", "ö"]);
  });

  it("asks for the words in rounds, and is ready with two of each", () => {
    const some = { ...lesson, recordings: [recording("go", "1.wav")] };
    const all = {
      ...lesson,
      recordings: ["go", "stop", "go", "stop"].map((word, i) => recording(word, `${i}.wav`)),
    };
    expect([lesson, some, all].map(nextWord)).toEqual(["go", "stop", undefined]);
    expect([lesson, some, all].map(isReady)).toEqual([false, false, true]);
  });

  it("holds the last of four recordings back, and none of fewer", () => {
    const recordings = ["go", "go", "go", "go", "stop"].map((word, i) => recording(word, `${i}.wav`));
    expect(manifestOf({ ...lesson, words: ["go", "stop"], recordings }).split("\n")).toEqual([
      "path,transcript,split",
      '"0.wav","go","train"',
      '"1.wav","go","train"',
      '"2.wav","go","train"',
      '"3.wav","go","dev"',
      '"4.wav","stop","train"',
      "",
    ]);
  });

  it("is as long as its learned recordings ask for: not those held back, nor those of words taken out", () => {
    const takes = ["go", "stop", "wait", "gone"].flatMap((word) =>
      Array.from({ length: 4 }, (_, i) => recording(word, `${word}${i}.wav`)),
    );
    const three = { ...lesson, words: ["go", "stop", "wait"], times: 4, recordings: takes };
    expect(countLearned(three)).toBe(9);
    expect(settingsFor({ kind: "shipped", name: "m" }, countLearned(three)).epochs).toBe(
      few.fromModel.updates,
    );
  });

  it.each([{ kind: "shipped", name: "m" }, { kind: "nothing" }] as const)(
    "is trained with settings that there are: from $kind",
    (base) => {
      const settings = parseSettings(trainingSettings, settingsFor(base, 40), "settings");
      expect(settings.epochs * Math.ceil(40 / 8)).toBeGreaterThanOrEqual(100);
      expect(settings.checkpointSeconds).toBeLessThan(5);
    },
  );
});

describe("a word in what the microphone hears", () => {
  /** In chunks of 20 ms and a bit, as a browser gives them. */
  function heard(samples: readonly number[]): Extract<Spoken, { state: "spoken" }>[] {
    const listener = new TakeListener(RATE);
    const found: Spoken[] = [];
    for (let at = 0; at < samples.length; at += 1_000)
      found.push(listener.push(Float32Array.from(samples.slice(at, at + 1_000))));
    return found.filter((each) => each.state === "spoken");
  }

  it("begins above the background and ends with silence, margins included", () => {
    const words = heard([...hiss(1_000), ...voice(500), ...hiss(1_000), ...voice(300), ...hiss(1_000)]);
    expect(words.map(({ isCut }) => isCut)).toEqual([false, false]);
    const [first, second] = words.map(({ samples }) => (1000 * samples.length) / RATE);
    for (const [ms, spoken] of [
      [first, 500],
      [second, 300],
    ]) {
      expect(ms).toBeGreaterThan(spoken + 500);
      expect(ms).toBeLessThan(spoken + 750);
    }
  });

  it("is none in noise that stays as it is, and in a click", () => {
    expect(heard(hiss(5_000, 0.05))).toEqual([]);
    expect(heard([...hiss(1_000), ...voice(30), ...hiss(1_000)])).toEqual([]);
  });

  it("is cut where somebody speaks from the first moment, or never stops", () => {
    expect(heard([...voice(400), ...hiss(1_000)]).map(({ isCut }) => isCut)).toEqual([true]);
    expect(heard([...hiss(1_000), ...voice(9_000)]).map(({ isCut }) => isCut)).toEqual([true]);
  });
});

describe("what is the matter with a recording", () => {
  const around = (word: readonly number[], level?: number) =>
    Float32Array.from([...hiss(300, level), ...word, ...hiss(300, level)]);
  const clipped = voice(500, 1.4).map((x) => Math.max(-1, Math.min(1, x)));

  it.each([
    ["nothing", around(voice(500)), false, []],
    ["a level beyond full scale", around(clipped), false, ["clipped"]],
    ["a beginning that is missing", around(voice(500)), true, ["cutOff"]],
    ["a word of a tenth of a second", around(voice(80)), false, ["tooShort"]],
    ["a level of -46 dB", around(voice(500, 0.007), 0.0002), false, ["tooQuiet"]],
    ["a room 10 dB below the voice", around(voice(500), 0.065), false, ["noisy"]],
  ] as const)("is told: %s", (_, samples, isCut, problems) => {
    expect(problemsOf(samples, RATE, isCut)).toEqual(problems);
  });
});

describe("the progress of a run", () => {
  const batch = (step: number, loss: number) => ({
    type: "batch",
    step,
    loss,
    epoch: 1,
    epochs: 2,
    batches: 4,
  });

  it("is put together from its log, whose last line may be cut off", () => {
    const lines = [batch(1, 9), batch(2, 7), { type: "epoch", step: 2, devLoss: 8, devWer: 1 }, batch(3, 5)];
    const log = `${lines.map((line) => JSON.stringify(line)).join("\n")}\n{"type":"batch","st`;
    expect(progressOfLog(log)).toMatchObject({
      step: 3,
      steps: 8,
      losses: [
        [1, 9],
        [2, 7],
        [3, 5],
      ],
      devLosses: [[2, 8]],
      devWer: 1,
    });
  });

  it("forgets what a run that goes on does again", () => {
    const progress = progressOfLog(
      [batch(1, 9), batch(2, 7), batch(3, 5)].map((line) => JSON.stringify(line)).join("\n"),
    );
    const resumed = afterEvent(progress, { type: "start", step: 2 });
    expect(resumed).toMatchObject({ from: 2, step: 2 });
    expect(afterEvent(resumed, batch(3, 4)).losses).toEqual([
      [1, 9],
      [2, 7],
      [3, 4],
    ]);
  });
});
