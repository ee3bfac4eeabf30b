import { describe, expect, it } from "vitest";
import { RandomStream } from "../../src/random.ts";
import { countErrors } from "../../src/text/alignment.ts";
import { alignSequences, errorRates, formatAlignment } from "../../src/text/index.ts";

/** Levenshtein's recursion as it is defined, over the ends of both sequences. */
function definedDistance(a: readonly unknown[], b: readonly unknown[]): number {
  if (a.length === 0 || b.length === 0) return a.length + b.length;
  const substitution = definedDistance(a.slice(1), b.slice(1)) + (a[0] === b[0] ? 0 : 1);
  return Math.min(substitution, definedDistance(a.slice(1), b) + 1, definedDistance(a, b.slice(1)) + 1);
}

function randomSequence(random: RandomStream, length: number, symbols: number): number[] {
  return Array.from({ length }, () => random.integer(symbols));
}

describe("an alignment", () => {
  it("turns kitten into sitting by two substitutions and an insertion (the textbook's example)", () => {
    const { operations, errors } = alignSequences([..."kitten"], [..."sitting"]);
    expect(errors).toBe(3);
    expect(operations.map(({ kind }) => kind[0]).join("")).toBe("smmmsmi");
    expect(operations[0]).toEqual({ kind: "substitution", reference: "k", hypothesis: "s" });
    expect(operations[6]).toEqual({ kind: "insertion", hypothesis: "g" });
  });

  it("keeps as many matches as the fewest errors allow", () => {
    const { operations, errors } = alignSequences(
      ["to", "the", "bank", "now"],
      ["to", "bank", "right", "now"],
    );
    expect(errors).toBe(2); // two substitutions would be two errors as well
    expect(operations.map(({ kind }) => kind[0]).join("")).toBe("mdmim");
  });

  it("of nothing with something is all deletions or all insertions", () => {
    expect(alignSequences(["a", "b"], []).operations.map(({ kind }) => kind)).toEqual([
      "deletion",
      "deletion",
    ]);
    expect(alignSequences([], ["a"]).operations).toEqual([{ kind: "insertion", hypothesis: "a" }]);
    expect(alignSequences([], [])).toEqual({ operations: [], errors: 0 });
  });

  it("has the fewest errors there are, and spells both sequences", () => {
    for (let seed = 0; seed < 60; seed++) {
      const random = new RandomStream(seed, "alignment");
      const reference = randomSequence(random, random.integer(7), 3);
      const hypothesis = randomSequence(random, random.integer(7), 3);
      const { operations, errors } = alignSequences(reference, hypothesis);
      expect(errors).toBe(definedDistance(reference, hypothesis));
      expect(countErrors(reference, hypothesis)).toBe(errors);
      expect(operations.flatMap((step) => step.reference ?? [])).toEqual(reference);
      expect(operations.flatMap((step) => step.hypothesis ?? [])).toEqual(hypothesis);
      const matches = operations.filter(({ kind }) => kind === "match");
      expect(matches.every((step) => step.reference === step.hypothesis)).toBe(true);
    }
  });

  it("of long sequences is as good, without a table of all pairs", () => {
    const random = new RandomStream(1, "long alignment");
    const reference = randomSequence(random, 4000, 50);
    const hypothesis = reference.flatMap(
      (word) => [[word], [word, 99], [], [98]][Math.max(0, random.integer(20) - 16)],
    );
    const { operations, errors } = alignSequences(reference, hypothesis);
    expect(errors).toBe(countErrors(reference, hypothesis));
    expect(operations.filter(({ kind }) => kind !== "match").length).toBe(errors);
    expect(operations.flatMap((step) => step.reference ?? [])).toEqual(reference);
    expect(operations.flatMap((step) => step.hypothesis ?? [])).toEqual(hypothesis);
  });
});

describe("error rates", () => {
  it("are errors summed over reference lengths summed, not a mean of rates", () => {
    const rates = errorRates([
      { reference: "yes", hypothesis: "no" }, // 1 of 1 words; 3 of 3 characters
      { reference: "three two one", hypothesis: "three two one" }, // 0 of 3; 0 of 13
    ]);
    expect(rates).toEqual({
      wer: 1 / 4,
      cer: 3 / 16,
      words: 4,
      wordErrors: 1,
      characters: 16,
      characterErrors: 3,
      utterances: 2,
    });
  });

  it("may exceed 1, and stay finite where the references are empty", () => {
    expect(errorRates([{ reference: "a", hypothesis: "b c" }]).wer).toBe(2);
    expect(errorRates([{ reference: "", hypothesis: "uh oh" }])).toMatchObject({ wer: 2, cer: 5, words: 0 });
    expect(errorRates([])).toMatchObject({ wer: 0, cer: 0, utterances: 0 });
  });

  it("count code points in normal form C, a space between words as one, and no white space around", () => {
    expect(
      errorRates([{ reference: "caf\u00E9 \u{1F600}", hypothesis: " cafe\u0301   \u{1F600} " }]),
    ).toMatchObject({
      cer: 0,
      characters: 6,
      words: 2,
    });
    expect(errorRates([{ reference: "a b", hypothesis: "ab" }])).toMatchObject({
      characterErrors: 1,
      wordErrors: 2,
    });
  });
});

describe("a formatted alignment", () => {
  it("shows word under word and marks the errors", () => {
    expect(formatAlignment("go to the bank now", "go too bank right now")).toBe(
      ["ref  go to  the bank ***** now", "hyp  go too *** bank right now", "        S   D        I"].join(
        "\n",
      ),
    );
  });

  it("has no third line without errors, and begins a new block beyond its width", () => {
    expect(formatAlignment("one two", "one two")).toBe("ref  one two\nhyp  one two");
    expect(formatAlignment("one two six", "one too", 12)).toBe(
      "ref  one two\nhyp  one too\n         S\n\nref  six\nhyp  ***\n     D",
    );
  });
});
