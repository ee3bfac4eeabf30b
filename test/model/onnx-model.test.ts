// Models in ONNX as programs elsewhere export them, made here with our own graph room: other orders of axes, lengths of
// integers, a blank in the first place, word pieces, raw samples.

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { SAMPLE_RATE_HZ } from "../../src/audio/index.ts";
import {
  concat,
  conv,
  Graph,
  identity,
  logSoftmax,
  matMul,
  softmax,
  transpose,
  unsqueeze,
  writeOnnx,
} from "../../src/graph/index.ts";
import { OnnxModel, runOnnx, TrainedModel } from "../../src/model/index.ts";
import type { AcousticModel, OnnxDescriptionInput } from "../../src/model/index.ts";
import { parseTokens, tableOfTokens } from "../../src/model/onnx/tokens.ts";
import { inferenceProgram } from "../../src/network/index.ts";
import { RandomStream } from "../../src/random.ts";
import { Recognizer } from "../../src/recognizer/index.ts";
import { normalizeTranscript, transcriptPolicy } from "../../src/text/index.ts";
import { sweep, waveFile } from "../recognizer/wave-file.ts";
import { untrainedModel } from "./small-model.ts";

const threads = { threads: 1 };

/** Ours, as another program would be described: the tokens, the mask by name. */
const file = untrainedModel();
const exported = inferenceProgram(file.architecture, file.weights);
const ours: OnnxDescriptionInput = {
  tokens: [...file.alphabet.symbols, "<blank>"],
  input: { name: "frames", features: { ...file.features } },
  stride: 2,
  feed: { axes: "TBF", mask: "mask" },
  output: { axes: "TBV" },
};

const noise = (seconds: number, seed = 1): Float32Array => {
  const random = new RandomStream(seed, "noise");
  return Float32Array.from({ length: seconds * SAMPLE_RATE_HZ }, () => 0.1 * random.normal());
};

async function rowsOf(model: AcousticModel, recordings: readonly Float32Array[]) {
  return model.logProbabilities(recordings.map((samples) => model.prepare(samples)));
}

describe("our own network, exported and described", async () => {
  const model = await OnnxModel.open(exported, ours, threads);
  const trained = await TrainedModel.open(file, threads);
  afterAll(() => Promise.all([model.close(), trained.close()]));

  it("gives the log-probabilities of our own file, bit for bit, in batches and alone", async () => {
    const recordings = [0.25, 0.8, 0.5].map((seconds) => sweep(seconds));
    expect(await rowsOf(model, recordings)).toEqual(await rowsOf(trained, recordings));
    expect(await rowsOf(model, [noise(0.3)])).toEqual(await rowsOf(trained, [noise(0.3)]));
  });

  it("is heard beside our own file in an ensemble", async () => {
    const both = new Recognizer([model, trained], { weights: [1, 3] });
    for await (const outcome of both.logProbabilitiesAll([
      { samples: noise(0.3), sampleRateHz: SAMPLE_RATE_HZ },
    ])) {
      if ("error" in outcome) throw outcome.error;
      const [ofModel, ofFile] = outcome.recording.parts[0].part;
      expect(ofModel).toEqual({ ...ofFile, weight: 0.25 });
      expect(both.decode(outcome.recording).text).not.toBe("");
    }
  });

  it("says of itself what our own file says", () => {
    const said = ({ alphabet, transcript, stepMs, hopMs, windowMs, viewCount }: AcousticModel) => {
      return { symbols: alphabet.symbols, transcript, stepMs, hopMs, windowMs, viewCount };
    };
    expect(said(model)).toEqual(said(trained));
  });

  it("has no rows for silence and for no samples", async () => {
    const rows = await rowsOf(model, [new Float32Array(8000), new Float32Array(0), sweep(0.2)]);
    expect(rows.map(({ length }) => length > 0)).toEqual([false, false, true]);
  });
});

