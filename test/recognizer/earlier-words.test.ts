// Words that a decoder stream handed out and forgot stand before what it says in the end.

import { describe, expect, it } from "vitest";
import { withEarlierWords } from "../../src/recognizer/transcription.ts";

const word = (text: string, startStep: number) => ({
  text,
  startStep,
  endStep: startStep + 2,
  confidence: 1,
});
const scores = { score: -1, acousticScore: -1 };
const earlier = [word("turn", 0), word("on", 3)];

describe("words that were handed out before", () => {
  it("stand before the last ones", () => {
    const last = { text: "lights", words: [word("lights", 6)], ...scores };
    const whole = withEarlierWords(last, earlier, " ");
    expect(whole).toEqual({ text: "turn on lights", words: [...earlier, word("lights", 6)], ...scores });
    expect(withEarlierWords({ text: "", words: [], ...scores }, earlier, "").text).toBe("turnon");
  });

  it("are no text where there is no sentence of the grammar in the end", () => {
    const none = { text: "", words: [], meaning: null, ...scores };
    expect(withEarlierWords(none, earlier, " ")).toEqual(none);
  });
});
