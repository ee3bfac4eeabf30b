// Kokoro without its model: the sounds of words, products in bytes made floats, and how files are found and fetched.

import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { openEngine } from "../../src/engine/index.ts";
import {
  cast,
  Graph,
  matMulInteger,
  mul,
  writeOnnx,
  type OperatorDefinition,
} from "../../src/graph/index.ts";
import { fetchKokoro, findKokoro } from "../../src/synthesis/engines/kokoro/files.ts";
import { withFloatWeights } from "../../src/synthesis/engines/kokoro/float-weights.ts";
import { KOKORO_FAULTS } from "../../src/synthesis/engines/kokoro/kokoro.ts";
import { phonemesOf } from "../../src/synthesis/engines/kokoro/phonemes.ts";
import { symbolNumbers } from "../../src/synthesis/engines/kokoro/vocabulary.ts";
import { kokoroWork, type KokoroJob } from "../../src/synthesis/engines/kokoro/work.ts";
import { openSpeechEngine } from "../../src/synthesis/index.ts";
import { temporaryFolder } from "../data/recordings.ts";
import { serveFiles } from "../platform/server.ts";
import { putOnPath } from "./fake-programs.ts";

describe("sounds of words", () => {
  // left: what eSpeak NG 1.51 gives; right: as in the lexicon of misaki, but for zero
  it.each([
    [
      "en-us",
      "zˈiəɹoʊ wˈʌn tˈuː θɹˈiː fˈoːɹ fˈaɪv sˈɛvən ˈeɪt nˈaɪn",
      "zˈiəɹO wˈʌn tˈu θɹˈi fˈɔɹ fˈIv sˈɛvən ˈAt nˈIn",
    ],
    ["en-gb", "zˈiəɹəʊ fˈɔː ʃˈeə tʃˈɔɪs", "zˈɪəɹQ fˈɔː ʃˈɛː ʧˈYs"],
    ["en-us", "tˈɜːn wˈɔːɾɚ dʒˈʌmp", "tˈɜɹn wˈɔTəɹ ʤˈʌmp"],
    ["es", "ˈotɾo tʃˈiko", "ˈotɾo ʧˈiko"],
  ])("of %s are written as the model learned them", async (language, ipa, phonemes) => {
    expect(await phonemesOf("words", language, async () => ipa)).toBe(phonemes);
  });

  it("leave punctuation as it is, which is not given to eSpeak NG", async () => {
    const asked: string[] = [];
    const toIpa = async (text: string) => (asked.push(text), text);
    expect(await phonemesOf("bin, bin! (bin)", "en-us", toIpa)).toBe("bin, bin! (bin)");
    expect(asked).toEqual(["bin", "bin", "bin"]);
  });

  it("are numbers, without those that the model does not know", () => {
    expect(symbolNumbers("; AˈI!#ᵻ")).toEqual([1, 16, 24, 156, 25, 5, 177]);
  });
});

/** One scale for all of a tensor, as others quantize it. */
const DYNAMIC_QUANTIZATION: OperatorDefinition = {
  name: "DynamicQuantizeLinear",
  infer: ([x]) => [
    { type: "uint8", shape: x.shape },
    { type: "float32", shape: [] },
    { type: "uint8", shape: [] },
  ],
  gradient: { none: "it rounds" },
  examples: [],
};

describe("products in bytes made floats", () => {
  it("are those of the floats that stand for the bytes", async () => {
    const graph = new Graph();
    const x = graph.input("x", "float32", ["T", 3]);
    const bytes = graph.constant("bytes", "int8", [3, 2], Int8Array.of(1, -127, 2, 50, -3, 4));
    const scale = graph.constant("scale", "float32", [2], Float32Array.of(0.5, 0.25));
    const [quantized, leftScale, zero] = graph.add(DYNAMIC_QUANTIZATION, [x]);
    const left = { bytes: quantized, scale: leftScale, zero };
    const y = graph.output(mul(cast(matMulInteger(left, bytes), "float32"), mul(left.scale, scale)));
    const program = writeOnnx(graph);
    const engine = await openEngine();
    const run = async (content: Uint8Array): Promise<number[]> => {
      const loaded = await engine.load(content);
      const data = Float32Array.of(0.3, 2.7, 77.7);
      const result = await loaded.run({ x: { type: "float32", dims: [1, 3], data } });
      await loaded.close();
      return Array.from(result[y.name].data as Float32Array);
    };
    const expected = [0.5 * (0.3 + 2 * 2.7 - 3 * 77.7), 0.25 * (-127 * 0.3 + 50 * 2.7 + 4 * 77.7)];
    const [inFloats, inBytes] = [await run(withFloatWeights(program)), await run(program)];
    for (const [n, value] of expected.entries()) {
      expect(inFloats[n]).toBeCloseTo(value, 4);
      expect(Math.abs(inBytes[n] - value)).toBeGreaterThan(0.01);
    }
  });

  it("are looked for: a program without them stays as it is", () => {
    const graph = new Graph();
    graph.output(mul(graph.input("x", "float32", []), graph.input("y", "float32", [])));
    const program = writeOnnx(graph);
    expect(withFloatWeights(program)).toBe(program);
  });
});

