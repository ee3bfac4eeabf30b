// A decoder for one use: what it is asked for holds for that one alone.

import { describe, expect, it } from "vitest";
import { BeamDecoder } from "../../src/ctc/index.ts";
import { Grammar } from "../../src/grammar/index.ts";
import { Recognizer } from "../../src/recognizer/index.ts";
import { Alphabet } from "../../src/text/index.ts";
import { eventsOf, finalsOf, ONE_UTTERANCE } from "./live-stream.ts";
import { scriptOf, streamingScriptedModel } from "./scripted-model.ts";

const samples = scriptOf("_l_a_m_p_ _o_n_");
const sound = { samples, sampleRateHz: 16_000 };

describe.each([
  ["greedy", undefined],
  ["beam", new BeamDecoder(Alphabet.english(), {}, { hotWords: { off: 1 } })],
])("a recognizer whose decoder is %s", (_, own) => {
  const recognizer = new Recognizer(streamingScriptedModel({}, 0.6), { decoder: own });

  it("decodes one recording, or stream, as it is asked, and others as ever", async () => {
    const grammar = await Grammar.from(["lamp off", "door on"]);
    const decoder = recognizer.decoderFor({ grammar, nBest: 2 });
    const asked = await recognizer.transcribe(sound, { decoder });
    expect(asked.alternatives.map(({ text }) => text).toSorted()).toEqual(["door on", "lamp off"]);
    const events = await eventsOf(recognizer, [samples], { ...ONE_UTTERANCE, decoder });
    expect(finalsOf(events)[0].text).toBe(asked.text);
    expect((await recognizer.transcribe(sound)).text).toBe("lamp on");
    expect(recognizer.hasGrammar).toBe(false);
  });

  it("has more hot words with it, and keeps its own", async () => {
    const decoder = recognizer.decoderFor({ hotWords: { "lamp off": 200 } }); // whatever is said
    expect((await recognizer.transcribe(sound, { decoder })).text).toMatch(/^lamp off/);
    expect((await recognizer.transcribe(sound)).text).toBe("lamp on");
  });
});
