// A corpus whose recordings are all cut alike teaches nothing of how others come: a recognizer's microphone hears the room
// before and after, softer and louder voices, narrower bands. Dev and test are cut as train is, so no figure tells.

import { outOf } from "../brief.ts";
import { check, finding, type Check } from "../finding.ts";
import { cutAlike, LEAST_CUTS } from "../../data/index.ts";
import type { TrainingSettings } from "../../training/index.ts";
import { median } from "../../quantiles.ts";
import type { CorpusEvidence, MeasuredUtterance } from "./evidence.ts";
import { bandwidthHz } from "./sounds.ts";

const NEARLY_ALL = 0.95;

const cuts = check<CorpusEvidence, "measured" | "settings">({
  name: "recordings are cut in different ways, or training changes that",
  finds: { CUT_ALIKE: ["measure", 60] },
  needs: ["measured", "settings"],
  run: ({ measured, settings }) => {
    if (measured.length < LEAST_CUTS) return { cannotTell: `at least ${LEAST_CUTS} recordings` };
    const { ends, level } = unmended(cutAlike(measured.map(({ sound }) => sound)), settings);
    if (ends === undefined && level === undefined) return "healthy";
    return [
      finding({
        code: "CUT_ALIKE",
        severity: "warning",
        diagnosis:
          "Recordings are all cut alike: the network never hears what surrounds speech when it is used, and dev cannot tell.",
        evidence: [ends, level, oneBand(measured, settings)].filter((line) => line !== undefined),
        remedy: remedyFor(ends !== undefined, level !== undefined),
      }),
    ];
  },
});

/** Without what training varies by itself, or features do not see. */
function unmended(
  { ends, level }: ReturnType<typeof cutAlike>,
  { data: { augmentation }, features }: TrainingSettings,
): ReturnType<typeof cutAlike> {
  const hearsSilence = augmentation.surroundings.probability > 0;
  const [least, most] = augmentation.gainDb;
  const isLevelFree =
    most > least ||
    features.level === "utterance" ||
    ["utterance", "speech"].includes(features.normalization);
  return { ...(!hearsSilence && { ends }), ...(!isLevelFree && { level }) };
}

/** Nearly every corpus has one, so that this is told only beside the others. */
function oneBand(
  measured: readonly MeasuredUtterance[],
  { data: { augmentation } }: TrainingSettings,
): string | undefined {
  if (augmentation.band.probability > 0 || augmentation.codec.probability > 0) return undefined;
  const bands = measured.map(bandwidthHz);
  const usual = median(bands);
  const alike = bands.filter((hertz) => hertz === usual).length;
  if (alike < NEARLY_ALL * bands.length) return undefined;
  return `${outOf(alike, bands.length)} end at ${usual} Hz: none comes over a line of another band`;
}

function remedyFor(needsSilence: boolean, needsLevels: boolean): string {
  const settings = [
    ...(needsSilence ? ["data.augmentation.surroundings.probability: 0.5"] : []),
    ...(needsLevels ? ["data.augmentation.gainDb: [-30, 10]"] : []),
  ].join(" and ");
  return `Train with data.augmentation: real-world, or at least ${settings}, and with features.normalization: speech; then see earshot test --stress.`;
}

export const cutChecks: readonly Check<CorpusEvidence>[] = [cuts];
