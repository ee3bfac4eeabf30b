// Texts held against recordings by what a model hears: rows made by hand, whose "recordings" spell one text surely.

import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { CORPUS_PROBES } from "../../src/doctor/data/evidence.ts";
import { heardPairChecks } from "../../src/doctor/data/heard-pairs.ts";
import { fitTexts, measureTextFits } from "../../src/doctor/data/text-fits.ts";
import { conclude, examine } from "../../src/doctor/examination.ts";
import { Recognizer } from "../../src/recognizer/index.ts";
import { Alphabet } from "../../src/text/index.ts";
import { constantModel } from "../model/small-model.ts";
import { sweep, waveFile } from "../recognizer/wave-file.ts";

const alphabet = Alphabet.fromSymbols([..."abcdefgh"]);
const texts = Array.from({ length: 24 }, (_, i) =>
  [i, i * 5 + 1, i * 3 + 2, i * 7, i + 3].map((n) => "abcdefgh"[n % 8]).join(""),
);

/** Log-probabilities of a network that hears `said`, each letter with a blank behind it; of a deaf one, all alike. */
function row(place: number, said: string, transcript: string, isDeaf = false) {
  const spelled = [...alphabet.encode(said)].flatMap((label) => [label, alphabet.blank]);
  const logits = Float32Array.from(
    spelled.flatMap((label) =>
      Array.from({ length: alphabet.size }, (_, k) => (k === label && !isDeaf ? 6 : 0)),
    ),
  );
  const utterance = {
    path: `${place}.wav`,
    where: `a.csv:${place + 2}`,
    transcript,
    speaker: "",
    split: "train",
  };
  return { row: utterance, labels: alphabet.encode(transcript), logits, steps: spelled.length };
}

async function judged(written: readonly string[], isDeaf = false) {
  const rows = texts.map((said, i) => row(i, said, written[i], isDeaf));
  return conclude(await examine(heardPairChecks, { fits: fitTexts(rows, alphabet) }, CORPUS_PROBES));
}

it("is content where each text is its recording's", async () => {
  expect((await judged(texts)).healthy).toHaveLength(1);
});

it("names the two rows whose texts were exchanged, and what is heard", async () => {
  const written = texts.with(3, texts[17]).with(17, texts[3]);
  const { findings } = await judged(written);
  expect(findings.map(({ code }) => code)).toEqual(["MISMATCHED_PAIRS"]);
  expect(findings[0].evidence[0]).toContain("2 of 24");
  expect(findings[0].evidence[1]).toContain(`a.csv:5  3.wav: "${texts[17]}"`);
  expect(findings[0].evidence[1]).toContain(`heard is "${texts[3]}"`);
});

it("says by how many rows the texts are off", async () => {
  const { findings } = await judged(texts.map((_, i) => texts[(i + 1) % texts.length]));
  expect(findings[0].evidence.join("\n")).toContain("1 row further up");
});

it("does not accuse the texts where the model hears nothing", async () => {
  const { findings } = await judged(texts, true);
  expect(findings).toEqual([]);
});

it("cannot tell where all rows say the same", async () => {
  const { findings, untold } = await judged(texts.map(() => "abc"));
  expect(findings).toEqual([]);
  expect(untold).toHaveLength(1);
});

it("hears recordings by a model", async () => {
  const folder = mkdtempSync(join(tmpdir(), "earshot-pairs-"));
  const rows = ["a", "b", "ab"].map((transcript, i) => {
    const path = join(folder, `${i}.wav`);
    writeFileSync(path, waveFile(sweep(0.5)));
    return { path, where: `a.csv:${i + 2}`, transcript, speaker: "", split: "train" };
  });
  const recognizer = await Recognizer.load(constantModel("a"), { threads: 1 }); // hears "a" in everything
  const fits = await measureTextFits(recognizer, rows);
  await recognizer.close();
  rmSync(folder, { recursive: true });
  expect(fits.map(({ heard }) => heard)).toEqual(["a", "a", "a"]);
  expect(fits[0].own).toBeLessThan(1);
  expect(fits[1].own).toBeGreaterThan(100);
});
