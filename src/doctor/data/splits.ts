// Checks on what the splits share: what is in training and in a test makes the test measure memory. And on what the training
// set is most of: one sentence, or machines' voices.

import { countSources, HUMAN, type Utterance } from "../../data/index.ts";
import { count, firstFew, outOf, roughPercent, quoted, SYSTEMATIC_SHARE } from "../brief.ts";
import { check, finding, type Check, type Finding } from "../finding.ts";
import type { CorpusEvidence } from "./evidence.ts";
import { mean } from "./statistics.ts";

const presence = check<CorpusEvidence, "utterances" | "settings">({
  name: "the manifest has a split to learn from and one to measure on",
  finds: { NO_TRAIN_SPLIT: ["evidence", 40], NO_DEV_SPLIT: ["measure", 40] },
  needs: ["utterances", "settings"],
  run: ({ utterances, settings: { trainSplit, devSplit } }) => {
    const splits = [...new Set(utterances.map(({ split }) => split))];
    const evidence = [`splits of the manifest: ${splits.join(", ")}`];
    const findings: Finding[] = [];
    if (!splits.includes(trainSplit)) {
      const diagnosis = `No row has the split "${trainSplit}", so that there is nothing to learn from.`;
      const remedy = "Correct the column of splits, or set trainSplit to one of them.";
      findings.push(finding({ code: "NO_TRAIN_SPLIT", severity: "wrong", diagnosis, evidence, remedy }));
    }
    if (!splits.includes(devSplit)) {
      const diagnosis = `No row has the split "${devSplit}": nobody can see whether the network learns or remembers.`;
      const remedy = "Set some speakers aside as dev, or set devSplit to the name of that split.";
      findings.push(finding({ code: "NO_DEV_SPLIT", severity: "warning", diagnosis, evidence, remedy }));
    }
    return findings.length > 0 ? findings : "healthy";
  },
});

const speakers = check<CorpusEvidence, "utterances">({
  name: "no speaker is in two splits",
  finds: { SPEAKER_IN_TWO_SPLITS: ["measure", 20] },
  needs: ["utterances"],
  run: ({ utterances }) => {
    const known = utterances.filter(({ speaker }) => speaker !== "");
    if (known.length === 0) {
      return { cannotTell: "a column of speakers in the manifest" };
    }
    const shared = inSeveralSplits(known, ({ speaker }) => speaker);
    if (shared.length === 0) return "healthy";
    return [
      finding({
        code: "SPEAKER_IN_TWO_SPLITS",
        severity: "warning",
        diagnosis:
          "Speakers of the training set are heard again in another split, whose error rates flatter.",
        evidence: [
          `${outOf(shared.length, new Set(known.map(({ speaker }) => speaker)).size)} speakers`,
          ...firstFew(shared.map(([speaker, rows]) => `speaker ${speaker}: ${places(rows)}`)),
        ],
        remedy: "Split by speaker: each speaker in one split only.",
      }),
    ];
  },
});

const recordings = check<CorpusEvidence, "utterances">({
  name: "no recording is in two splits",
  finds: { RECORDING_IN_TWO_SPLITS: ["measure", 10] },
  needs: ["utterances"],
  run: ({ utterances, measured = [] }) => {
    const byPath = inSeveralSplits(utterances, ({ path }) => path);
    const found = new Set(byPath.flatMap(([, rows]) => rows.map(({ where }) => where)));
    const byContent = inSeveralSplits(measured, ({ contentHash }) => contentHash).filter(([, rows]) =>
      rows.some(({ where }) => !found.has(where)),
    );
    const shared = [...byPath, ...byContent];
    if (shared.length === 0) return "healthy";
    return [
      finding({
        code: "RECORDING_IN_TWO_SPLITS",
        severity: "wrong",
        diagnosis:
          "Recordings of the training set are in another split too: their error rates measure memory.",
        evidence: [
          count(shared.length, "recording"),
          ...firstFew(shared.map(([, rows]) => `${rows[0].path}: ${places(rows)}`)),
        ],
        remedy: "Keep each recording in one split only.",
      }),
    ];
  },
});

/** Shorter sentences, commands and numbers are said again by anybody. */
const LONG_SENTENCE = 5; // words

