// Whether recordings play at the rate at which they were recorded: by the pitch of the voices, which shows a wrong rate
// in a header. Without voices nothing can be decided.

import { firstFew, outOf, roughPercent } from "../brief.ts";
import { check, finding, type Check, type Finding } from "../finding.ts";
import type { CorpusEvidence, MeasuredUtterance } from "./evidence.ts";
import { median } from "../../quantiles.ts";

/** Of recordings, nine in ten have a pitch between these (four corpora: 86 to 308 Hz); children speak near the upper. */
const LOWEST_PITCH_HZ = 75;
const HIGHEST_PITCH_HZ = 340;
const ODD_SHARE = 0.2;
const LEAST_VOICES = 10;

const rates = check<CorpusEvidence, "measured">({
  name: "voices have the pitch of voices",
  finds: { WRONG_RATE: ["recordings", 70] },
  needs: ["measured"],
  run: ({ measured }) => {
    const voiced = measured.filter(({ sound }) => sound.pitchHz !== undefined);
    if (voiced.length < LEAST_VOICES)
      return { cannotTell: `at least ${LEAST_VOICES} recordings with a voice` };
    const nameOf = ({ sourceRateHz, split }: MeasuredUtterance): string => `${split}, ${sourceRateHz} Hz`;
    const odd = [...new Set(voiced.map(nameOf))].flatMap((name) =>
      oddVoices(
        name,
        voiced.filter((one) => nameOf(one) === name),
      ),
    );
    return odd.length > 0 ? odd : "healthy";
  },
});

function oddVoices(name: string, group: readonly MeasuredUtterance[]): Finding[] {
  const low = group.filter(({ sound }) => sound.pitchHz! < LOWEST_PITCH_HZ);
  const high = group.filter(({ sound }) => sound.pitchHz! > HIGHEST_PITCH_HZ);
  const [odd, how, bound] =
    low.length > high.length ? [low, "slow", "below 75"] : [high, "fast", "above 340"];
  if (group.length < LEAST_VOICES || odd.length < ODD_SHARE * group.length) return [];
  return [
    finding({
      code: "WRONG_RATE",
      severity: odd.length >= group.length / 2 ? "wrong" : "warning",
      diagnosis: `Recordings play too ${how}: their sample rate is not the one that their header states.`,
      evidence: [
        `${outOf(odd.length, group.length)} voices of ${name} have a pitch ${bound} Hz, where ${roughPercent(0.1)} is much; the median is ${median(group.map(({ sound }) => sound.pitchHz!)).toFixed(0)} Hz`,
        ...firstFew(
          odd.map(({ where, path, sound }) => `${where}  ${path}: ${sound.pitchHz!.toFixed(0)} Hz`),
        ),
      ],
      remedy:
        "Listen to one; then convert again from the originals with their true rate (small children may speak so high).",
    }),
  ];
}

export const rateChecks: readonly Check<CorpusEvidence>[] = [rates];
