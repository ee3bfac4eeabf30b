import { describe, expect, it } from "vitest";
import type { Constraint } from "../../src/ctc/index.ts";
import { EarshotError } from "../../src/errors.ts";
import { Grammar, type GrammarOptions } from "../../src/grammar/index.ts";
import { Alphabet, transcriptPolicy } from "../../src/text/index.ts";

const alphabet = Alphabet.english();
const policy = transcriptPolicy.parse({});
const compiled = async (source: string | readonly string[], options?: GrammarOptions) =>
  (await Grammar.from(source, options)).compile(alphabet, policy);

/** Every sentence that an automaton accepts, as long as it has no loops. */
function sentences(automaton: Constraint): string[] {
  const found: string[] = [];
  const walk = (state: number, text: string): void => {
    if (automaton.endWeights[state] > -Infinity && !text.endsWith(" ")) found.push(text);
    for (const [k, symbol] of alphabet.symbols.entries()) {
      const t = automaton.transition(state, k);
      if (t >= 0) walk(automaton.targets[t], text + symbol);
    }
  };
  walk(automaton.start, "");
  return found.toSorted();
}

/** What a grammar is refused for. */
async function faultOf(source: string | readonly string[], options?: GrammarOptions) {
  try {
    await compiled(source, options);
  } catch (error) {
    if (error instanceof EarshotError) return { code: error.code, message: error.message };
    throw error;
  }
  throw new Error("It is no fault.");
}

describe("a list of phrases", () => {
  it("is a sentence a line, without comments and empty lines, as the transcripts spell them", async () => {
    const text = "\uFEFF# lights\nTurn on  the light\r\n\n  stop\n";
    const expected = ["stop", "turn on the light"];
    for (const ending of ["\n", "\r\n", "\r"])
      expect(sentences(await compiled(text.replaceAll(/\r?\n/g, ending)))).toEqual(expected);
    expect((await faultOf("stop\rcafé")).message).toContain("grammar:2:1: ");
    expect(sentences(await compiled(["Stop", "go on"]))).toEqual(["go on", "stop"]);
  });

  it("names symbol, word, phrase and place of what cannot be spelled", async () => {
    const { code, message } = await faultOf("stop\nturn on café lights\n", { name: "commands.txt" });
    expect(code).toBe("UNSPELLABLE_GRAMMAR");
    expect(message).toBe(
      `commands.txt:2:1: The model's alphabet has no "é": it cannot spell the word "café" of "turn on café lights". Write it as the model's transcripts do: the model can write no other symbols.`,
    );
    expect((await faultOf(["channel 5"])).message).toContain("Write numbers out in words");
    expect((await faultOf(["turn (on|off)"])).message).toContain("sentence templates");
  });

  it.each([[new Uint8Array([97])], [5], [null]])("is text or phrases, not %s", async (source) => {
    const { code, message } = await faultOf(source as unknown as string, { name: "home.yaml" });
    expect(code).toBe("INVALID_GRAMMAR");
    expect(message).toBe(
      'home.yaml: Expected the text of a grammar, or an array of phrases. Give text, such as await readFile(path, "utf8").',
    );
  });

  it("means nothing more than itself", async () => {
    const automaton = await compiled(["stop", "go on"]);
    expect(automaton.meaningOf("go on")).toEqual({});
    expect(automaton.meaningOf("go")).toBeUndefined();
    expect(automaton.meaningOf("")).toEqual({});
  });

  it("shares beginnings and ends", async () => {
    const { stateCount } = await compiled([
      "turn on the light",
      "turn off the light",
      "switch off the light",
    ]);
    expect(stateCount).toBeLessThan(30); // 52 letters and spaces
    expect((await faultOf("  \n# nothing\n")).code).toBe("EMPTY_GRAMMAR");
  });
});

