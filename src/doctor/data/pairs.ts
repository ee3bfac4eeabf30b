// Checks on whether a recording can be of its text: how long it lasts against how long the text takes to say, by the
// speech rate of the corpus itself. Without texts of different length nothing can be decided.

import { firstFew, outOf, quoted, severityOfShare } from "../brief.ts";
import { check, finding, type Check, type Finding, type Severity, type Verdict } from "../finding.ts";
import type { CorpusEvidence, MeasuredUtterance } from "./evidence.ts";
import { farthest } from "./farthest.ts";
import { fitSpeechRate, LEAST_TEXT_SPREAD, lettersOf, OUTLYING, type SpeechRate } from "./speech-rate.ts";
import { median } from "../../quantiles.ts";
import { moreThanChance } from "./statistics.ts";
import { FAR, isBalanced, mismatchedBlock } from "./stretches.ts";

const LEAST_RECORDINGS = 30;
/** Length of text and of speech go together by 0.93 to 0.97 in corpora that are right, and by nothing in shuffled ones. */
const LEAST_CORRELATION = 0.5;
/** Below this, some rows are wrong; when as many are too long as too short, texts were swapped. */
const USUAL_CORRELATION = 0.8;
/** Of the rows: so many texts of unusual length are slips, and not how the corpus is. */
const FEW = 0.1;

const pairs = check<CorpusEvidence, "measured">({
  name: "recordings last as long as their texts take to say",
  finds: {
    MISMATCHED_PAIRS: ["pairs", 10],
    RECORDINGS_CUT: ["pairs", 20],
    TRANSCRIPTS_TOO_LONG: ["pairs", 30],
    TRANSCRIPTS_TOO_SHORT: ["pairs", 40],
  },
  needs: ["measured"],
  run: ({ measured }) => {
    const spoken = measured.filter(
      ({ transcript, sound }) => lettersOf(transcript) > 0 && sound.activeSeconds > 0,
    );
    const rate = spoken.length >= LEAST_RECORDINGS ? rateOf(spoken) : undefined;
    if (rate === undefined) return cropped(spoken) ?? tooAlike(spoken.length);
    if (rate.textSpread < LEAST_TEXT_SPREAD)
      return cropped(spoken) ?? unusualTexts(spoken, rate) ?? tooAlike(spoken.length);
    if (rate.correlation < LEAST_CORRELATION) return [mismatched(spoken, rate)];
    if (rate.correlation < USUAL_CORRELATION && isBalanced(rate.residuals)) return [mismatched(spoken, rate)];
    const shifted = mismatchedBlock(spoken, rate);
    return shifted ?? cropped(spoken) ?? outliers(spoken, rate);
  },
});

/** That of all rows; where they do not go together, that of the usual ones, if it is a few long texts that spoil it. */
function rateOf(spoken: readonly MeasuredUtterance[]): SpeechRate {
  const all = fitSpeechRate(spoken);
  if (all.correlation >= USUAL_CORRELATION && all.textSpread >= LEAST_TEXT_SPREAD) return all;
  const usual = fitSpeechRate(spoken, "usual lengths");
  const isFew = usual.unusual.filter(Boolean).length < FEW * spoken.length;
  const explains = usual.correlation >= USUAL_CORRELATION || usual.textSpread < LEAST_TEXT_SPREAD;
  return isFew && explains ? usual : all;
}

function tooAlike(recordings: number): Verdict {
  return {
    cannotTell:
      recordings < LEAST_RECORDINGS
        ? `a manifest of at least ${LEAST_RECORDINGS} recordings with words`
        : "texts of different length: all take about the same time to say, so listen to some (earshot data preview)",
  };
}

function mismatched(spoken: readonly MeasuredUtterance[], rate: SpeechRate): Finding {
  return finding({
    code: "MISMATCHED_PAIRS",
    severity: "wrong",
    diagnosis:
      "Recordings and texts do not belong together: how long a recording lasts tells nothing of its text.",
    evidence: [
      `length of text and of speech go together by ${rate.correlation.toFixed(2)} over ${spoken.length} recordings, where 0.9 is usual and 0 is chance`,
      ...farthest(spoken, rate, () => true),
    ],
    picture: scatter(spoken),
    remedy:
      "Check how paths and transcripts were joined (two lists sorted differently?), and join them by name.",
  });
}

