import { describe, expect, it } from "vitest";
import { BeamDecoder, GreedyDecoder, type DecoderInput } from "../../src/ctc/index.ts";
import type { AcousticModel } from "../../src/model/index.ts";
import { Recognizer } from "../../src/recognizer/index.ts";
import { openDecoder } from "../../src/recognizer/decoding.ts";
import { Alphabet } from "../../src/text/index.ts";
import { rowsOf, TinyModel } from "../ctc/texts.ts";
import { constantModel, untrainedModel } from "../model/small-model.ts";
import { eventsOf, finalsOf, ONE_UTTERANCE } from "./live-stream.ts";
import { scriptedModel, scriptOf } from "./scripted-model.ts";
import { sweep } from "./wave-file.ts";

const alphabet = Alphabet.english();
const said = (path: string) => ({ samples: scriptOf(path), sampleRateHz: 16_000 });

describe("words", () => {
  const recognizer = new Recognizer(scriptedModel());

  it("have the times of their steps, in ms, and a probability", async () => {
    const { text, words, alternatives } = await recognizer.transcribe(said("__aa_b__cc_"));
    expect(text).toBe("abc");
    expect(words).toEqual([{ text: "abc", startMs: 40, endMs: 200, confidence: expect.any(Number) }]);
    expect(alternatives).toMatchObject([{ text: "abc", words }]);
  });

  it("follow each other without overlap, and end with the recording", async () => {
    const { words } = await recognizer.transcribe(said("_hi_ _oh_ yo"));
    expect(words.map(({ text, startMs, endMs }) => [text, startMs, endMs])).toEqual([
      ["hi", 20, 60],
      ["oh", 120, 160],
      ["yo", 200, 240],
    ]);
    for (const { confidence } of words) expect(confidence).toBeGreaterThan(0.8 ** 3);
  });

  it("of a long recording are counted from its beginning", async () => {
    const pause = "_".repeat(60);
    const { text, words } = await recognizer.transcribe(
      said(` ${pause}so far${pause} away${pause}`.repeat(15)),
    );
    expect(text).toBe("so far away ".repeat(15).trim());
    words.forEach(({ startMs }, n) => {
      const step = 192 * Math.floor(n / 3) + [61, 64, 128][n % 3];
      expect(Math.abs(startMs - 20 * step)).toBeLessThanOrEqual(10); // pieces begin where it suits them
    });
  });

  it("are none where nothing is said", async () => {
    expect(await recognizer.transcribe(said("____"))).toMatchObject({ text: "", words: [] });
    expect(await recognizer.transcribe(said(""))).toMatchObject({ text: "", words: [], alternatives: [{}] });
  });

  it("are symbols where the alphabet has no space", async () => {
    const file = { alphabet: Alphabet.fromSymbols([..."天地人"]) };
    const chinese = new Recognizer(scriptedModel(file));
    const samples = scriptOf("天_人", file.alphabet);
    const { text, words } = await chinese.transcribe({ samples, sampleRateHz: 16_000 });
    expect({ text, words: words.map(({ text }) => text) }).toEqual({ text: "天人", words: ["天", "人"] });
  });
});

