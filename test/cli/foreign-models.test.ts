// Models of PyTorch (test/model/foreign/onnx) by every command that takes a model: word pieces, word pieces of other kinds, and
// phonemes, with a language model.

import { copyFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { RandomStream } from "../../src/random.ts";
import { waveFile } from "../recognizer/wave-file.ts";
import { earshot, jsonLines } from "./command-line.ts";

const folder = await mkdtemp(join(tmpdir(), "earshot-foreign-"));
afterAll(() => rm(folder, { recursive: true }));
const random = new RandomStream(2, "noise");
const noise = Float32Array.from({ length: 20_000 }, () => 0.1 * random.normal());
await writeFile(join(folder, "one.wav"), waveFile(noise));

const KINDS = {
  sentencepiece: { tokens: ["<blk>", "▁a", "b", "▁", "s", "c"], text: "ab sc" },
  wordpiece: { tokens: ["[PAD]", "a", "##b", "c", "##s", "##c"], text: "abs c", transcript: {} },
  bpe: { tokens: ["<blk>", "a@@", "b", "c@@", "s", "c"], text: "ab cs c" },
  phonemes: { tokens: ["<blk>", "AH0", "B", "tʃ", "S", "K"], text: "AH0 B tʃ K", unit: "word" },
};

for (const [name, { text, ...tokens }] of Object.entries(KINDS)) {
  await copyFile(
    new URL("../model/foreign/onnx/conformer-dynamo.onnx", import.meta.url),
    join(folder, `${name}.onnx`),
  );
  const input = { name: "frames", features: { bins: 10 } };
  const description = { ...tokens, input, stride: 4, output: { gives: "log-probabilities" } };
  await writeFile(join(folder, `${name}.json`), JSON.stringify(description));
  await writeFile(join(folder, `${name}.csv`), `path,transcript\none.wav,${text}\n`);
  const words = text.split(" ").map((word) => `-0.7 ${word}`);
  const ngrams = ["-2 <unk>", "-99 <s>", "-1 </s>", ...words].join("\n");
  await writeFile(
    join(folder, `${name}.arpa`),
    `\\data\\\nngram 1=${words.length + 3}\n\n\\1-grams:\n${ngrams}\n\n\\end\\\n`,
  );
}

const one = ["--threads", "1", "--json"];

describe.each(Object.entries(KINDS))("a model of %s", (name, { text }) => {
  const lines = async (...argv: string[]) => {
    const { code, stdout, stderr } = await earshot(folder, ...argv, ...one);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    return jsonLines(stdout);
  };
  const model = ["-m", `${name}.onnx`];

  it("transcribes, with a language model and hot words too", async () => {
    const [word] = text.split(" ");
    for (const more of [[], ["--lm", `${name}.arpa`, "--dictionary"], ["--hot-word", `${word}:60`]]) {
      const [{ text: heard }] = (await lines("transcribe", "one.wav", ...model, ...more)) as {
        text: string;
      }[];
      expect(typeof heard).toBe("string");
      if (more.includes("--dictionary"))
        for (const each of heard.split(" ").filter(Boolean)) expect(text.split(" ")).toContain(each);
      if (more.includes("--hot-word")) expect(heard.split(" ")).toContain(word);
    }
  });

  it("is held against data by the doctor, by its own tokens and with no settings", async () => {
    const { stdout } = await earshot(folder, "doctor", `${name}.csv`, ...model, "--json");
    const { findings, healthy, untold } = jsonLines(stdout)[0] as {
      findings: { code: string }[];
      healthy: string[];
      untold: { check: string; probe: string }[];
    };
    expect(healthy).toContain("the alphabet spells every transcript");
    expect(findings.map(({ code }) => code)).not.toContain("UNKNOWN_LETTERS");
    const check = "settings do not work against each other";
    expect(untold).toContainEqual({
      check,
      probe: "the settings: earshot doctor <manifest> --config <file>",
    });
  });

  it("is tested: its references are spelled by its tokens", async () => {
    expect(await lines("test", `${name}.csv`, ...model)).toMatchObject([
      { utterances: 1, words: text.split(" ").length, failures: [] },
    ]);
  });

  it("aligns", async () => {
    const [{ words }] = (await lines("align", "one.wav", text, ...model)) as { words: { word: string }[] }[];
    expect(words.map((each) => Object.values(each).find((value) => typeof value === "string"))).toEqual(
      text.split(" "),
    );
  });

  it("is tuned, and the best goes into its description", async () => {
    const tune = [
      "tune",
      `${name}.csv`,
      ...model,
      "--lm",
      `${name}.arpa`,
      "--alphas",
      "0.5",
      "--betas",
      "1",
      "--store",
    ];
    expect(await lines(...tune)).toMatchObject([{ stored: `${name}.json` }]);
    expect(JSON.parse(await readFile(join(folder, `${name}.json`), "utf8"))).toMatchObject({
      decoder: { alpha: 0.5 },
    });
  });

  it("is heard by the doctor", async () => {
    const { stdout } = await earshot(folder, "doctor", `${name}.csv`, ...model, "--json");
    expect(jsonLines(stdout)).toMatchObject([{ healthy: expect.any(Array) as unknown }]);
  });
});