describe("JSGF", () => {
  const lights = `#JSGF V1.0 UTF-8 en;
    grammar home.lights; // what is said
    /* private */ <state> = on {ON} | off {OFF};
    public <command> = [please] turn <state> [the] (light | lamp) {lights} | <home.lights.more>+;
    <more> = "a bit" (more {+} | less {-});`;

  it("has rules, alternatives, optional parts, groups, quoted tokens, repetition and tags", async () => {
    const automaton = await compiled(lights);
    expect(automaton.meaningOf("please turn off the lamp")).toEqual({ tags: ["OFF", "lights"] });
    expect(automaton.meaningOf("turn on light")).toEqual({ tags: ["ON", "lights"] });
    expect(automaton.meaningOf("a bit more a bit less a bit more")).toEqual({ tags: ["+", "-", "+"] });
    expect(automaton.meaningOf("turn on")).toBeUndefined();
    expect(automaton.meaningOf("a bit")).toBeUndefined();
  });

  it("needs no header", async () => {
    const imports = await faultOf("import <com.acme.names.*>;\nstop", { name: "commands.txt" });
    expect(imports.code).toBe("UNSUPPORTED_GRAMMAR");
    expect(sentences(await compiled("// one\rpublic <a> = x\r y; // two\r"))).toEqual(["x y"]);
    expect(sentences(await compiled("public <a> = x [y] z;"))).toEqual(["x y z", "x z"]);
    expect(sentences(await compiled("<b> = x | <NULL>; public <a> = <b> y | <VOID> z;"))).toEqual([
      "x y",
      "y",
    ]);
  });

  it("weighs alternatives: the likeliest is free, the others pay", async () => {
    const automaton = await compiled("public <a> = /6/ x | /3/ y | /1/ z | /0/ w;");
    const weight = (letter: string) =>
      automaton.weights[automaton.transition(automaton.start, alphabet.symbols.indexOf(letter))];
    expect(weight("x")).toBe(0);
    expect(weight("y")).toBeCloseTo(Math.log(3 / 6), 9);
    expect(weight("z")).toBeCloseTo(Math.log(1 / 6), 9);
    expect(automaton.meaningOf("w")).toBeUndefined();
  });

  it("may weigh what is repeated, unless it can be read in endless ways", async () => {
    expect((await compiled("public <a> = (/1/ x {X} | /3/ y {Y})+;")).meaningOf("x y")).toEqual({
      tags: ["X", "Y"],
    });
    const { code, message } = await faultOf("public <a> = ((/1/ x | /2/ y)* | (/5/ x | /2/ y)* z)*;");
    expect(code).toBe("GRAMMAR_TOO_LARGE");
    expect(message).toContain("repetition with weights");
  });

  it("takes the earlier of two ways to read a sentence", async () => {
    const automaton = await compiled("public <a> = x y {first} | x {second} y {third};");
    expect(automaton.meaningOf("x y")).toEqual({ tags: ["first"] });
  });

  it.each([
    ["<a> = x;", "EMPTY_GRAMMAR", "public <a> = …;"],
    ["public <a> = <b>;\n<colour> = red;", "UNKNOWN_RULE", "g.jsgf:1:14: There is no rule <b>."],
    ["public <a> = <color>;\n<colour> = red;", "UNKNOWN_RULE", "Did you mean <colour>?"],
    ["public <a> = x <a>;", "RECURSIVE_GRAMMAR", "<a> → <a>"],
    ["public <a> = x <b>; <b> = y | <a>;", "RECURSIVE_GRAMMAR", "<a> → <b> → <a>"],
    ["import <com.acme.names.*>;\npublic <a> = x;", "UNSUPPORTED_GRAMMAR", "imports <com.acme.names.*>"],
    ["public <a> = (x | y;", "INVALID_GRAMMAR", 'g.jsgf:1:20: Expected ")"; found ";".'],
    ["public <a> = x |;", "INVALID_GRAMMAR", "Expected a word, a group or a <rule>"],
    ["public <a> = x", "INVALID_GRAMMAR", "found the end"],
    ["public <a> = x;\npublic <a> = y;", "INVALID_GRAMMAR", "g.jsgf:2:8: The rule <a> is there already."],
    ["public <a> = /x/ y;", "INVALID_GRAMMAR", "found"],
    ["public <a> = /0/ x | /0/ y;", "INVALID_GRAMMAR", "all 0"],
    ["public <a> = x {tag;", "INVALID_GRAMMAR", "Expected a tag"],
    ["public <a> = <VOID>;", "EMPTY_GRAMMAR", "Nothing can be said"],
  ])("refuses %s", async (text, code, message) => {
    const fault = await faultOf(text, { name: "g.jsgf" });
    expect(fault.code).toBe(code);
    expect(fault.message).toContain(message);
  });
});

