// Scores of models in ARPA, compared with KenLM's; and damaged files, which are refused with their line.

import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import type { Scorer } from "../../src/ctc/index.ts";
import { openLanguageModel, UNKNOWN } from "../../src/lm/index.ts";

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
const open = (text: string): Promise<Scorer> => openLanguageModel(bytesOf(text), "toy.arpa");

const TOY = `\\data\\
ngram 1=6
ngram 2=5
ngram 3=3

\\1-grams:
-1.5\t<unk>
-99\t<s>\t-0.4
-0.9\t</s>
-0.8\tred\t-0.3
-0.7\tfox\t-0.2
-1.1\truns\t-0.25

\\2-grams:
-0.5\t<s> red\t-0.15
-0.3\tred fox\t-0.1
-0.6\tfox runs\t-0.05
-0.4\truns </s>
-0.9\tfox fox\t0

\\3-grams:
-0.2\t<s> red fox
-0.35\tred fox runs
-0.1\tfox runs </s>

\\end\\
`;

/** log10 P of a text. */
function sentence(lm: Scorer, text: string): number {
  const result = { logProbability: 0, state: lm.start };
  let sum = 0;
  for (const word of text.split(" ").filter(Boolean))
    sum += lm.score(result.state, lm.idOf(word), result).logProbability;
  return (sum + lm.end(result.state)) / Math.LN10;
}

describe("a scorer", () => {
  /** `query -v sentence` of KenLM (kenlm 0.3.0 of PyPI) on the same file. */
  const known: [text: string, log10: number][] = [
    ["red fox runs", -1.15],
    ["fox", -2.2],
    ["", -1.3],
    ["red runs", -2.45],
    ["fox fox fox runs runs", -5.3],
    ["red blue fox", -4.25],
    ["blue", -2.8],
    ["runs red fox runs", -3.3],
  ];
  it.each(known)("gives %j the log10 probability that KenLM gives it", async (text, log10) => {
    expect(sentence(await open(TOY), text)).toBeCloseTo(log10, 4);
  });

  it("reads the same model from gzip, from spaces instead of tabs, and with Windows line ends", async () => {
    const variants = [
      gzipSync(TOY),
      bytesOf(TOY.replaceAll("\t", " ")),
      bytesOf(TOY.replaceAll("\n", "\r\n")),
      bytesOf(`# by hand\nany text\n\n${TOY}`),
    ];
    for (const variant of variants) {
      expect(sentence(await openLanguageModel(variant, "toy"), "red fox runs")).toBeCloseTo(-1.15, 5);
    }
  });

  it("knows its words, but not the special tokens among them", async () => {
    const lm = await open(TOY);
    expect([...lm.words()]).toEqual(["red", "fox", "runs"]);
    expect(lm.order).toBe(3);
    expect(lm.unit).toBe("word");
    expect(lm.idOf("blue")).toBe(UNKNOWN);
    expect(lm.idOf("fox")).not.toBe(UNKNOWN);
  });

  it("gives one state to histories that continue alike", async () => {
    const lm = await open(TOY);
    const after = (...words: string[]): number =>
      words.reduce(
        (state, word) => lm.score(state, lm.idOf(word), { logProbability: 0, state: 0 }).state,
        lm.start,
      );
    expect(after("runs", "fox", "fox")).toBe(after("fox"));
    expect(after("red", "fox")).not.toBe(after("fox"));
  });

  it("takes the probability -100 for a missing <unk>, as KenLM does", async () => {
    const text = TOY.replace("-1.5\t<unk>\n", "").replace("ngram 1=6", "ngram 1=5");
    expect(sentence(await open(text), "blue")).toBeCloseTo(-0.4 - 100 - 0.9, 4);
  });

  it("puts in a context that is missing, with the probability of back-off", async () => {
    const text = TOY.replace("-0.3\tred fox\t-0.1\n", "").replace("ngram 2=5", "ngram 2=4");
    expect(sentence(await open(text), "red fox runs")).toBeCloseTo(-0.5 - 0.2 - 0.35 - 0.1, 5);
    expect(sentence(await open(text), "fox red fox")).toBeCloseTo(
      -0.4 - 0.7 - 0.2 - 0.8 - 0.3 - 0.7 - 0.2 - 0.9,
      5,
    );
  });
});

describe("a damaged ARPA file", () => {
  const damages: [name: string, from: string, to: string, line: number, says: string][] = [
    ["too few n-grams", "ngram 2=5", "ngram 2=6", 21, "only 5"],
    ["too many n-grams", "ngram 2=5", "ngram 2=4", 19, "here is another"],
    ["an absurd count", "ngram 2=5", "ngram 2=999999999999", 15, "more than the rest of the file"],
    ["a count that is none", "ngram 2=5", "ngram 2=many", 3, 'such as "ngram 1=5000"'],
    ["a probability that is none", "-0.6\tfox runs", "x\tfox runs", 17, 'here is "x"'],
    ["a probability above 1", "-0.6\tfox runs", "0.6\tfox runs", 17, "above 0"],
    ["a word too few", "-0.35\tred fox runs", "-0.35\tred fox", 23, "Expected 3 words"],
    ["a word too many", "-0.35\tred fox runs", "-0.35\tred fox runs red red", 23, "back-off"],
    ["an unknown word", "-0.6\tfox runs", "-0.6\tfox rums", 17, '"rums" is not among the 1-grams'],
    ["no end", "\\end\\\n", "", 26, "the end of the file"],
    ["a section in place of another", "\\2-grams:", "\\3-grams:", 14, "\\2-grams:"],
  ];
  it.each(damages)("with %s is refused with its line", async (_, from, to, line, says) => {
    expect(TOY).toContain(from);
    const opening = open(TOY.replace(from, to));
    await expect(opening).rejects.toMatchObject({ code: "INVALID_ARPA", where: `toy.arpa:${line}` });
    await expect(opening).rejects.toThrow(says);
  });

  it("with an n-gram twice is refused by name", async () => {
    const opening = open(TOY.replace("fox fox\t0", "red fox\t0"));
    await expect(opening).rejects.toThrow('The n-gram "red fox" is listed twice.');
  });

  it("that is something else, or cut gzip, is refused", async () => {
    for (const text of ["hello\nworld\n", ""])
      await expect(open(text)).rejects.toMatchObject({
        code: "NOT_A_LANGUAGE_MODEL",
        where: "toy.arpa",
        problem: "There is no line \\data\\, so this is no ARPA file, nor is it a compact one.",
        remedy: "Give an ARPA file, or what `earshot lm build` wrote.",
      });
    await expect(open("mmap lm http://kheafield.com/code")).rejects.toThrow("Give the ARPA file");
    const cut = gzipSync(TOY).subarray(0, 60);
    await expect(openLanguageModel(cut, "cut.gz")).rejects.toMatchObject({ code: "NOT_A_LANGUAGE_MODEL" });
  });
});