describe("the decoder of a model file", () => {
  const scorer = new TinyModel("word", ["ab", "ba"], 1);
  const bare: Parameters<typeof openDecoder>[0] = { alphabet, decoding: {} };
  const withDecoding = (decoding: AcousticModel["decoding"]) => ({ alphabet, decoding });

  it("is greedy where nothing else is said, and where that is said", async () => {
    expect(await openDecoder(bare)).toBeInstanceOf(GreedyDecoder);
    expect(await openDecoder(withDecoding({ settings: { alpha: 1 } }))).toBeInstanceOf(GreedyDecoder);
    expect(await openDecoder(withDecoding({ languageModel: ARPA }), "greedy")).toBeInstanceOf(GreedyDecoder);
  });

  it("takes the settings stored for a language model, and those of the user over them", async () => {
    const stored = withDecoding({ settings: { alpha: 1.5, beta: 2.5, beam: 8 } });
    const settingsOf = async (...given: Parameters<typeof openDecoder>) =>
      ((await openDecoder(...given)) as BeamDecoder).settings;
    expect(await settingsOf(stored, { scorer })).toMatchObject({ alpha: 1.5, beta: 2.5, beam: 8 });
    expect(await settingsOf(stored, { scorer, settings: { beta: 0 } })).toMatchObject({
      alpha: 1.5,
      beta: 0,
    });
    expect(await settingsOf(stored, { settings: { beam: 7 } })).toMatchObject({ beta: 0, beam: 7 });
  });

  it("keeps the penalty of 0 at which settings without one were tuned; with none stored the usual one holds", async () => {
    const penaltyOf = async (...given: Parameters<typeof openDecoder>) =>
      ((await openDecoder(...given)) as BeamDecoder).unknownWordPenalty;
    const tuned = (settings: DecoderInput) => withDecoding({ settings });
    expect(await penaltyOf(tuned({ alpha: 1, beta: 2 }), { scorer })).toBe(0);
    expect(await penaltyOf(tuned({ alpha: 1, unknownWordPenalty: 4 }), { scorer })).toBe(4);
    expect(await penaltyOf(tuned({ alpha: 1 }), { scorer, settings: { unknownWordPenalty: 6 } })).toBe(6);
    expect(await penaltyOf(bare, { scorer })).toBe(5);
  });

  it("takes stored settings by the names that they had before, and the user's over them by either", async () => {
    const stored = withDecoding({ settings: { beamMargin: 20, symbolFloor: 0.01 } });
    const settingsOf = async (settings: DecoderInput) =>
      ((await openDecoder(stored, { scorer, settings })) as BeamDecoder).settings;
    expect(await settingsOf({})).toMatchObject({ beamThreshold: 20, cutoffProbability: 0.01 });
    expect(await settingsOf({ beamThreshold: 7 })).toMatchObject({ beamThreshold: 7 });
    expect(await settingsOf({ beamMargin: 8 })).toMatchObject({ beamThreshold: 8 });
  });

  it("is a beam search when a language model travels in the file", async () => {
    const decoder = await openDecoder(withDecoding({ languageModel: ARPA }));
    const [{ text }] = decoder.open().finish(rowsOf("ab_", alphabet));
    expect(text).toBe("ab");
    expect((decoder as BeamDecoder).settings).toMatchObject({ alpha: 0.5, beta: 1 });
  });

  it("refuses stored settings that are none, by name", async () => {
    const opening = openDecoder(withDecoding({ settings: { alpha: -1 }, languageModel: ARPA }));
    await expect(opening).rejects.toMatchObject({ code: "INVALID_SETTING", where: "decoder: alpha" });
  });
});

const ARPA = new TextEncoder().encode(`\\data\\
ngram 1=5

\\1-grams:
-1 <unk>
-99 <s>
-0.5 </s>
-0.5 ab
-0.5 ba

\\end\\
`);

describe("a beam search", () => {
  it("gives other texts too, whole ones of a recording in pieces", async () => {
    const decoder = new BeamDecoder(alphabet, { beta: 0, nBest: 3 });
    const recognizer = new Recognizer(scriptedModel({}, 0.5), { decoder });
    const { text, alternatives } = await recognizer.transcribe(said("_hi_"));
    expect(alternatives).toHaveLength(3);
    expect(alternatives[0].text).toBe(text);
    const scores = alternatives.map(({ score }) => score);
    expect(scores).toEqual(scores.toSorted((a, b) => b - a));
    const long = await recognizer.transcribe(said(`_hi_${"_".repeat(400)}`.repeat(6)));
    expect(long.alternatives).toHaveLength(3);
    for (const { text } of long.alternatives) expect(text.split(" ").length).toBeGreaterThan(3);
    expect(new Set(long.alternatives.map(({ text }) => text)).size).toBe(3);
  });

  it("finds a hot word that greedy decoding misses", async () => {
    const hesitant = scriptedModel({}, 0.4);
    const recording = said("_thu_nder_");
    const decoder = new BeamDecoder(alphabet, { beta: 0 }, { hotWords: { thunber: 30 } });
    expect((await new Recognizer(hesitant).transcribe(recording)).text).toBe("thunder");
    expect((await new Recognizer(hesitant, { decoder }).transcribe(recording)).text).toBe("thunber");
  });
});