const sentences = check<CorpusEvidence, "utterances" | "settings">({
  name: "sentences of other splits are new",
  finds: { SENTENCE_IN_TWO_SPLITS: ["measure", 30] },
  needs: ["utterances", "settings"],
  run: ({ utterances, settings: { trainSplit } }) => {
    const training = utterances.filter(({ split }) => split === trainSplit);
    const others = utterances.filter(({ split }) => split !== trainSplit);
    const known = new Set(training.map(sentenceOf));
    const shared = others.filter((utterance) => known.has(sentenceOf(utterance)));
    if (shared.length === 0) return "healthy";
    // Rows of another split would say sentences of the training set as often as its own rows say each other's.
    const repeating = repeatedShare(training);
    const expected = repeating * others.length;
    const long = shared.filter(({ transcript }) => transcript.split(/\s+/u).length >= LONG_SENTENCE);
    const isLeak = long.length > expected + 5 * Math.sqrt(expected);
    if (!isLeak && shared.length < SYSTEMATIC_SHARE * others.length) return "healthy";
    return [
      finding({
        code: "SENTENCE_IN_TWO_SPLITS",
        severity: isLeak ? "warning" : "note",
        diagnosis: isLeak
          ? "Sentences of the training set are in another split, whose error rates flatter, above all with a language model."
          : "Most sentences are said in several splits, as commands are: the error rates hold for these sentences only.",
        evidence: [
          `${outOf(shared.length, others.length)} rows of other splits say a sentence of the training set; ${roughPercent(repeating)} of its own rows say what another says`,
          ...firstFew(
            (isLeak ? long : shared).map(
              ({ where, split, transcript }) => `${where}  ${split}: ${quoted(transcript)}`,
            ),
          ),
        ],
        remedy: "Where new sentences matter, split by sentence as well as by speaker.",
      }),
    ];
  },
});

/** Of rows, those whose sentence another row says too. */
function repeatedShare(rows: readonly Utterance[]): number {
  const times = new Map<string, number>();
  for (const row of rows) times.set(sentenceOf(row), (times.get(sentenceOf(row)) ?? 0) + 1);
  return rows.filter((row) => times.get(sentenceOf(row))! > 1).length / Math.max(1, rows.length);
}

const DOMINATING_TIMES = 10; // the mean of the other sentences

const dominating = check<CorpusEvidence, "utterances" | "settings">({
  name: "no sentence dominates",
  finds: { SENTENCE_DOMINATES: ["pairs", 60] },
  needs: ["utterances", "settings"],
  run: ({ utterances, settings: { trainSplit } }) => {
    const training = utterances.filter(({ split }) => split === trainSplit);
    const times = new Map<string, number>();
    for (const utterance of training)
      times.set(sentenceOf(utterance), (times.get(sentenceOf(utterance)) ?? 0) + 1);
    const [[sentence, most] = ["", 0], ...others] = [...times].toSorted(([, a], [, b]) => b - a);
    const usual = others.length > 0 ? mean(others.map(([, number]) => number)) : 0;
    const share = most / training.length;
    if (!(share >= SYSTEMATIC_SHARE && most >= DOMINATING_TIMES * Math.max(1, usual))) return "healthy";
    return [
      finding({
        code: "SENTENCE_DOMINATES",
        severity: share >= 1 / 2 ? "wrong" : "warning",
        diagnosis: "One sentence is so frequent that saying it always is what the network learns first.",
        evidence: [
          `${quoted(sentence)} is ${outOf(most, training.length)} of the training set; the other ${count(others.length, "sentence")} come ${usual.toFixed(1)} times on average`,
        ],
        remedy: "Keep only some of its recordings, of as many speakers as there are.",
      }),
    ];
  },
});

const sentenceOf = ({ transcript }: Utterance): string =>
  transcript.toLowerCase().replaceAll(/\s+/gu, " ").trim();

/** The groups of rows alike in `key` that lie in several splits, one row for each split. */
function inSeveralSplits<Row extends Utterance>(
  rows: readonly Row[],
  key: (row: Row) => string,
): [key: string, rows: Row[]][] {
  const groups = new Map<string, Map<string, Row>>();
  for (const row of rows) {
    const splits = groups.get(key(row)) ?? new Map<string, Row>();
    if (!splits.has(row.split)) splits.set(row.split, row);
    groups.set(key(row), splits);
  }
  return [...groups]
    .filter(([, splits]) => splits.size > 1)
    .map(([name, splits]) => [name, [...splits.values()]]);
}

const places = (rows: readonly Utterance[]): string =>
  rows.map(({ split, where }) => `${split} (${where})`).join(", ");

const voices = check<CorpusEvidence, "utterances" | "settings">({
  name: "people are heard in training",
  finds: { ONLY_MACHINE_VOICES: ["measure", 55] },
  needs: ["utterances", "settings"],
  run: ({ utterances, settings: { trainSplit } }) => {
    const sources = countSources(utterances.filter(({ split }) => split === trainSplit));
    if (sources.length === 0 || sources.some(([source]) => source === HUMAN)) return "healthy";
    return [
      finding({
        code: "ONLY_MACHINE_VOICES",
        severity: "warning",
        diagnosis:
          "Every voice of the training set is a machine's: how well people are understood, voices like these do not tell.",
        evidence: [
          sources.map(([source, utterances]) => `${source}: ${count(utterances, "utterance")}`).join(", "),
        ],
        remedy:
          "Choose when to stop, and everything else, by recordings of people, even a few, as dev; add some to training, with data.weights where they are few.",
      }),
    ];
  },
});

export const splitChecks: readonly Check<CorpusEvidence>[] = [
  presence,
  speakers,
  recordings,
  sentences,
  dominating,
  voices,
];
