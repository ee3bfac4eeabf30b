// What the row `decoder` decodes, and with whom: log-probabilities of a corpus by a model of it, language models, peers.

import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { env } from "node:process";
import { fileURLToPath } from "node:url";
import { openPeer, pythonsWith } from "./peer.mjs";

const PEERS = fileURLToPath(new URL("peers/decoders.py", import.meta.url));
const REPOSITORY = fileURLToPath(new URL("../", import.meta.url));

/** Of the repository itself: commands by 18 synthetic voices. */
export const DEMO = {
  manifest: join(REPOSITORY, "demo/corpus/manifest.csv"),
  model: join(REPOSITORY, "models/commands-en/model.safetensors"),
};

/** Tuned on AN4 dev; the penalty is pyctcdecode's own. */
export const WEIGHTS = { alpha: 1, beta: 3, unknownWordPenalty: 10 };

/** The log-probabilities of the dev split, and the texts of the train split; a recording over 40 s is left out. */
export async function readSpeech(manifest, modelPath, limit) {
  const { normalizeTranscript, readManifests, Recognizer, rowsOfUtterances } =
    await import("../dist/index.js");
  const all = (await readManifests([manifest])).utterances;
  const inSplit = (name) => all.filter(({ split }) => split === name);
  const recognizer = await Recognizer.load(modelPath, { threads: 1, decoding: "greedy" });
  const read = await rowsOfUtterances(recognizer, inSplit("dev").slice(0, limit));
  await recognizer.close();
  const { alphabet, transcript } = recognizer.model;
  const whole = read.utterances.filter(({ recording }) => recording.parts.length === 1);
  const rowsOf = ({ parts }) => parts[0].part[0].rows;
  const utterances = whole.map(({ reference, recording }) => ({ reference, rows: rowsOf(recording) }));
  const seconds = whole.reduce((sum, { recording }) => sum + recording.seconds, 0);
  const steps = utterances.reduce((sum, { rows }) => sum + rows.length / alphabet.size, 0);
  const trainTexts = inSplit("train").map(
    (utterance) => normalizeTranscript(utterance.transcript, alphabet, transcript, utterance.where).text,
  );
  return { alphabet, utterances, seconds, steps, trainTexts };
}

/** Writes a trigram model of texts, and says where it is and how many n-grams it has. */
export async function buildTrigram(path, texts) {
  const { buildLanguageModel, saveLanguageModel } = await import("../dist/index.js");
  const { trie } = await buildLanguageModel(texts, { order: 3 });
  await saveLanguageModel(path, trie);
  return { path, ngrams: trie.words.length };
}

export async function openModel(path) {
  const { openLanguageModel } = await import("../dist/index.js");
  return openLanguageModel(await readFile(path), path);
}

export async function errorRate(utterances, texts) {
  const { errorRates } = await import("../dist/index.js");
  return errorRates(texts.map((hypothesis, i) => ({ reference: utterances[i].reference, hypothesis }))).wer;
}

/**
 * A peer over the same numbers, in the first Python that has it.
 * @param kind pyctcdecode or flashlight @param arpa its language model, whose words are its vocabulary
 */
export async function openDecoderPeer(kind, folder, { alphabet, utterances }, arpa) {
  const own = join(folder, kind);
  await mkdir(own, { recursive: true });
  await writeFile(join(own, "rows.f32"), Buffer.concat(utterances.map(({ rows }) => bytesOf(rows))));
  const description = {
    symbols: alphabet.symbols,
    steps: utterances.map(({ rows }) => rows.length / alphabet.size),
    words: [...(await openModel(arpa)).words()],
  };
  await writeFile(join(own, "rows.json"), JSON.stringify(description));
  let missing = "no Python has numpy";
  for (const { python } of pythonsWith("numpy")) {
    const peer = await openPeer(python, [PEERS, kind, own, arpa], { ...env, OMP_NUM_THREADS: "1" });
    const { name } = peer.greeting;
    if (name) return { name, decode: (question) => peer.ask(JSON.stringify(question)), close: peer.close };
    missing = peer.greeting.missing;
    peer.close();
  }
  return { missing, close: () => {} };
}

const bytesOf = (rows) => Buffer.from(rows.buffer, rows.byteOffset, rows.byteLength);