describe("an ensemble", () => {
  /** A model of the same script that says each symbol some steps later, and perhaps takes other steps. */
  const delayed = (steps: number, hopMs = 10): AcousticModel => {
    const { features } = untrainedModel();
    const model = scriptedModel({ features: { ...features, hopMs } }, 0.999);
    const logProbabilities: AcousticModel["logProbabilities"] = async (batch) =>
      (await model.logProbabilities(batch)).map((rows) => {
        const V = model.alphabet.size;
        const late = rows.slice();
        late.set(rowsOf("_".repeat(steps), model.alphabet, 0.999));
        late.set(rows.subarray(0, rows.length - steps * V), steps * V);
        return late;
      });
    return { ...model, logProbabilities };
  };
  const script = said("___he__l_lo__  _th_e_re______");

  it("hears a text that its models say at different moments", async () => {
    expect((await new Recognizer([delayed(0), delayed(3)]).transcribe(script)).text).toBe("hello there");
    const { text, words } = await new Recognizer([delayed(0), delayed(2), delayed(4)]).transcribe(script);
    expect(text).toBe("hello there");
    // From the third and the sixteenth step of 20 ms on; on average two steps later.
    expect(words.map(({ startMs }) => startMs)).toEqual([60 + 40, 320 + 40]);
  });

  it("may have models whose steps differ in length", async () => {
    const halves = scriptedModel({ features: { ...untrainedModel().features, hopMs: 10 } }, 0.9);
    const { stepMs, logProbabilities } = halves;
    const twice: AcousticModel = {
      ...halves,
      stepMs: stepMs / 2,
      logProbabilities: async (batch) =>
        (await logProbabilities(batch)).map((rows) => {
          const V = halves.alphabet.size;
          return Float32Array.from({ length: 2 * rows.length }, (_, i) => {
            return rows[Math.floor(i / (2 * V)) * V + (i % V)];
          });
        }),
    };
    const alone = await new Recognizer(halves).transcribe(script);
    const both = await new Recognizer([halves, twice]).transcribe(script);
    expect(both.text).toBe(alone.text);
    expect(both.words.map(({ startMs }) => startMs)).toEqual(alone.words.map(({ startMs }) => startMs));
  });

  it("counts its models by their weights, whatever their sum", async () => {
    const rows = (text: string): AcousticModel => ({
      ...scriptedModel(),
      logProbabilities: async (batch) => batch.map(() => rowsOf(text, alphabet, 0.9)),
    });
    const heard = async (weights?: number[]) =>
      (await new Recognizer([rows("_cat_"), rows("_bat_")], { weights }).transcribe(said("_____"))).text;
    expect(await heard([3, 2])).toBe("cat");
    expect(await heard([0.2, 0.3])).toBe("bat");
    const code = "ENSEMBLE_MISMATCH";
    await expect(heard([1])).rejects.toMatchObject({ code, where: "model 1 + model 2" });
    for (const weights of [
      [1, 0],
      [1, -1],
      [1, NaN],
    ])
      await expect(heard(weights)).rejects.toMatchObject({ code, where: "model 2" });
  });

  it("of one model is that model, and of one twice hears as it does", async () => {
    const [alone, list] = [new Recognizer(delayed(1)), new Recognizer([delayed(1)])];
    expect(await list.transcribe(script)).toEqual(await alone.transcribe(script));
    const twice = new Recognizer([delayed(1), delayed(1)]);
    expect((await twice.transcribe(script)).text).toBe((await alone.transcribe(script)).text);
    expect(twice.models).toHaveLength(2);
  });

  it("aligns a text at the mean of its models' times", async () => {
    const starts = async (...models: AcousticModel[]) => {
      const { words } = await new Recognizer(models).align(script, "hello there", "script");
      return words.map(({ startMs }) => startMs);
    };
    const [first, second] = [await starts(delayed(0)), await starts(delayed(4))];
    expect(await starts(delayed(0), delayed(4))).toEqual(first.map((ms, i) => (ms + second[i]) / 2));
  });

  it("hears a recording as it comes, and in pieces when it is long", async () => {
    const recognizer = new Recognizer([delayed(0), delayed(3)]);
    const pieces = [script.samples.subarray(0, 1000), script.samples.subarray(1000)];
    const finals = finalsOf(await eventsOf(recognizer, pieces, ONE_UTTERANCE));
    expect(finals).toMatchObject([await recognizer.transcribe(script)]);
    const pause = "_".repeat(60); // pieces end in spaces, so both models say all of a word in one piece
    const long = said(` ${pause}so far${pause} away${pause}`.repeat(15));
    expect((await new Recognizer([delayed(0), delayed(0)]).transcribe(long)).text).toBe(
      "so far away ".repeat(15).trim(),
    );
  });

  it("of models with different alphabets is a named error", async () => {
    const letters = scriptedModel({ alphabet: Alphabet.fromSymbols([..."ab"]) });
    expect(() => new Recognizer([scriptedModel(), letters])).toThrow("Its alphabet is not that of model 1");
  });

  it("cannot be given frames of one model", async () => {
    const frames = scriptedModel().prepare(scriptOf("ab")).views[0];
    for (const recognizer of [
      new Recognizer([scriptedModel(), scriptedModel()]),
      new Recognizer(scriptedModel(), { jitter: true }),
    ])
      await expect(recognizer.transcribe({ frames })).rejects.toMatchObject({ code: "SAMPLES_NEEDED" });
  });
});

