// A compiled grammar accepts exactly the sentences of the grammar, and a wide beam finds the best of them: compared with all
// sentences of random grammars, written down by hand, and with the sum over all paths of each text.

import { describe, expect, it } from "vitest";
import { BeamDecoder, type Constraint } from "../../src/ctc/index.ts";
import { Grammar } from "../../src/grammar/index.ts";
import { RandomStream } from "../../src/random.ts";
import { Alphabet } from "../../src/text/index.ts";
import { everyText, randomRows } from "../ctc/texts.ts";
import {
  largestWeight,
  randomTree,
  sentencesOf,
  toJsgf,
  toTemplate,
  type Sentences,
  type TreeKinds,
} from "./random-grammars.ts";

const LONGEST = 6;
const STEPS = 5;
const alphabet = Alphabet.fromSymbols(["a", "b", " "]);
const random = new RandomStream("grammars", 1);

interface Case {
  readonly text: string;
  readonly grammar: Grammar;
  readonly sentences: Sentences;
  readonly largest: number;
}

const jsgfCase = async (kinds: TreeKinds): Promise<Case> => {
  const tree = randomTree(random, 3, kinds);
  const text = `#JSGF V1.0;\npublic <sentence> = ${toJsgf(tree)};`;
  return {
    text,
    grammar: await Grammar.from(text),
    sentences: sentencesOf(tree, LONGEST),
    largest: largestWeight(tree),
  };
};
const templateCase = async (): Promise<Case> => {
  const tree = randomTree(random, 3, { permutations: true });
  const text = `intents:\n  Any:\n    data:\n      - sentences: [${JSON.stringify(toTemplate(tree))}]\n`;
  return { text, grammar: await Grammar.from(text), sentences: sentencesOf(tree, LONGEST), largest: 0 };
};
const cases: Case[] = [];
for (let n = 0; n < 40; n++)
  cases.push(await jsgfCase({ repeats: true }), await jsgfCase({ weights: true }), await templateCase());

/** The sentences that an automaton accepts, with their weights, none longer than `longest`. */
function accepted(automaton: Constraint, longest: number): Sentences {
  const found: Sentences = new Map();
  const walk = (state: number, text: string, weight: number): void => {
    const end = weight + automaton.endWeights[state];
    if (end > -Infinity && !text.endsWith(" ")) found.set(text, end);
    if (text.length === longest) return;
    alphabet.symbols.forEach((symbol, k) => {
      const t = automaton.transition(state, k);
      if (t >= 0) walk(automaton.targets[t], text + symbol, weight + automaton.weights[t]);
    });
  };
  walk(automaton.start, "", 0);
  return found;
}

const byText = (sentences: Sentences): [string, number][] =>
  [...sentences].filter(([text]) => text !== "").toSorted(([a], [b]) => (a < b ? -1 : 1));

describe("a compiled grammar", () => {
  it("accepts exactly the sentences of random grammars, with their weights", () => {
    for (const { text, grammar, sentences, largest } of cases) {
      const found = byText(accepted(grammar.compile(alphabet), LONGEST));
      const expected = byText(sentences);
      expect(
        found.map(([sentence]) => sentence),
        text,
      ).toEqual(expected.map(([sentence]) => sentence));
      found.forEach(([, weight], i) => expect(weight, text).toBeCloseTo(expected[i][1] - largest, 6));
    }
  });

  it("understands exactly these", () => {
    for (const { grammar, sentences } of cases.slice(0, 20)) {
      const automaton = grammar.compile(alphabet);
      for (const sentence of ["a", "b", "a b", "ab", "b a a", "bb ba", "aa bb"])
        expect(automaton.meaningOf(sentence) !== undefined).toBe(sentences.has(sentence));
    }
  });
});

describe("a wide beam in a grammar", () => {
  it("finds every sentence in the order of its probability over all paths", () => {
    for (const { text, grammar, sentences, largest } of cases.slice(0, 60)) {
      const rows = randomRows(random, STEPS, alphabet.size, 1);
      const probabilities = everyText(rows, alphabet);
      const expected = [...new Map([...sentences, ["", largest]])]
        .map(([sentence, weight]) => ({
          text: sentence,
          score: (probabilities.get(sentence) ?? -Infinity) + weight - largest,
        }))
        .filter(({ score }) => score > -Infinity)
        .toSorted((a, b) => b.score - a.score);
      const decoder = new BeamDecoder(alphabet, { beta: 0, beam: 5000, nBest: 5000 }, { grammar });
      const found = decoder.decode(rows);
      expect(found.length, text).toBe(expected.length);
      expect(found[0].text, text).toBe(expected[0].text);
      found.forEach(({ score }, i) => expect(score, text).toBeCloseTo(expected[i].score, 4));
    }
  });
});