describe("a path of a model", () => {
  let folder: string;
  beforeAll(async () => void (folder = await mkdtemp(join(tmpdir(), "earshot-onnx-"))));
  afterAll(() => rm(folder, { recursive: true }));
  const write = (name: string, content: string | Uint8Array) => writeFile(join(folder, name), content);
  const load = (name: string) => Recognizer.load(join(folder, name), threads);

  it("ending in .onnx takes the description and the tokens beside it, and transcribes as our own file does", async () => {
    await write("model.onnx", exported);
    const tokens = (ours.tokens as string[]).map((token, i) => `${token === " " ? "▁" : token} ${i}`);
    await write("tokens.txt", `${tokens.join("\n")}\n`);
    await write("model.json", JSON.stringify({ ...ours, tokens: "tokens.txt" }));
    await write("audio.wav", waveFile(sweep(0.6)));
    const recognizer = await load("model.onnx");
    const trained = await Recognizer.load(file, threads);
    const transcription = await recognizer.transcribe(join(folder, "audio.wav"));
    expect(transcription.text).not.toBe("");
    expect(transcription).toEqual(await trained.transcribe(join(folder, "audio.wav")));
    await Promise.all([recognizer.close(), trained.close()]);
  });

  it("says what is missing or cannot be read", async () => {
    await expect(load("nowhere.onnx")).rejects.toMatchObject({ code: "UNREADABLE_MODEL" });
    await write("bare.onnx", exported);
    await expect(load("bare.onnx")).rejects.toMatchObject({
      code: "MISSING_DESCRIPTION",
      problem: `An ONNX model needs a description, but there is no ${join(folder, "bare.json")}.`,
    });
    await write("bare.json", "[1]");
    await expect(load("bare.onnx")).rejects.toMatchObject({
      code: "INVALID_DESCRIPTION",
      problem: "A description is a JSON object.",
    });
    await write("bare.json", "{");
    await expect(load("bare.onnx")).rejects.toMatchObject({ code: "INVALID_DESCRIPTION" });
    await write("bare.json", JSON.stringify({ ...ours, tokens: "none.txt" }));
    await expect(load("bare.onnx")).rejects.toMatchObject({
      code: "INVALID_TOKENS",
      where: join(folder, "none.txt"),
    });
    await write("bare.json", JSON.stringify({ ...ours, strid: 2 }));
    await expect(load("bare.onnx")).rejects.toMatchObject({
      code: "UNKNOWN_SETTING",
      remedy: 'Did you mean "stride"?',
    });
  });
});

const TOKENS = ["<blk>", "▁a", "b", "▁", "<unk>", "c"];
const V = TOKENS.length;
const F = 10;

/** As NeMo exports: features [B, F, T] with lengths of integers in, log-probabilities [B, T, V] and lengths out. */
function featuresProgram(): { bytes: Uint8Array; weights: Float32Array } {
  const graph = new Graph();
  const weights = randomNumbers(F * V, 7);
  const frames = graph.input("audio_signal", "float32", ["B", F, "T"]);
  const lengths = graph.input("length", "int64", ["B"]);
  const byTime = transpose(frames, [0, 2, 1]);
  graph.output(logSoftmax(matMul(byTime, graph.constant("w", "float32", [F, V], weights))));
  graph.output(identity(lengths));
  return { bytes: writeOnnx(graph), weights };
}

const randomNumbers = (count: number, seed: number): Float32Array => {
  const random = new RandomStream(seed, "weights");
  return Float32Array.from({ length: count }, () => random.normal());
};

const elsewhere: OnnxDescriptionInput = {
  tokens: TOKENS,
  input: { name: "frames", features: { bins: F } },
  stride: 1,
  feed: { axes: "BFT" },
};

/** ln softmax of x W, in the order " a", "b", " ", "c" and the blank with what spells nothing. */
function rowByHand(frame: ArrayLike<number>, weights: ArrayLike<number>, size: number): number[] {
  const scores = TOKENS.map((_, v) => {
    let sum = 0;
    for (let f = 0; f < size; f++) sum += frame[f] * weights[f * V + v];
    return Math.exp(sum);
  });
  const total = scores.reduce((a, b) => a + b, 0);
  const [blank, a, b, space, unknown, c] = scores;
  return [a, b, space, c, blank + unknown].map((score) => Math.log(score / total));
}

