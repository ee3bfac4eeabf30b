// The rows that lie farthest from the speech rate of their corpus, with how long the text is against how long the speech.

import { count, firstFew, quoted } from "../brief.ts";
import type { MeasuredUtterance } from "./evidence.ts";
import { lettersOf, type SpeechRate } from "./speech-rate.ts";

const LISTED = 10;

export function farthest(
  spoken: readonly MeasuredUtterance[],
  rate: SpeechRate,
  isMeant: (one: MeasuredUtterance) => boolean,
): string[] {
  const ranked = spoken
    .map((one, i) => ({ one, seconds: rate.expected[i], residual: rate.residuals[i] }))
    .filter(({ one }) => isMeant(one))
    .toSorted((a, b) => Math.abs(b.residual) - Math.abs(a.residual));
  return firstFew(
    ranked.map(
      ({ one: { where, path, transcript, sound }, seconds }) =>
        `${where}  ${path}: ${sound.activeSeconds.toFixed(2)} s of speech, where ${quoted(transcript)} (${count(lettersOf(transcript), "letter")}) takes about ${seconds.toFixed(2)} s`,
    ),
    LISTED,
  );
}
