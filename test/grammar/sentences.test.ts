// The sentences of a grammar as texts, known by hand: all of few, and so many of more.

import { describe, expect, it } from "vitest";
import { Grammar } from "../../src/grammar/index.ts";

const ROOMS = `
language: en
intents:
  Light:
    data:
      - sentences: ["turn [the] {name} (on|off)", "(now; lights)"]
  Blind:
    data:
      - sentences: ["blinds to {percent}"]
lists:
  name: { values: ["lamp", { in: "ceiling light[s]", out: "ceiling" }] }
  percent: { range: { from: 20, to: 22 } }
`;

describe("the sentences of a grammar", () => {
  it("are all of a small one, with slots filled and numbers in words", async () => {
    const grammar = await Grammar.from(ROOMS);
    expect(grammar.sentences(500, 1).toSorted()).toEqual(
      [
        ...["lamp", "ceiling light", "ceiling lights"].flatMap((name) =>
          ["on", "off"].flatMap((state) => [`turn ${name} ${state}`, `turn the ${name} ${state}`]),
        ),
        "now lights",
        "lights now",
        ...["twenty", "twenty one", "twenty two"].map((number) => `blinds to ${number}`),
      ].toSorted(),
    );
  });

  it("are as many different ones as asked for of a large one, the same for a seed", async () => {
    const grammar = await Grammar.from("public <call> = call <digit>+; <digit> = one | two | three | four;");
    const drawn = grammar.sentences(20, 3);
    expect(new Set(drawn).size).toBe(20);
    for (const sentence of drawn) expect(sentence).toMatch(/^call( (one|two|three|four)){1,3}$/);
    expect(grammar.sentences(20, 3)).toEqual(drawn);
    expect(grammar.sentences(20, 4)).not.toEqual(drawn);
  });

  it("follow weights, and leave out what is never said", async () => {
    const grammar = await Grammar.from("public <a> = (/9/ yes | /1/ no | /0/ never) (one | two)+;");
    const drawn = grammar.sentences(8, 1);
    expect(drawn.join()).not.toContain("never");
    expect(drawn.filter((sentence) => sentence.startsWith("yes")).length).toBeGreaterThan(4);
  });

  it("are refused where one is too long to be said", async () => {
    const doubled = Array.from({ length: 40 }, (_, n) => `<r${n}> = <r${n + 1}> <r${n + 1}>;`).join("\n");
    const grammar = await Grammar.from(`public <all> = <r0>;\n${doubled}\n<r40> = one | two;`);
    expect(() => grammar.sentences(10, 1)).toThrow(/too many parts in one sentence/);
  });
});