describe("a model of features by time with lengths of integers", async () => {
  const { bytes, weights } = featuresProgram();
  const model = await OnnxModel.open(bytes, elsewhere, threads);
  afterAll(() => model.close());

  it("spells with word pieces, its blank brought to the end", () => {
    expect(model.alphabet.symbols).toEqual(["▁a", "b", "▁", "c"]);
    expect(model.alphabet.blank).toBe(4);
    expect(model.alphabet.decode([0, 1, 0, 3, 2, 1])).toBe(" ab ac b");
    expect([...model.alphabet.encode("ab acb b")]).toEqual([0, 1, 0, 3, 1, 2, 1]);
  });

  it("gives the log-probabilities that a calculation by hand gives, in batches too, each in its own length", async () => {
    const inputs = [noise(0.3, 1), noise(0.1, 2), noise(0.2, 3)].map((samples) => model.prepare(samples));
    const rows = await model.logProbabilities(inputs);
    for (const [b, { length, views }] of inputs.entries()) {
      expect(rows[b]).toHaveLength(length * 5);
      for (let t = 0; t < length; t++) {
        const expected = rowByHand(views[0].data.subarray(t * F, (t + 1) * F), weights, F);
        expected.forEach((value, k) => expect(rows[b][t * 5 + k]).toBeCloseTo(value, 4));
      }
    }
  });
});

const WINDOW = 400;
const HOP = 320;

/** As wav2vec 2.0: samples [B, T] in, probabilities [B, V, T'] out, one step for 20 ms, no lengths. */
function samplesProgram(): { bytes: Uint8Array; kernel: Float32Array } {
  const graph = new Graph();
  const kernel = randomNumbers(V * WINDOW, 8);
  const samples = graph.input("input_values", "float32", ["B", "T"]);
  const weights = graph.constant("w", "float32", [V, 1, WINDOW], kernel);
  const logits = conv(unsqueeze(samples, [1]), weights, undefined, { strides: [HOP] });
  graph.output(transpose(softmax(transpose(logits, [0, 2, 1])), [0, 2, 1]));
  return { bytes: writeOnnx(graph), kernel };
}

describe("a model of raw samples", async () => {
  const { bytes, kernel } = samplesProgram();
  const description: OnnxDescriptionInput = {
    tokens: TOKENS,
    input: { name: "samples", normalization: "utterance" },
    stride: HOP,
    output: { axes: "BVT", gives: "probabilities" },
  };
  const model = await OnnxModel.open(bytes, description, threads);
  afterAll(() => model.close());
  const byTap = Float32Array.from(kernel, (_, i) => kernel[(i % V) * WINDOW + Math.floor(i / V)]); // [400, V]

  it("has a step every 20 ms, and gives the log-probabilities that a calculation by hand gives", async () => {
    expect([model.stepMs, model.hopMs, model.windowMs]).toEqual([20, 10, 25]);
    const samples = noise(0.5).map((sample) => sample + 0.3);
    const [rows] = await rowsOf(model, [samples]);
    const mean = samples.reduce((sum, x) => sum + x, 0) / samples.length;
    const variance = samples.reduce((sum, x) => sum + (x - mean) ** 2, 0) / samples.length;
    const normalized = samples.map((x) => (x - mean) / Math.sqrt(variance + 1e-7));
    const steps = Math.floor((samples.length - WINDOW) / HOP) + 1;
    expect(rows).toHaveLength(steps * 5);
    for (let t = 0; t < steps; t++) {
      const expected = rowByHand(normalized.subarray(t * HOP, t * HOP + WINDOW), byTap, WINDOW);
      expected.forEach((value, k) => {
        const came = rows[t * 5 + k];
        expect(Math.abs(Math.exp(came) - Math.exp(value))).toBeLessThan(1e-4);
      });
    }
  });

  it("gives an utterance the same rows alone and among longer neighbors", async () => {
    const recordings = [noise(0.2, 1), noise(0.5, 2)];
    const together = await rowsOf(model, recordings);
    const alone = await Promise.all(recordings.map((samples) => rowsOf(model, [samples])));
    expect(together).toEqual(alone.flat());
  });

  it("fills up a recording that is too short for a step, and brings samples to the model's rate", async () => {
    const [rows] = await rowsOf(model, [noise(0.01)]);
    expect(rows).toHaveLength(5);
    const slow = await OnnxModel.open(
      bytes,
      { ...description, input: { name: "samples", sampleRateHz: 8000 } },
      threads,
    );
    expect(slow.stepMs).toBe(40);
    const [half] = await rowsOf(slow, [noise(1)]);
    expect(half).toHaveLength(5 * (Math.floor((8000 - WINDOW) / HOP) + 1));
    await slow.close();
  });
});

