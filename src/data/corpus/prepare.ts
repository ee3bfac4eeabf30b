// From what the manifest says to what training needs: transcripts spelled in the alphabet, and the variants of each
// recording that are long enough for their text. What cannot be learned is left out, by name.
// It does not read files and does not know the network, only how many steps that gives for a number of frames.

import { minimumSteps } from "../../ctc/index.ts";
import { EarshotError, type Warning } from "../../errors.ts";
import { count, inBrief } from "../../figures.ts";
import { normalizeTranscript, type Alphabet, type TranscriptPolicy } from "../../text/index.ts";
import type { Utterance } from "../manifests/manifest.ts";
import { paceChange } from "../features/pace.ts";
import {
  SpelledUtterance,
  type LabeledUtterance,
  type PreparedUtterance,
  type Variant,
} from "./utterances.ts";

export interface Labeled {
  readonly utterances: SpelledUtterance[];
  /** At most one `SYMBOLS_DROPPED` and one `NO_WORDS`. */
  readonly warnings: Warning[];
}

/**
 * Spells every transcript in the alphabet.
 * @throws EarshotError of the first transcript that the policy refuses, with the number of others like it.
 */
export function labelUtterances(
  utterances: readonly Utterance[],
  alphabet: Alphabet,
  policy: TranscriptPolicy,
): Labeled {
  const dropped = new Map<string, number>();
  const refused: EarshotError[] = [];
  const labeled: SpelledUtterance[] = [];
  for (const utterance of utterances) {
    try {
      const spelled = normalizeTranscript(utterance.transcript, alphabet, policy, utterance.where);
      for (const symbol of spelled.dropped) dropped.set(symbol, (dropped.get(symbol) ?? 0) + 1);
      labeled.push(new SpelledUtterance(utterance, spelled.text, alphabet));
    } catch (error) {
      if (!(error instanceof EarshotError)) throw error;
      refused.push(error);
    }
  }
  if (refused.length > 0) throw firstOf(refused);
  const wordless = labeled.filter(({ text }) => text === "").map(({ where }) => where);
  return { utterances: labeled, warnings: [...symbolsDropped(dropped), ...noWords(wordless)] };
}

/**
 * Keeps the variants that give the network enough output steps for CTC to spell the labels.
 * @param outputSteps steps that the network gives for a number of frames.
 * @returns those variants, or `TOO_FEW_FRAMES` when no variant is long enough, `SILENT_RECORDING` of silence without words.
 */
export function keepLearnable(
  utterance: LabeledUtterance,
  variants: readonly Variant[],
  { outputSteps, hopMs }: { readonly outputSteps: (frames: number) => number; readonly hopMs: number },
): Pick<PreparedUtterance, "variants"> | Warning {
  const { labels } = utterance;
  const needed = stepsNeeded(labels);
  const enough = variants.filter(({ frames }) => outputSteps(frames) >= needed);
  if (enough.length > 0) return { variants: enough };
  if (labels.length === 0) return nothingToLearn(utterance);
  const longest = variants.reduce((best, variant) => (variant.frames > best.frames ? variant : best));
  return tooFewFrames(utterance, needed, longest, outputSteps(longest.frames), hopMs);
}

/** For one alignment at least; silence takes a step too. */
export const stepsNeeded = (labels: Int32Array): number => Math.max(1, minimumSteps(labels));

/** The variant at the pace nearest to that of the recording. */
export function asRecorded(variants: readonly Variant[]): Variant {
  return variants.reduce((best, variant) => (paceChange(variant) < paceChange(best) ? variant : best));
}

/** Silence is cut off before the network, so that it need not be learned. */
function nothingToLearn({ where, path }: LabeledUtterance): Warning {
  const message =
    `${where}: ${path} is digital silence and has no transcript: there is nothing to learn from it, since nothing is recognized ` +
    "in silence anyway. Left out.";
  return { code: "SILENT_RECORDING", message };
}

/** Faster than people speak; where a text has fewer, it is the network whose steps are too long. */
const SYMBOLS_PER_SECOND = 25;

function tooFewFrames(
  { where, path, text, labels }: LabeledUtterance,
  needed: number,
  { seconds, frames }: Variant,
  steps: number,
  hopMs: number,
): Warning {
  const repeats = minimumSteps(labels) - labels.length;
  const spelled = `${count(labels.length, "symbol")}${repeats > 0 ? `, ${count(repeats, "repeat")}` : ""}`;
  const why =
    needed <= seconds * SYMBOLS_PER_SECOND
      ? "The text is spoken at a usual pace, but the network's steps are too long for it: take a smaller network.stride, or fewer network.halvings."
      : "Is the recording cut, or paired with another's text?";
  return {
    code: "TOO_FEW_FRAMES",
    message:
      `${where}: "${text}" needs at least ${count(needed, "step")} (${spelled}) but ${path} gives ${steps}: ` +
      `${seconds.toFixed(2)} s of audio, ${count(frames, "frame")} at a hop of ${hopMs} ms. ` +
      `${why} Left out.`,
  };
}

function firstOf(refused: readonly EarshotError[]): EarshotError {
  const [first] = refused;
  const more = refused.length > 1 ? ` ${refused.length - 1} more like it.` : "";
  return first.with({ problem: first.problem + more });
}

function symbolsDropped(dropped: ReadonlyMap<string, number>): Warning[] {
  if (dropped.size === 0) return [];
  const symbols = [...dropped]
    .toSorted(([, a], [, b]) => b - a)
    .map(([symbol, times]) => `"${symbol}" ${times} times`);
  return [{ code: "SYMBOLS_DROPPED", message: `Left out of the transcripts: ${symbols.join(", ")}.` }];
}

/** Silence can be trained on too, but an empty transcript is more often a mistake. */
function noWords(places: readonly string[]): Warning[] {
  if (places.length === 0) return [];
  const message =
    `${count(places.length, "transcript")} without words: ${inBrief(places)}. ` +
    "Right for silence and noise; where something is said, write it down or leave the recording out.";
  return [{ code: "NO_WORDS", message }];
}