const home = `
language: en
intents:
  HassTurnOn:
    data:
      - sentences:
          - "<turn> on [the] {name}"
          - "<turn> [all] [the] light[s] on [in [the] {area:room}]"
        slots:
          domain: light
      - sentences: ["(pause; {name}; please)"]
        requires_context: {}
  HassLightSet:
    data:
      - sentences: ["set {name} [to] {brightness} [percent]"]
lists:
  name:
    values:
      - "Kitchen Light"
      - in: "(bed|sleeping) room lamp"
        out: light.bedroom
  area:
    values: ["[upper] hall", "cellar"]
  brightness:
    range: { from: 0, to: 100, step: 5 }
expansion_rules:
  turn: "(turn|switch)"
skip_words: ["please", "could you"]
`;
const automaton = await compiled(home, { name: "home.yaml" });

describe("Home Assistant's sentences", () => {
  it("give intent and slots, values as the lists say and fixed slots too", async () => {
    expect(automaton.meaningOf("switch on the kitchen light")).toEqual({
      intent: "HassTurnOn",
      slots: { domain: "light", name: "Kitchen Light" },
    });
    expect(automaton.meaningOf("turn on sleeping room lamp")?.slots).toMatchObject({ name: "light.bedroom" });
    expect(automaton.meaningOf("turn all lights on in the upper hall")).toEqual({
      intent: "HassTurnOn",
      slots: { domain: "light", room: "upper hall" },
    });
    expect(automaton.meaningOf("turn light on in hall")?.slots).toMatchObject({ room: "hall" });
    expect(automaton.meaningOf("set kitchen light to thirty five percent")).toEqual({
      intent: "HassLightSet",
      slots: { name: "Kitchen Light", brightness: 35 },
    });
    expect(automaton.meaningOf("set kitchen light to thirty four percent")).toBeUndefined();
  });

  it("have permutations, and words that may be skipped before and after", async () => {
    for (const text of [
      "pause kitchen light please",
      "please pause kitchen light",
      "kitchen light please pause",
    ])
      expect(automaton.meaningOf(text)).toEqual({ intent: "HassTurnOn", slots: { name: "Kitchen Light" } });
    expect(automaton.meaningOf("pause kitchen light")).toBeUndefined();
    expect(automaton.meaningOf("please could you turn on the kitchen light please")?.intent).toBe(
      "HassTurnOn",
    );
  });

  it("can be given lists by the program, whose values are no templates", async () => {
    const text = `intents: { Call: { data: [{ sentences: ["call {name}"] }] } }`;
    const lists = { name: ["Ann Lee", { in: "bob", out: 7 }] };
    const own = await compiled(text, { lists });
    expect(own.meaningOf("call ann lee")).toEqual({ intent: "Call", slots: { name: "Ann Lee" } });
    expect(own.meaningOf("call bob")).toEqual({ intent: "Call", slots: { name: 7 } });
    expect((await faultOf(text, { lists: { names: ["a"] } })).message).toContain('Did you mean "names"?');
  });

  it("may have rules and lists of their own", async () => {
    const text = `
intents:
  A: { data: [{ sentences: ["<go> {x}"], expansion_rules: { go: "walk" }, lists: { x: { values: [home] } } }] }
  B: { data: [{ sentences: ["<go> {x}"] }] }
expansion_rules: { go: "run" }
lists: { x: { values: [away] } }`;
    expect(sentences(await compiled(text))).toEqual(["run away", "walk home"]);
  });

  it("have numbers in digits where the alphabet has them", async () => {
    const text = `intents: { A: { data: [{ sentences: ["{n}"] }] } }\nlists: { n: { range: { from: 19, to: 22 } } }`;
    const digits = Alphabet.fromSymbols([..."abcdefghijklmnopqrstuvwxyz 0123456789"]);
    const both = (await Grammar.from(text)).compile(digits);
    expect(both.meaningOf("21")).toEqual({ intent: "A", slots: { n: 21 } });
    expect(both.meaningOf("twenty one")).toEqual({ intent: "A", slots: { n: 21 } });
    expect((await faultOf(`language: de\n${text}`)).message).toContain("Write numbers out in words");
  });

  const wrong = (sentence: string, rest = "") =>
    `intents:\n  A:\n    data:\n      - sentences:\n          - "${sentence}"\n${rest}`;
  it.each([
    [wrong("turn (on"), "INVALID_GRAMMAR", 'g.yaml:5:22: Expected ")"; found the end.'],
    [wrong("turn on)"), "INVALID_GRAMMAR", "g.yaml:5:21: Expected the end"],
    [wrong("{}"), "INVALID_GRAMMAR", "Expected a name"],
    [wrong("<turn> on", "expansion_rules:\n  trun: x\n"), "UNKNOWN_RULE", 'Did you mean "trun"?'],
    [wrong("<a>", "expansion_rules:\n  a: x <b>\n  b: y <a>\n"), "RECURSIVE_GRAMMAR", "<a> → <b> → <a>"],
    [wrong("{a}", "lists: { a: { values: ['x {a}'] } }"), "RECURSIVE_GRAMMAR", "{a} → {a}"],
    [wrong("{a}", "lists: { a: { wildcard: true } }"), "UNSUPPORTED_GRAMMAR", "lists.a takes any words"],
    [
      wrong("{a}", "lists: { a: { range: { from: 1 } } }"),
      "INVALID_GRAMMAR",
      'Expected "to" in lists.a.range',
    ],
    [wrong("{a}", "lists: { a: [x] }"), "INVALID_GRAMMAR", "Expected names with values as lists.a"],
    ["language: en\nintent: {}", "INVALID_GRAMMAR", 'Is "intent" meant to be "intents"?'],
    ["intents: { A: { data: [{ sentence: [x] }] } }", "INVALID_GRAMMAR", "sentences"],
    ["intents: {}", "EMPTY_GRAMMAR", "no sentence"],
    ["intents:\n  A: [", "INVALID_GRAMMAR", "no YAML"],
  ])("refuse %j", async (text, code, message) => {
    const fault = await faultOf(text, { name: "g.yaml" });
    expect(fault.message).toContain(message);
    expect(fault.code).toBe(code);
  });
});

