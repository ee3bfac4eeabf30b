// The setting "from-data": the alphabet of the training split, said with its counts, its rare symbols named.

import { describe, expect, it } from "vitest";
import type { Utterance } from "../../src/data/index.ts";
import { parseSettings } from "../../src/settings.ts";
import { alphabetOf, trainingSettings, withAlphabet, type TrainingEvent } from "../../src/training/index.ts";

const utterance = (transcript: string, line: number, split = "train"): Utterance => ({
  path: `/${line}.wav`,
  transcript,
  speaker: "",
  split,
  where: `corpus.csv:${line}`,
});

const settings = (input: object) => parseSettings(trainingSettings, input, "settings");

describe("an alphabet from data", () => {
  it("is that of the training split, with counts, and names what is rare", () => {
    const events: TrainingEvent[] = [];
    const utterances = [...Array(5).keys()].map((line) => utterance("Na na", line));
    const all = [...utterances, utterance("nañ", 9), utterance("xyz", 10, "dev")];
    const made = withAlphabet(settings({ alphabet: "from-data" }), all, (event) => events.push(event));
    expect(made.alphabet).toEqual(["a", "n", " ", "ñ"]);
    expect(events[0]).toMatchObject({ type: "alphabet", symbols: [{ symbol: "a", count: 11 }, {}, {}, {}] });
    expect(events.slice(1)).toEqual([
      {
        type: "warning",
        code: "RARE_SYMBOLS",
        message: expect.stringContaining('"ñ" 1× (corpus.csv:9)') as string,
      },
    ]);
    expect(alphabetOf(made).symbols).toEqual(made.alphabet);
  });

  it("leaves other settings alone, and is refused where there are no transcripts", () => {
    const english = settings({});
    expect(withAlphabet(english, [])).toBe(english);
    const fromData = settings({ alphabet: "from-data" });
    expect(() => withAlphabet(fromData, [utterance("a", 1, "dev")])).toThrow(
      expect.objectContaining({ code: "EMPTY_ALPHABET" }),
    );
    expect(() => alphabetOf(fromData)).toThrow(expect.objectContaining({ code: "INVALID_SETTING" }));
  });
});
