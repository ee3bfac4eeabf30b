import { describe, expect, it } from "vitest";
import { BeamDecoder, type Meaning } from "../../src/ctc/index.ts";
import { Grammar } from "../../src/grammar/index.ts";
import { jsonOf, Recognizer } from "../../src/recognizer/index.ts";
import { transcriptionOf } from "../../src/recognizer/transcription.ts";
import { Alphabet } from "../../src/text/index.ts";
import { rowsOf, TinyModel } from "../ctc/texts.ts";
import { scriptedModel, scriptOf, streamingScriptedModel } from "./scripted-model.ts";

const said = (path: string) => ({ samples: scriptOf(path), sampleRateHz: 16_000 });
const lights = await Grammar.from(`public <command> = turn (on {ON} | off {OFF}) [the light {LIGHT}];`);
const doors = await Grammar.from(["open the door", "shut the door"]);

describe("a recognizer with a grammar", () => {
  it("hears only its sentences, and what they mean", async () => {
    const recognizer = new Recognizer(scriptedModel());
    recognizer.setGrammar(lights);
    const exact = await recognizer.transcribe(said("_turn_on_ _the_ light_"));
    expect(exact).toMatchObject({ text: "turn on the light", tags: ["ON", "LIGHT"], warnings: [] });
    expect(exact.words.map(({ text }) => text)).toEqual(["turn", "on", "the", "light"]);
    const near = await recognizer.transcribe(said("_torn_ of_f_ "));
    expect(near).toMatchObject({ text: "turn off", tags: ["OFF"] });
    expect("intent" in near).toBe(false);
  });

  it("gives intent and slots, of other texts too, in JSON as well", async () => {
    const grammar = await Grammar.from(
      `intents: { Call: { data: [{ sentences: ["call {name}"], slots: { by: phone } }] } }`,
      { lists: { name: ["bob", { in: "rob", out: 7 }] } },
    );
    const decoding = { grammar, settings: { nBest: 2 } };
    const recognizer = new Recognizer(scriptedModel(), {
      decoder: new BeamDecoder(Alphabet.english(), { beta: 0, nBest: 2 }, decoding),
    });
    const heard = await recognizer.transcribe(said("_cal_l_ _bob_"));
    expect(heard).toMatchObject({ text: "call bob", intent: "Call", slots: { by: "phone", name: "bob" } });
    expect(jsonOf({ path: "a.wav", ...heard })).toMatchObject({
      text: "call bob",
      intent: "Call",
      slots: { by: "phone", name: "bob" },
      alternatives: [{ slots: { name: "bob" } }, { text: "call rob", intent: "Call", slots: { name: 7 } }],
    });
  });

  it("says nothing, and why, where no sentence fits", async () => {
    const recognizer = new Recognizer(scriptedModel({}, 0.999));
    recognizer.setGrammar(doors);
    const unfinished = await recognizer.transcribe(said("op")); // too short for a sentence
    expect(unfinished).toMatchObject({ text: "", words: [] });
    const strict = new BeamDecoder(Alphabet.english(), { beta: 0, beam: 1 }, { grammar: doors });
    const [text] = strict.decode(rowsOf("_open_the", Alphabet.english()));
    expect(text).toMatchObject({ text: "", words: [], meaning: null });
    const narrow = new Recognizer(scriptedModel(), { decoder: strict });
    expect(await narrow.transcribe(said("_open_ th"))).toMatchObject({
      text: "",
      warnings: [{ code: "NO_SENTENCE", message: "No sentence of the grammar fits what was said." }],
    });
    expect(await recognizer.transcribe(said("______"))).toMatchObject({ text: "", warnings: [] });
  });

  it("rejects what is said and is no sentence, in files and live, and leaves silence alone", async () => {
    const outside = { reason: "not-a-command", best: "hi you", confidence: 0 };
    const warnings = [{ code: "NO_SENTENCE", message: "No sentence of the grammar fits what was said." }];
    const recognizer = new Recognizer(streamingScriptedModel());
    recognizer.setGrammar(lights);
    const heard = await recognizer.transcribe(said("_hi_ yo_u_"));
    expect(heard).toMatchObject({ text: "", words: [], rejected: outside, confidence: 0, warnings });
    expect(jsonOf({ path: "a.wav", ...heard })).toEqual({
      path: "a.wav",
      text: "",
      words: [],
      rejected: outside,
      warnings,
    });
    const lastEvent = async (path: string) => {
      const stream = recognizer.stream({ endpoints: { detector: "none" } });
      await stream.write(scriptOf(path));
      void stream.finish();
      let last: unknown;
      for await (const event of stream) last = event;
      return last;
    };
    const final = { type: "final", text: "", rejected: outside, confidence: 0, warnings };
    expect(await lastEvent("_hi_ yo_u_")).toMatchObject(final);
    const sentence = await recognizer.transcribe(said("_turn_ on_"));
    expect([sentence.text, sentence.confidence, sentence.rejected]).toEqual([
      "turn on",
      undefined,
      undefined,
    ]);
    const silent = await recognizer.transcribe(said("______"));
    expect([silent.text, silent.rejected, silent.confidence]).toEqual(["", undefined, undefined]);
    const accepting = new Recognizer(scriptedModel(), { grammar: lights, rejection: false });
    expect(await accepting.transcribe(said("_hi_ yo_u_"))).not.toHaveProperty("rejected");
  });

  it("refuses what is no grammar, and keeps the one that it has", async () => {
    const recognizer = new Recognizer(scriptedModel());
    recognizer.setGrammar(doors);
    for (const other of ["home.yaml", ["stop"], Grammar.from(["stop"])])
      expect(() => recognizer.setGrammar(other as unknown as Grammar)).toThrow(
        "grammar: Expected a grammar that has been read. Give what Grammar.from resolves to: await Grammar.from(…).",
      );
    expect((await recognizer.transcribe(said("open_ the_ door"))).text).toBe("open the door");
  });

  it("is not found greedily", async () => {
    const loading = Recognizer.load("no.safetensors", { decoding: "greedy", grammar: doors });
    await expect(loading).rejects.toMatchObject({
      code: "INVALID_SETTING",
      message:
        'decoding: Texts are to be found greedily, but sentences of a grammar can only be searched for. Leave out decoding: "greedy", or the grammar.',
    });
  });

  it("changes it between recordings, and whoever has begun keeps theirs", async () => {
    const recognizer = new Recognizer(streamingScriptedModel());
    recognizer.setGrammar(lights);
    const stream = recognizer.stream({ endpoints: { detector: "none" } });
    await stream.write(scriptOf("_turn_"));
    const events = stream[Symbol.asyncIterator]();
    expect((await events.next()).value).toMatchObject({ type: "speech-start" });
    const begun = recognizer.transcribeAll([said("_turn_ of_f"), said("_turn_ on_")])[Symbol.asyncIterator]();
    const first = begun.next();
    recognizer.setGrammar(doors);
    expect((await recognizer.transcribe(said("open_ the_ door"))).text).toBe("open the door");
    await stream.write(scriptOf(" on_ "));
    await stream.finish();
    let last: unknown;
    for (let event = await events.next(); !event.done; event = await events.next()) last = event.value;
    expect(last).toMatchObject({ type: "final", text: "turn on", tags: ["ON"] });
    expect((await first).value).toMatchObject({ transcription: { text: "turn off" } });
    expect((await begun.next()).value).toMatchObject({ transcription: { text: "turn on" } });
    recognizer.setGrammar(undefined);
    expect((await recognizer.transcribe(said("hello"))).text).toBe("helo"); // no blank between
    const numbers = await Grammar.from(["5"]);
    const fails = () => recognizer.setGrammar(numbers);
    expect(fails).toThrow("Write numbers out in words");
    expect((await recognizer.transcribe(said("any"))).text).toBe("any");
  });

  it("is the one that it was loaded with until it is changed, and none after that", async () => {
    const decoder = new BeamDecoder(Alphabet.english(), { beta: 0 }, { grammar: lights });
    const recognizer = new Recognizer(scriptedModel(), { decoder });
    const { text } = await recognizer.transcribe(said("_torn_ of_f_ "));
    expect([text, recognizer.hasGrammar]).toEqual(["turn off", true]);
    recognizer.setGrammar(doors);
    expect((await recognizer.transcribe(said("open_ the_ door"))).text).toBe("open the door");
    recognizer.setGrammar(undefined);
    expect((await recognizer.transcribe(said("_hi_ yo_u_"))).text).toBe("hi you");
    expect(recognizer.hasGrammar).toBe(false);
  });

  it("understands a sentence whose words left a stream one by one", () => {
    const alphabet = Alphabet.english();
    const stream = new BeamDecoder(alphabet, { beta: 0, beam: 1 }, { grammar: lights }).open();
    const rows = ["turn ", "on ", "the ", "light"].map((word) => rowsOf(word + "_".repeat(100), alphabet));
    const final = rows.flatMap((each) => stream.push(each).words.map(({ text }) => text));
    expect(final).toEqual(["turn", "on", "the"]);
    expect(stream.finish()).toMatchObject([{ text: "light", meaning: { tags: ["ON", "LIGHT"] } }]);
  });

  it("gives no meaning of a recording with several sentences, and says so", () => {
    const part = (text: string, meaning: Meaning | null) => ({
      startMs: 0,
      part: [{ text, words: [], score: -1, acousticScore: -1, meaning }],
    });
    const heard = (parts: ReturnType<typeof part>[]) =>
      transcriptionOf({ parts, warnings: [], seconds: 90 }, { alphabet: Alphabet.english(), stepMs: 20 });
    const [on, none] = [part("turn on", { tags: ["ON"] }), part("", null)];
    const several = heard([on, part("", {}), on]);
    expect(several).toMatchObject({ text: "turn on turn on", warnings: [{ code: "SEVERAL_SENTENCES" }] });
    expect(several.tags).toBeUndefined();
    expect(heard([part("", {}), on, none])).toMatchObject({
      text: "turn on",
      tags: ["ON"],
      warnings: [{ code: "NO_SENTENCE", message: expect.stringContaining("in 1 of its 3 parts") }],
    });
  });

  it("adds its language model to the grammar's weights", async () => {
    const alphabet = Alphabet.fromSymbols([..."ab "]);
    const scorer = new TinyModel("word", ["a", "b"], 3);
    const grammar = await Grammar.from("public <s> = /1/ a | /3/ b | a b;");
    const settings = { beta: 0, alpha: 0.7, nBest: 9, unknownWordPenalty: 0 };
    const rows = rowsOf("a_b", alphabet, 0.4);
    const free = new BeamDecoder(alphabet, settings, { scorer }).decode(rows);
    const bound = new BeamDecoder(alphabet, settings, { scorer, grammar }).decode(rows);
    const weights = new Map([["", 0], ["a", Math.log(1 / 3)], ["b", 0], ["a b", Math.log(1 / 3)]]); // prettier-ignore
    expect(bound.map(({ text }) => text).toSorted()).toEqual(["", "a", "a b", "b"]);
    for (const { text, score } of bound)
      expect(score).toBeCloseTo(free.find((each) => each.text === text)!.score + weights.get(text)!, 6);
  });

  it("is walked by several models together, and by models of word pieces", async () => {
    const recognizer = new Recognizer([scriptedModel(), scriptedModel({}, 0.8)]);
    recognizer.setGrammar(lights);
    expect(await recognizer.transcribe(said("_torn_ of_f_"))).toMatchObject({
      text: "turn off",
      tags: ["OFF"],
    });
    const pieces = Alphabet.fromPieces([
      " turn",
      " on",
      " of",
      "f",
      " the",
      " li",
      "ght",
      " t",
      "u",
      "rn",
      "o",
    ]);
    const rows = new Float32Array(6 * pieces.size).fill(Math.log(0.01));
    [" turn", " of", "f", " the", "u", "f"].forEach((piece, t) => {
      rows[t * pieces.size + pieces.symbols.indexOf(piece.replace(" ", "▁"))] = Math.log(
        1 - 0.01 * (pieces.size - 1),
      );
    });
    const decoder = new BeamDecoder(pieces, { beta: 0 }, { grammar: lights });
    expect(decoder.decode(rows)[0]).toMatchObject({ text: "turn off", meaning: { tags: ["OFF"] } });
  });
});
