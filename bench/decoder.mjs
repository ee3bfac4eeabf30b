// Row `decoder`: what the beam search with a trigram takes of one core on the log-probabilities of real speech, beside
// pyctcdecode (any word) and flashlight-text's lexicon search (words of the model), at equal bounds, in turns, with the word
// error rates of all. Then as the beam, the model and the hot words grow, and an hour-long stream.
//   npm run bench -- decoder [--manifest an4/manifest.csv --model model.safetensors] [--lm words.arpa] [--quick] [--part beam,model]
// The split `dev` is decoded, by default that of the demo corpus; without --lm the trigram is built from the text of `train`.
// EARSHOT_PYTHON names Pythons that have the peers (pyctcdecode, kenlm, flashlight-text). EARSHOT_DATA: as for the row lm.

import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { BeamDecoder } from "../dist/ctc/index.js";
import { median } from "../dist/quantiles.js";
import {
  buildTrigram,
  DEMO,
  errorRate,
  readSpeech,
  openDecoderPeer,
  openModel,
  WEIGHTS,
} from "./decoder-case.mjs";
import { growBeam, growHotWords, growModel, streamFor } from "./decoder-growth.mjs";
import { processorClocked } from "./measure.mjs";
import { timesAsFast } from "./ratios.mjs";

/** What --part names: beside the peers, and as each of these grows. */
const PARTS = ["peers", "beam", "hot-words", "stream", "model"];

/** Each pass is long enough to be timed. */
const PASSES = 3;

const CASES = [
  {
    peer: "pyctcdecode",
    name: "no bounds",
    beams: [16],
    bounds: { cutoffProbability: 1e-30, beamThreshold: 1000 },
  },
  {
    peer: "pyctcdecode",
    name: "wide bounds",
    bounds: { cutoffProbability: 1e-4, beamThreshold: 20 },
  },
  {
    peer: "pyctcdecode", // its defaults
    name: "narrow bounds",
    bounds: { cutoffProbability: Math.exp(-5), beamThreshold: 10 },
  },
  {
    peer: "flashlight", // torchaudio's defaults, but for the beam of 50
    name: "known words",
    bounds: { dictionary: true, beamThreshold: 50 },
  },
  {
    peer: "flashlight",
    name: "known words, narrow bounds",
    bounds: { dictionary: true, beamThreshold: 20, symbolLimit: 10 },
  },
];

/**
 * Prints a row for each case and beam, and gives them back.
 * @param quick 30 utterances, beams to 100, nothing grows @param part names of PARTS, with commas between
 * @param beams @param names of CASES: those alone
 * @param manifest of a corpus with the splits train and dev @param model the path of its model
 * @param lm the path of a language model, if not a trigram of the split train
 */
export async function measure({ quick = false, rounds = quick ? 3 : 5, ...asked } = {}) {
  const { manifest, model } = { ...DEMO, ...asked };
  const folder = await mkdtemp(join(tmpdir(), "earshot-decoder-"));
  try {
    const speech = await readSpeech(manifest, model, quick ? 30 : Infinity);
    const arpa = asked.lm ?? (await trigramOf(folder, speech.trainTexts));
    const { beams = quick ? [16, 100] : [16, 100, 500], names = CASES.map(({ name }) => name) } = asked;
    const measured = {
      peers: () => compareAll(folder, speech, arpa, { rounds, beams, names }),
      beam: () => growBeam(speech, arpa),
      "hot-words": () => growHotWords(speech, arpa),
      stream: () => streamFor(3600, speech, arpa),
      model: () => growModel(folder, speech),
    };
    const rows = [];
    for (const part of asked.part?.split(",") ?? (quick ? ["peers"] : PARTS))
      rows.push(...[await measured[part]()].flat());
    return rows.map((row) => ({ ...row, manifest, model, lm: asked.lm ?? "a trigram of train" }));
  } finally {
    await rm(folder, { recursive: true });
  }
}

async function trigramOf(folder, texts) {
  const source = join(folder, "train.txt");
  await writeFile(source, `${texts.join("\n")}\n`);
  return (await buildTrigram(join(folder, "train.arpa"), [source])).path;
}

async function compareAll(folder, speech, arpa, { rounds, beams, names }) {
  const peers = {};
  for (const kind of ["pyctcdecode", "flashlight"])
    peers[kind] = await openDecoderPeer(kind, folder, speech, arpa);
  const scorer = await openModel(arpa);
  const rows = [];
  for (const { peer, name, beams: own = beams, bounds } of CASES.filter((each) =>
    names.includes(each.name),
  )) {
    for (const beam of own) {
      const settings = { ...WEIGHTS, beam, ...bounds };
      const times = beam > 100 || name === "no bounds" ? 1 : rounds; // of slow peers
      const compared = await compare(settings, speech, scorer, peers[peer], times);
      rows.push({ row: "decoder", name, beam, ...compared });
      print(rows.at(-1));
    }
  }
  for (const peer of Object.values(peers)) peer.close();
  return rows;
}

async function compare(settings, { alphabet, utterances, seconds, steps }, scorer, peer, rounds) {
  const decoder = new BeamDecoder(alphabet, settings, { scorer });
  const texts = { ours: [], peer: [] };
  const turns = { ours: [], peer: [] };
  for (let round = -1; round < rounds; round++) {
    const ms = await processorClocked(() => {
      for (let pass = 0; pass < PASSES; pass++)
        texts.ours = utterances.map(({ rows }) => decoder.decode(rows)[0].text);
    });
    turns.ours.push(ms / PASSES);
    if (peer.missing) continue;
    const answer = await peer.decode(settings);
    texts.peer = answer.texts;
    turns.peer.push(1000 * answer.seconds);
  }
  for (const taken of Object.values(turns)) taken.shift(); // the first turn warms up
  const summary = async (kind) => ({
    millisecondsPerSecond: median(turns[kind]) / seconds,
    microsecondsPerStep: (1000 * median(turns[kind])) / steps,
    wer: await errorRate(utterances, texts[kind]),
  });
  const row = {
    utterances: utterances.length,
    seconds: Math.round(seconds),
    steps,
    ours: await summary("ours"),
  };
  if (peer.missing) return { ...row, peer: `not run: ${peer.missing}` };
  return { ...row, peer: peer.name, ...(await peerFigures(summary, turns)) };
}

const peerFigures = async (summary, turns) => ({
  theirs: await summary("peer"),
  timesPeer: timesAsFast(turns.ours, turns.peer),
});

function print({ beam, name, peer, ours, theirs, timesPeer }) {
  const figures = ({ millisecondsPerSecond, microsecondsPerStep, wer }) =>
    `${millisecondsPerSecond.toFixed(3)} ms per second (${microsecondsPerStep.toFixed(2)} µs per step), WER ${(100 * wer).toFixed(2)} %`;
  const beside = theirs ? `${peer}: ${figures(theirs)} (ours ${timesPeer.toFixed(1)} times as fast)` : peer;
  console.log(`decoder  beam ${beam}, ${name}: ${figures(ours)}  ${beside}`);
}