describe("a description that does not fit", () => {
  const { bytes } = featuresProgram();
  const opening = (changes: Partial<OnnxDescriptionInput>) =>
    OnnxModel.open(bytes, { ...elsewhere, ...changes }, threads, "model.json");
  const mismatch = (problem: string, remedy = expect.any(String) as string) => ({
    code: "DESCRIPTION_MISMATCH",
    problem,
    remedy,
  });

  it("by a name says which names there are", async () => {
    await expect(opening({ feed: { axes: "BFT", tensor: "audio_signals" } })).rejects.toMatchObject(
      mismatch(
        'The program has no input named "audio_signals"; it has audio_signal, length.',
        'Did you mean "audio_signal"?',
      ),
    );
    await expect(opening({ output: { tensor: "logprobs" } })).rejects.toMatchObject({
      code: "DESCRIPTION_MISMATCH",
      problem: expect.stringContaining('The program has no output named "logprobs"; it has '),
    });
  });

  it("by the number of tokens says how many outputs there are", async () => {
    await expect(opening({ tokens: TOKENS.slice(0, -1) })).rejects.toMatchObject(
      mismatch("A step has 6 outputs, but there are 5 tokens: the outputs are [1, 199, 6], their axes BTV."),
    );
  });

  it("by its axes, its stride or what it is fed says what came", async () => {
    await expect(opening({ feed: { axes: "BT" } })).rejects.toMatchObject(
      mismatch('The input "audio_signal" is [B, 10, T], where the axes BT were described.'),
    );
    await expect(opening({ feed: { axes: "BTF" } })).rejects.toMatchObject({
      code: "DESCRIPTION_MISMATCH",
      problem: expect.stringContaining("it takes recordings of 10 rows only"),
    });
    await expect(opening({ stride: 4 })).rejects.toMatchObject(
      mismatch("Two seconds give 199 steps, which is a stride of about 1, not 4."),
    );
    await expect(opening({ feed: { axes: "FF" } })).rejects.toMatchObject({ code: "INVALID_SETTING" });
  });

  it("by an axis of size 1 that is larger says how large", async () => {
    const graph = new Graph();
    const frames = graph.input("x", "float32", ["B", F, "T"]);
    const logits = matMul(transpose(frames, [0, 2, 1]), graph.constant("w", "float32", [F, V], randomNumbers(F * V, 7))); // prettier-ignore
    graph.output(concat([unsqueeze(logits, [1]), unsqueeze(logits, [1])], 1)); // [B, 2, T, V]
    const described = { ...elsewhere, output: { axes: "B1TV" } };
    await expect(OnnxModel.open(writeOnnx(graph), described, threads)).rejects.toMatchObject(
      mismatch("The outputs are [1, 2, 199, 6], but the axes B1TV say 1 where there are 2."),
    );
  });

  it("by what its numbers are says what they are", async () => {
    await expect(opening({ output: { gives: "probabilities" } })).rejects.toMatchObject(
      mismatch("Its outputs are described as probabilities, but they are not probabilities."),
    );
    const described = { tokens: TOKENS, input: { name: "samples" as const }, stride: HOP };
    const opened = OnnxModel.open(samplesProgram().bytes, { ...described, output: { axes: "BVT" } }, threads);
    await expect(opened).rejects.toMatchObject(
      mismatch("Its outputs are described as logits, but they are probabilities."),
    );
  });

  it("by its blank or its tokens says so", async () => {
    await expect(opening({ blank: "<eps>" })).rejects.toMatchObject({
      code: "INVALID_TOKENS",
      problem: 'The blank "<eps>" is none of its 6 tokens.',
    });
    await expect(opening({ tokens: ["a", "b"] })).rejects.toMatchObject({ code: "INVALID_TOKENS" });
    await expect(opening({ tokens: ["<blk>", "a", "a"] })).rejects.toMatchObject({
      code: "DUPLICATE_SYMBOL",
    });
    await expect(opening({ tokens: "tokens.txt" })).rejects.toMatchObject({ code: "DESCRIPTION_MISMATCH" });
  });
});

