// A line of a stress test, for a person to read.

import { percent } from "../../figures.ts";
import type { ConditionRates } from "./stress-test.ts";

const BAR_CELLS = 30;
const EIGHTHS = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];

/** Name, error rate, loss against clean in points, and a bar that is full where every word is wrong. */
export function formatCondition({ name, wer }: ConditionRates, clean: ConditionRates): string {
  const loss = name === clean.name ? "" : signedPoints(100 * (wer - clean.wer));
  return (
    `${name.padEnd(20)} WER ${percent(wer).padStart(7)} ${loss.padStart(6)}  ${bar(wer)}`.trimEnd() + "\n"
  );
}

function bar(share: number): string {
  const eighths = Math.round(8 * BAR_CELLS * Math.min(1, share));
  return "█".repeat(eighths >> 3) + EIGHTHS[eighths & 7];
}

/** +1.2, −0.3. */
export const signedPoints = (points: number): string =>
  `${points < 0 ? "−" : "+"}${Math.abs(points).toFixed(1)}`;