describe("a thread that speaks", () => {
  const folder = temporaryFolder();
  let undo = async (): Promise<void> => {};
  afterEach(async () => {
    await undo();
    undo = async () => {};
  });

  /** Says the style times the speed, 256 samples whatever the text is; a voice has one number all over. */
  function jobOf(text: string, voices: Record<string, number>): KokoroJob {
    const graph = new Graph();
    graph.input("tokens", "int64", [1, "T"]);
    graph.output(mul(graph.input("style", "float32", [1, 256]), graph.input("speed", "float32", [1])));
    const model = join(folder, "model.onnx");
    writeFileSync(model, writeOnnx(graph));
    const paths = Object.entries(voices).map(([name, value]) => {
      writeFileSync(join(folder, name), new Float32Array(510 * 256).fill(value));
      return [name, join(folder, name)] as const;
    });
    const mix = paths.map(([voice]) => ({ voice, share: 1 / paths.length }));
    return { model, voices: Object.fromEntries(paths), mix, text, language: "es", speed: 2, threads: 1 };
  }
  const espeakSaying = (ipa: string) => putOnPath({ "espeak-ng": `echo "${ipa}"` });

  it("mixes styles, and gives samples at 24 kHz", async () => {
    undo = await espeakSaying("si");
    const { result } = await kokoroWork.speak(jobOf("sí", { ef_a: 0.25, em_b: 0.75 }));
    expect(result.rateHz).toBe(24_000);
    expect(result.samples).toEqual(new Float32Array(256).fill(2 * 0.5));
  });

  it.each([
    ["#", /^It did not speak "hm": nothing in it has a sound\.$/],
    ["a".repeat(511), /^It did not speak "hm": it has 511 sounds, and at most 510 are possible\.$/],
  ])("cannot say %s", async (ipa, problem) => {
    undo = await espeakSaying(ipa);
    await expect(kokoroWork.speak(jobOf("hm", { ef_a: 1 }))).rejects.toMatchObject({
      code: "SPEECH_FAILED",
      problem: expect.stringMatching(problem),
    });
  });

  it("names a voice of the wrong size", async () => {
    undo = await espeakSaying("si");
    const job = jobOf("sí", { em_short: 1 });
    writeFileSync(job.voices.em_short, "short");
    await expect(kokoroWork.speak(job)).rejects.toMatchObject({
      code: "SPEECH_ENGINE_ABSENT",
      where: job.voices.em_short,
      problem: "A voice of Kokoro has 522240 bytes, and this file 5.",
    });
  });

  it("that ends is told of with what it said, and so is an engine that is closed", () => {
    expect(KOKORO_FAULTS.died("good night", new Error("out of memory"))).toMatchObject({
      code: "SPEECH_ENGINE_DIED",
      problem: 'The thread that spoke "good night" died: out of memory.',
      remedy: "Run the command again: it goes on; each thread needs 1.2 GB of memory.",
    });
    expect(KOKORO_FAULTS.closed("good night")).toMatchObject({
      code: "SPEECH_ENGINE_CLOSED",
      problem: 'The engine is closed, and was to speak "good night".',
    });
  });
});

describe("its files", () => {
  const folder = temporaryFolder();
  const sha256 = (content: Uint8Array) => {
    return { algorithm: "sha256", hex: createHash("sha256").update(content).digest("hex") } as const;
  };

  it("are named where they are missing", async () => {
    const open = openSpeechEngine("kokoro", { language: "en", folder: join(folder, "none") });
    await expect(open).rejects.toMatchObject({
      code: "SPEECH_ENGINE_ABSENT",
      problem: `There is no model.onnx and no voices/*.bin in ${join(folder, "none")}.`,
      remedy: expect.stringContaining("--fetch"),
    });
    await expect(openSpeechEngine("kokoro", { language: "de" })).rejects.toMatchObject({
      code: "LANGUAGE_NOT_SPOKEN",
    });
  });

  it("are found", async () => {
    mkdirSync(join(folder, "here/voices"), { recursive: true });
    for (const name of ["model.onnx", "voices/bf_b.bin", "voices/af_a.bin", "voices/read.me"])
      writeFileSync(join(folder, "here", name), "");
    const files = await findKokoro(join(folder, "here"));
    expect(files.voices).toEqual(["af_a", "bf_b"]);
    expect(files.voicePath("af_a")).toBe(join(folder, "here/voices/af_a.bin"));
  });

  it("are fetched and checked one by one, and only those that are missing", async () => {
    const server = await serveFiles();
    const published = (name: string, content = name) => {
      const body = new TextEncoder().encode(content);
      server.files.set(name, { body, etag: '"1"' });
      return { url: server.url(name), checksum: sha256(body) };
    };
    const model = published("model");
    const voices = { af_a: published("af_a"), bf_b: published("bf_b") };
    const to = join(folder, "fetched");
    await fetchKokoro(to, {}, { model, voices: { af_a: voices.af_a } }); // as if it had been broken off there
    await fetchKokoro(to, {}, { model, voices });
    expect(server.requests).toEqual(["model", "af_a", "bf_b"]);
    expect((await findKokoro(to)).voices).toEqual(["af_a", "bf_b"]);
    const wrong = { model, voices: { af_a: { ...voices.af_a, url: server.url("bf_b") } } };
    await expect(fetchKokoro(join(folder, "wrong"), {}, wrong)).rejects.toMatchObject({
      code: "CHECKSUM_MISMATCH",
    });
    await expect(findKokoro(join(folder, "wrong"))).rejects.toMatchObject({ code: "SPEECH_ENGINE_ABSENT" });
  });
});
