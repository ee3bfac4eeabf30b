// The model of a run is evaluated on the dev split once more, so that the page can show which letters and words it
// confuses, and some utterances with their spectrograms and the times of their letters; and some under conditions of use. The cost is bounded: where the
// split is long or the network large, some of the split stands for the whole.

import { decodeAudio, SAMPLE_RATE_HZ } from "../audio/index.ts";
import type { Utterance } from "../data/index.ts";
import { EarshotError } from "../errors.ts";
import { referenceLoss, rowsOfUtterances, type UtteranceRows } from "../evaluation/index.ts";
import type { AcousticModel } from "../model/index.ts";
import { readWholeFile } from "../platform/index.ts";
import { alignRecording, Recognizer, type Alignment, type Word } from "../recognizer/index.ts";
import { errorRates, type ErrorRates } from "../text/index.ts";
import { pictureUri, soundUri } from "./data-uri.ts";
import { spectrogram } from "./spectrogram.ts";
import { planStress, stressDevSplit, type StressResults } from "./stress.ts";

export interface DevSplitResults {
  /** Of the split. */
  readonly utterances: number;
  readonly rates: ErrorRates;
  readonly evaluated: readonly UtteranceResult[];
  /** Those with the highest loss, the highest first. */
  readonly worst: readonly PicturedUtterance[];
  /** Of the others some from the best to the worst, evenly apart. */
  readonly examples: readonly PicturedUtterance[];
  /** Under conditions of use; or why not. */
  readonly stress: StressResults | string;
}

export interface UtteranceResult {
  readonly utterance: Utterance;
  readonly reference: string;
  readonly hypothesis: string;
  /** Of the hypothesis, with their times. */
  readonly words: readonly Word[];
  /** −ln of the probability of the reference, in nats; infinite where its symbols need more steps than there are. */
  readonly loss: number;
  readonly seconds: number;
}

export interface PicturedUtterance extends UtteranceResult {
  /** When the reference was said; undefined where there is no time for its symbols. */
  readonly alignment?: Alignment;
  /** The spectrogram, as a data URI. */
  readonly picture: string;
  /** The recording, as a data URI; undefined where the page would become too large. */
  readonly sound?: string;
}

export interface DevSplitOptions {
  readonly modelPath: string;
  readonly utterances: readonly Utterance[];
  /** Length of an utterance, as far as it is known beforehand. */
  readonly meanSeconds: number;
  readonly engine?: string;
  readonly threads?: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: { readonly done: number; readonly total: number }) => void;
}

/** Parameters times seconds of sound: some ten seconds of work for a core. */
const MOST_WORK = 1e9;
const [LEAST_UTTERANCES, MOST_UTTERANCES] = [20, 200];
const [WORST, EXAMPLES] = [10, 8];
/** At 32 kB each, and a third more as text: 4 MB. */
const MOST_SOUND_SECONDS = 95;

/** @throws what `Recognizer.load` and `rowsOfUtterances` throw, the signal's reason */
export async function evaluateDevSplit(options: DevSplitOptions): Promise<DevSplitResults> {
  const { modelPath, engine, threads, signal, onProgress } = options;
  const recognizer = await Recognizer.load(modelPath, { engine, threads, decoding: "greedy" });
  try {
    const { model } = recognizer;
    const chosen = chooseUtterances(options, model);
    const plan = planStress(options.utterances.length, options.meanSeconds, model.parameters);
    const total = chosen.length + (typeof plan === "string" ? 0 : plan.conditions.length * plan.utterances);
    const tell = (done: number) => onProgress?.({ done, total });
    const read = await rowsOfUtterances(recognizer, chosen, { signal, onProgress: ({ done }) => tell(done) });
    const evaluated = read.utterances.map((each) => ({
      ...decoded(each, recognizer),
      recording: each.recording,
    }));
    const onDone = (done: number) => tell(chosen.length + done);
    const stress =
      typeof plan === "string"
        ? plan
        : await stressDevSplit(recognizer, options.utterances, plan, { signal, onDone });
    const worstFirst = ranked(evaluated, ({ loss }) => -loss);
    const worst = worstFirst.slice(0, Math.min(WORST, Math.ceil(evaluated.length / 2)));
    const others = ranked(worstFirst.slice(worst.length), perSymbol);
    const picture = pictureTaker(model);
    return {
      utterances: options.utterances.length,
      rates: errorRates(evaluated),
      evaluated,
      examples: await picture(spread(others, EXAMPLES)),
      worst: await picture(worst),
      stress,
    };
  } finally {
    await recognizer.close();
  }
}

/** Utterances all over the split, so many as the bound allows. */
function chooseUtterances(
  { utterances, meanSeconds }: DevSplitOptions,
  { parameters }: AcousticModel,
): Utterance[] {
  const affordable = Math.floor(MOST_WORK / (parameters * meanSeconds));
  return spread(utterances, Math.min(MOST_UTTERANCES, Math.max(LEAST_UTTERANCES, affordable)));
}

/** So many items, evenly apart, the first and the last among them. */
function spread<Item>(items: readonly Item[], count: number): Item[] {
  if (items.length <= count) return [...items];
  return Array.from({ length: count }, (_, i) => items[Math.round((i * (items.length - 1)) / (count - 1))]);
}

function decoded(
  { utterance, reference, recording }: UtteranceRows,
  recognizer: Recognizer,
): UtteranceResult {
  const { text, words, seconds } = recognizer.decode(recording);
  const loss = referenceLoss(recording, reference, recognizer.model.alphabet);
  return { utterance, reference, hypothesis: text, words, loss, seconds };
}

/** From the least to the largest. */
function ranked<Item>(items: readonly Item[], figure: (item: Item) => number): Item[] {
  return items.toSorted((a, b) => figure(a) - figure(b) || 0); // Infinity − Infinity is no order
}

const perSymbol = ({ loss, reference }: UtteranceResult): number => loss / Math.max(1, reference.length);

interface WithLogProbabilities extends UtteranceResult {
  readonly recording: UtteranceRows["recording"];
}

/** Pictures of utterances, with players until there is no more room for sound; what cannot be read any more is left out. */
function pictureTaker(model: AcousticModel) {
  let soundSeconds = 0;
  return async (chosen: readonly WithLogProbabilities[]): Promise<PicturedUtterance[]> => {
    const shown: PicturedUtterance[] = [];
    for (const utterance of chosen) {
      const samples = await readSamples(utterance.utterance.path);
      if (!samples) continue;
      const fits = soundSeconds + utterance.seconds <= MOST_SOUND_SECONDS;
      if (fits) soundSeconds += utterance.seconds;
      shown.push({
        ...utterance,
        alignment: alignmentOf(utterance, model),
        picture: await pictureUri(spectrogram(samples)),
        sound: fits ? soundUri(samples, SAMPLE_RATE_HZ) : undefined,
      });
    }
    return shown;
  };
}

async function readSamples(path: string): Promise<Float32Array | undefined> {
  try {
    return (await decodeAudio(await readWholeFile(path), path)).samples;
  } catch {
    return undefined; // it was there a moment ago
  }
}

function alignmentOf(
  { utterance, recording }: WithLogProbabilities,
  model: AcousticModel,
): Alignment | undefined {
  try {
    return alignRecording(recording, utterance.transcript, model, utterance.path);
  } catch (error) {
    if (error instanceof EarshotError) return undefined;
    throw error;
  }
}