// ── Recordings cropped at one length ────────────────────────────────────────────────────────────────────────────

const LEAST_PILE = 5;
/** Against the loud frames of the recording: speech under way. Recordings that were not cut end 30 dB or more below. */
const END_OF_SPEECH_DB = -25;

function cropped(spoken: readonly MeasuredUtterance[]): readonly Finding[] | undefined {
  const longest = spoken.reduce((most, { sound }) => Math.max(most, sound.seconds), 0);
  const piled = spoken.filter(({ sound }) => sound.seconds > longest - 0.001);
  const near = spoken.filter(({ sound }) => sound.seconds > 0.9 * longest).length - piled.length;
  const isPile = piled.length >= LEAST_PILE && moreThanChance(piled.length, Math.max(1, near / 10));
  if (!isPile || median(piled.map(({ sound }) => sound.endDb)) < END_OF_SPEECH_DB) return undefined;
  return [
    cutRecordings(piled, spoken.length, [
      `${outOf(piled.length, spoken.length)} recordings last exactly ${longest.toFixed(2)} s, the longest of all, and end in the middle of speech`,
    ]),
  ];
}

function cutRecordings(
  cut: readonly MeasuredUtterance[],
  total: number,
  evidence: readonly string[],
): Finding {
  return finding({
    code: "RECORDINGS_CUT",
    severity: severityOfShare(cut.length, total),
    diagnosis: "Recordings are cut shorter than their texts: the end of what is written is never heard.",
    evidence: [
      ...evidence,
      ...firstFew(
        cut.map(
          ({ where, path, sound, transcript }) =>
            `${where}  ${path}: ${sound.seconds.toFixed(2)} s, whose last 30 ms are ${(-sound.endDb).toFixed(0)} dB below the loud ones, for ${quoted(transcript)}`,
        ),
      ),
    ],
    remedy: "Cut the recordings again with their whole text, or lift the limit on their length.",
  });
}

// ── Single rows ─────────────────────────────────────────────────────────────────────────────────────────────────

/** In 1,400 recordings of four corpora, none lay beyond 4.3 deviations. */
const OUTLIER = OUTLYING;
const USUAL_FAR_SHARE = 0.01;
/** Faults of one kind lie on one side; of swapped texts some are too long and some too short. */
const BOTH_SIDES = 0.12;

function outliers(spoken: readonly MeasuredUtterance[], rate: SpeechRate): Verdict {
  const beyond = (limit: number) => spoken.filter((_, i) => Math.abs(rate.residuals[i]) > limit);
  const far = beyond(FAR);
  const isSystematic =
    rate.correlation < USUAL_CORRELATION ||
    moreThanChance(far.length, Math.max(1, 2 * USUAL_FAR_SHARE * spoken.length));
  const odd = isSystematic ? far : beyond(OUTLIER);
  if (odd.length === 0) return "healthy";
  const residualOf = new Map(spoken.map((one, i) => [one, rate.residuals[i]]));
  const short = odd.filter((one) => residualOf.get(one)! < 0);
  const isBoth = Math.min(short.length, odd.length - short.length) >= Math.max(2, BOTH_SIDES * odd.length);
  const evidence = [
    `${outOf(odd.length, spoken.length)} recordings lie more than ${isSystematic ? FAR : OUTLIER} deviations from the speech rate of the corpus, ${short.length} of them too short`,
    ...farthest(spoken, rate, (one) => odd.includes(one)),
  ];
  const severity = severityOfShare(odd.length, spoken.length);
  if (isBoth) return [oddOnBothSides(severity, evidence)];
  if (short.length * 2 < odd.length) return [tooLittleText(severity, evidence)];
  return [
    endInSpeech(short, spoken)
      ? cutRecordings(short, spoken.length, evidence)
      : tooMuchText(severity, evidence),
  ];
}

