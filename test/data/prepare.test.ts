import { describe, expect, it } from "vitest";
import { minimumSteps } from "../../src/ctc/index.ts";
import type { Utterance } from "../../src/data/index.ts";
import { keepLearnable, labelUtterances } from "../../src/data/corpus/prepare.ts";
import { Alphabet, transcriptPolicy } from "../../src/text/index.ts";

const alphabet = Alphabet.english();
const policy = (settings = {}) => transcriptPolicy.parse(settings);
const utterance = (transcript: string, line = 412): Utterance => ({
  path: "/clips/0412.wav",
  transcript,
  speaker: "",
  split: "train",
  where: `train.csv:${line}`,
});
const label = (transcript: string) =>
  labelUtterances([utterance(transcript)], alphabet, policy()).utterances[0];
const network = { outputSteps: (frames: number) => Math.ceil(frames / 2), hopMs: 10 };
const variant = (frames: number, speed = 1) => ({ speed, tempo: 1, frames, seconds: frames / 100 });

describe("labels", () => {
  it("are the normalized transcript in the alphabet", () => {
    const labeled = label("Three THREE");
    expect(labeled.text).toBe("three three");
    expect([...labeled.labels]).toEqual([...alphabet.encode("three three")]);
  });

  it("stop at the first transcript that the policy refuses, and count the others", () => {
    const utterances = [utterance("fine", 1), utterance("50%", 2), utterance("ça", 3)];
    const run = () => labelUtterances(utterances, alphabet, policy());
    expect(run).toThrow(/^train\.csv:2: .* 1 more like it\. /);
    expect(run).toThrow(expect.objectContaining({ code: "UNKNOWN_SYMBOL" }));
  });

  it("report what the policy drops, most frequent first", () => {
    const utterances = [utterance("yes!"), utterance("no! really?")];
    const { warnings } = labelUtterances(utterances, alphabet, policy({ unknown: "drop" }));
    expect(warnings).toEqual([
      { code: "SYMBOLS_DROPPED", message: 'Left out of the transcripts: "!" 2 times, "?" 1 times.' },
    ]);
  });
});

describe("transcripts without words", () => {
  it("are kept, and told together with their lines", () => {
    const utterances = [utterance("", 1), utterance("yes", 2), utterance("?!", 3)];
    const { utterances: kept, warnings } = labelUtterances(utterances, alphabet, policy({ unknown: "drop" }));
    expect(kept.map(({ text }) => text)).toEqual(["", "yes", ""]);
    expect(warnings[1]).toEqual({
      code: "NO_WORDS",
      message:
        "2 transcripts without words: train.csv:1, train.csv:3. " +
        "Right for silence and noise; where something is said, write it down or leave the recording out.",
    });
  });
});

describe("a recording", () => {
  it.each(["three three", "a", "hello", "aaa bb"])(
    'of "%s" is kept from exactly the steps CTC needs',
    (text) => {
      const labeled = label(text);
      const needed = Math.max(1, minimumSteps(labeled.labels));
      expect(keepLearnable(labeled, [variant(2 * needed)], network)).toHaveProperty("variants");
      expect(keepLearnable(labeled, [variant(2 * needed - 2)], network)).toHaveProperty(
        "code",
        "TOO_FEW_FRAMES",
      );
    },
  );

  it("without words is kept if it has a frame, and else left out as what it is", () => {
    expect(keepLearnable(label(""), [variant(1)], network)).toHaveProperty("variants");
    expect(keepLearnable(label(""), [variant(0)], network)).toEqual({
      code: "SILENT_RECORDING",
      message:
        "train.csv:412: /clips/0412.wav is digital silence and has no transcript: there is nothing to learn from it, " +
        "since nothing is recognized in silence anyway. Left out.",
    });
  });

  it("that is too short is left out in words", () => {
    expect(keepLearnable(label("three three"), [variant(22, 1.1), variant(24)], network)).toEqual({
      code: "TOO_FEW_FRAMES",
      message:
        'train.csv:412: "three three" needs at least 13 steps (11 symbols, 2 repeats) but /clips/0412.wav gives 12: ' +
        "0.24 s of audio, 24 frames at a hop of 10 ms. Is the recording cut, or paired with another's text? Left out.",
    });
  });

  it("that is long enough for its text, but not for the steps of the network, is left out with what to do", () => {
    const coarse = { ...network, outputSteps: (frames: number) => Math.ceil(frames / 8) };
    expect(keepLearnable(label("three three"), [variant(90)], coarse)).toMatchObject({
      code: "TOO_FEW_FRAMES",
      message: expect.stringContaining(
        "90 frames at a hop of 10 ms. The text is spoken at a usual pace, but the network's steps are too long for it: " +
          "take a smaller network.stride, or fewer network.halvings. Left out.",
      ) as string,
    });
  });

  it("loses only the speeds at which it is too short", () => {
    const variants = [variant(28, 0.9), variant(26), variant(24, 1.1)];
    expect(keepLearnable(label("three three"), variants, network)).toMatchObject({
      variants: variants.slice(0, 2),
    });
  });
});