describe("a program of half precision", () => {
  it("gives bits, which are read as the numbers that they are", async () => {
    const y = { type: "float16", dims: [1, 1, 2], data: Uint16Array.of(15_360, 0) } as const;
    const program = { inputs: ["x"], outputs: ["y"], declared: new Map(), run: async () => ({ y }), close: async () => {} }; // prettier-ignore
    const x = { type: "float32", dims: [1, 1, 1], data: new Float32Array(1) } as const;
    const { outputs } = await runOnnx(program, { main: "x", lengths: [] }, x, [1]);
    expect([...outputs.data]).toEqual([1, 0]);
  });
});

describe("tokens of other kinds", () => {
  const table = (tokens: string[], more: object = {}) =>
    tableOfTokens(
      ["<blk>", ...tokens],
      { silent: [], space: "▁", unit: "piece", lowercase: false, ...more } as never,
      "tokens",
    );
  const spell = (tokens: string[], labels: number[], more?: object) =>
    table(tokens, more).alphabet.decode(labels).trim();

  it("that go on with ## are pieces of words, and so are those whose words go on with @@", () => {
    expect(spell(["un", "##do", "re", "##able", "a"], [0, 1, 2, 3, 4])).toBe("undo reable a");
    expect(spell(["un@@", "do", "re@@", "able", "a"], [0, 1, 2, 3, 4])).toBe("undo reable a");
    expect(spell(["un", "do</w>", "a</w>"], [0, 1, 2], { space: "</w>" })).toBe("undo a");
    expect(spell(["un+", "do", "a"], [0, 1, 2], { joiner: "+" })).toBe("undo a");
    const { alphabet } = table(["un@@", "do", "d@@", "o", "u"]);
    expect(alphabet.decode(alphabet.encode("undo u do"))).toBe("undo u do ");
  });

  it("that are words, as phonemes are, have spaces between them", () => {
    const phonemes = ["HH", "AH0", "L", "OW1", "tʃ"];
    expect(spell(phonemes, [0, 1, 2, 3], { unit: "word" })).toBe("HH AH0 L OW1");
    const { alphabet } = table(phonemes, { unit: "word" });
    expect([...alphabet.encode("OW1 tʃ HH")]).toEqual([3, 4, 0]);
    expect(normalizeTranscript("HH AH0", alphabet, transcriptPolicy.parse({}), "row").text).toBe("HH AH0");
  });

  it("are characters where none is longer, whatever signs they are", () => {
    expect(table(["#", "@", "a", "▁"]).alphabet.symbols).toEqual(["#", "@", "a", " "]);
  });
});

describe("tokens.txt", () => {
  it("is read with indices in any order, or one token a line", () => {
    expect(parseTokens("▁the 1\n<blk> 0\n  2\ns\t3\n", "tokens.txt")).toEqual(["<blk>", "▁the", " ", "s"]);
    expect(parseTokens("\uFEFF<blk>\r\na\r\nb\r\n", "tokens.txt")).toEqual(["<blk>", "a", "b"]);
  });

  it("says which index is there twice or never", () => {
    expect(() => parseTokens("a 0\nb 0", "tokens.txt")).toThrow(
      "tokens.txt:2: The index 0 was there before.",
    );
    expect(() => parseTokens("a 0\nb 2", "tokens.txt")).toThrow("There is no token with the index 1.");
    expect(() => parseTokens("", "tokens.txt")).toThrow("The file is empty.");
  });
});