/** Where all other texts take about the same time: those far longer or shorter than these, whose recordings are not. */
function unusualTexts(
  spoken: readonly MeasuredUtterance[],
  rate: SpeechRate,
): readonly Finding[] | undefined {
  const odd = spoken.filter((_, i) => rate.unusual[i] && Math.abs(rate.residuals[i]) > OUTLIER);
  if (odd.length === 0) return undefined;
  const isLong = (one: MeasuredUtterance): boolean => rate.residuals[spoken.indexOf(one)] < 0;
  const evidenceOf = (rows: readonly MeasuredUtterance[], what: string) => [
    `${outOf(rows.length, spoken.length)} texts are far ${what} than the others, and their recordings are not`,
    ...farthest(spoken, rate, (one) => rows.includes(one)),
  ];
  const [long, short] = [odd.filter(isLong), odd.filter((one) => !isLong(one))];
  return [
    ...(long.length > 0
      ? [tooMuchText(severityOfShare(long.length, spoken.length), evidenceOf(long, "longer"))]
      : []),
    ...(short.length > 0
      ? [tooLittleText(severityOfShare(short.length, spoken.length), evidenceOf(short, "shorter"))]
      : []),
  ];
}

/** Whether these recordings end louder than others do: in the middle of speech. */
function endInSpeech(cut: readonly MeasuredUtterance[], all: readonly MeasuredUtterance[]): boolean {
  const others = all.filter((one) => !cut.includes(one)).map(({ sound }) => sound.endDb);
  const usual = others.toSorted((a, b) => a - b)[Math.floor(0.9 * others.length)];
  return median(cut.map(({ sound }) => sound.endDb)) > Math.max(END_OF_SPEECH_DB, usual);
}

function oddOnBothSides(severity: Severity, evidence: readonly string[]): Finding {
  return finding({
    code: "MISMATCHED_PAIRS",
    severity,
    diagnosis:
      "Some recordings are paired with the text of another: they last far too long or too short for it.",
    evidence,
    remedy: "Listen to these rows and correct their texts, or take the rows out.",
  });
}

function tooLittleText(severity: Severity, evidence: readonly string[]): Finding {
  return finding({
    code: "TRANSCRIPTS_TOO_SHORT",
    severity,
    diagnosis:
      "More is said in these recordings than their texts hold: the texts are cut off, or of other recordings.",
    evidence,
    remedy: "Listen to these rows and complete their texts, or take the rows out.",
  });
}

function tooMuchText(severity: Severity, evidence: readonly string[]): Finding {
  return finding({
    code: "TRANSCRIPTS_TOO_LONG",
    severity,
    diagnosis:
      "Texts hold more than anybody says in their recordings: they are of other recordings, or of several.",
    evidence,
    remedy: "Listen to these rows and correct their texts, or take the rows out.",
  });
}

const [COLUMNS, LINES] = [40, 8];

/** Letters to the right, seconds of speech upwards. */
function scatter(spoken: readonly MeasuredUtterance[]): string {
  const most = spoken.reduce((max, { transcript }) => Math.max(max, lettersOf(transcript)), 1);
  const longest = spoken.reduce((max, { sound }) => Math.max(max, sound.activeSeconds), 0);
  const cells = Array.from({ length: LINES }, () => Array<string>(COLUMNS).fill(" "));
  for (const { transcript, sound } of spoken) {
    const column = Math.min(COLUMNS - 1, Math.floor((COLUMNS * lettersOf(transcript)) / most));
    const line = Math.min(LINES - 1, Math.floor((LINES * sound.activeSeconds) / longest));
    cells[LINES - 1 - line][column] = "·";
  }
  const axis = `└${"─".repeat(COLUMNS)} letters, to ${most}`;
  return [
    `seconds of speech, to ${longest.toFixed(1)}`,
    ...cells.map((row) => `│${row.join("")}`),
    axis,
  ].join("\n");
}

export const pairChecks: readonly Check<CorpusEvidence>[] = [pairs];