describe("jitter", () => {
  it("averages the probabilities of what it takes", async () => {
    let call = 0;
    const surenesses = [0.9, 0.6, 0.6];
    const model: AcousticModel = {
      ...scriptedModel(),
      logProbabilities: async (batch) =>
        batch.map(() => rowsOf("ab", alphabet, surenesses[call++ % surenesses.length])),
    };
    for await (const outcome of new Recognizer(model, { jitter: true }).logProbabilitiesAll([said("ab")])) {
      if ("error" in outcome) throw outcome.error;
      const [{ rows }] = outcome.recording.parts[0].part;
      expect(Math.exp(rows[alphabet.symbols.indexOf("a")])).toBeCloseTo(0.7, 6);
    }
  });

  it("takes a recording 5 ms earlier and later too, and averages", async () => {
    const taken: Float32Array[] = [];
    const model = scriptedModel();
    const prepare = model.prepare.bind(model);
    const recording = Object.assign(model, {
      prepare: (samples: Float32Array) => {
        taken.push(samples);
        return prepare(samples);
      },
    });
    const { samples } = said("ab_");
    expect((await new Recognizer(recording, { jitter: true }).transcribe(said("ab_"))).text).toBe("ab");
    const [own, earlier, later] = taken;
    expect(own).toEqual(samples);
    expect(earlier).toEqual(Float32Array.from([...samples.subarray(80), ...new Float32Array(80)]));
    expect(later).toEqual(Float32Array.from([...new Float32Array(80), ...samples.subarray(0, -80)]));
  });

  it("takes recordings of any length", async () => {
    const jittering = new Recognizer(scriptedModel(), { jitter: true });
    for (const length of [0, 1, 79, 80, 81, 400]) {
      const samples = new Float32Array(length).fill(0.01);
      expect(await jittering.transcribe({ samples, sampleRateHz: 16_000 })).toMatchObject({
        seconds: length / 16_000,
      });
    }
  });
});

describe("a model without a decoder", () => {
  it("gives the same as one whose only word it is", async () => {
    const recognizer = await Recognizer.load(constantModel("q"), {
      threads: 1,
      decoding: { settings: { dictionary: true }, vocabulary: ["q"] },
    });
    expect((await recognizer.transcribe({ samples: sweep(0.5), sampleRateHz: 16_000 })).text).toBe("q");
    await recognizer.close();
  });
});