describe("what a grammar may cost", () => {
  const chain = (body: (next: string) => string, count: number) =>
    Array.from({ length: count }, (_, i) => `<r${i}> = ${body(`<r${i + 1}>`)};`).join("\n");
  it.each([
    ["rules that double", `public <a> = <r0>;\n${chain((next) => `${next} ${next}`, 40)}\n<r40> = x;`],
    [
      "empty rules that double",
      `public <a> = x <r0>;\n${chain((next) => `${next} ${next}`, 40)}\n<r40> = <NULL>;`,
    ],
    ["rules in rules", `public <a> = <r0>;\n${chain((next) => next, 5000)}\n<r5000> = x;`],
    ["a memory of what was said long ago", `public <a> = (x | y)* x ${"(x | y) ".repeat(30)};`],
    ["nine parts in any order", `intents: { A: { data: [{ sentences: ["(a;b;c;d;e;f;g;h;i)"] }] } }`],
  ])("is bounded: %s", async (_, text) => {
    expect((await faultOf(text)).code).toBe("GRAMMAR_TOO_LARGE");
  });

  it("does not grow with options in each other", async () => {
    const nested = `${"[x ".repeat(90)}${"]".repeat(90)}`;
    expect((await compiled(`public <a> = y ${nested};`)).stateCount).toBeLessThan(300);
    expect((await faultOf(`public <a> = ${"(".repeat(5000)};`)).code).toBe("INVALID_GRAMMAR");
    expect((await compiled(`public <a> = ${"[x] ".repeat(60)};`)).stateCount).toBeLessThan(300);
  });
});
