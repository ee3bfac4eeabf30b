// No word of a long recording is lost or said twice where its pieces meet, though nobody pauses there.

import { describe, expect, it } from "vitest";
import type { Emission } from "../../src/ctc/index.ts";
import { RandomStream } from "../../src/random.ts";
import { Recognizer } from "../../src/recognizer/index.ts";
import { SeamStream } from "../../src/recognizer/seams.ts";
import { Alphabet } from "../../src/text/index.ts";
import { scriptOf, scriptedModel } from "./scripted-model.ts";

const alphabet = Alphabet.english();
const LETTERS = "abcdefghijklmnopqrstuvwxyz";

/** Words of 2 to 6 letters without a pause, each letter apart from the next by a blank, and the path that spells them. */
function spoken(words: number, seed: number): { readonly text: string; readonly path: string } {
  const random = new RandomStream(seed, "seams");
  const said = Array.from({ length: words }, () =>
    Array.from({ length: 2 + random.integer(5) }, () => LETTERS[random.integer(LETTERS.length)]).join(""),
  );
  return { text: said.join(" "), path: [...`${said.join(" ")} `].map((letter) => `${letter}__`).join("") };
}

describe("the seams of a recording", () => {
  it.each([1, 2])("keep every word once: seed %i", async (seed) => {
    const recognizer = new Recognizer(scriptedModel({}, 0.97));
    const { text, path } = spoken(300, seed);
    const samples = scriptOf(path);
    const whole = await recognizer.transcribe({ samples, sampleRateHz: 16_000 });
    expect(whole.text).toBe(text);
    const times = whole.words.flatMap(({ startMs, endMs }) => [startMs, endMs]);
    expect(times.toSorted((a, b) => a - b)).toEqual(times);
  });

  it("lie where both sides spell nothing, in the gap between words and not in the longer one within a word", () => {
    // both say "ab", a breath, "c", a space, "d"; the right one from 1 s on
    const path = "____a_b_______c_ __d________";
    const left = { startMs: 0, endMs: 1400, isJoined: true };
    const right = { startMs: 0, endMs: 2800, isJoined: true };
    const seams = new SeamStream(alphabet, ([{ rows }]) => textOf(rows));
    expect(seams.push(left, seams.keep([emission(path)], left))).toEqual([]);
    const [first] = seams.push(right, seams.keep([emission(path)], right));
    const [last] = seams.finish();
    expect(first.part + last.part).toBe(path.replaceAll("_", ""));
    expect(first.part.trimEnd()).toBe("abc");
    expect(last.part.trimStart()).toBe("d");
  });

  it("are none between sounds that do not meet", () => {
    const seams = new SeamStream(alphabet, ([{ rows }]) => textOf(rows));
    const [early, late] = [
      { startMs: 0, endMs: 400, isJoined: true },
      { startMs: 400, endMs: 800, isJoined: true },
    ];
    seams.push(early, seams.keep([emission("a_b_")], early));
    expect(seams.push(late, seams.keep([emission("_c_d")], late))).toEqual([{ startMs: 0, part: "ab" }]);
    expect(seams.finish()).toEqual([{ startMs: 400, part: "cd" }]);
  });
});

/** A step of 50 ms for each symbol. */
function emission(path: string): Emission {
  const rows = new Float32Array(path.length * alphabet.size).fill(Math.log(0.01 / (alphabet.size - 1)));
  [...path].forEach((symbol, t) => {
    rows[t * alphabet.size + (symbol === "_" ? alphabet.blank : alphabet.symbols.indexOf(symbol))] =
      Math.log(0.99);
  });
  return { rows, stepMs: 50, weight: 1 };
}

function textOf(rows: Float32Array): string {
  const symbols = [...alphabet.symbols, ""];
  return Array.from({ length: rows.length / alphabet.size }, (_, t) => {
    const row = rows.subarray(t * alphabet.size, (t + 1) * alphabet.size);
    return symbols[row.indexOf(Math.max(...row))];
  }).join("");
}
