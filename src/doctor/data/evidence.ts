// What may be known of a corpus: its rows, the settings it is to be trained with, and what its recordings sound like.

import type { FeatureStatistics } from "../../audio/index.ts";
import type { Utterance } from "../../data/index.ts";
import type { Fault, Warning } from "../../errors.ts";
import type { AcousticModel } from "../../model/index.ts";
import type { TrainingSettings } from "../../training/index.ts";
import type { Probes } from "../examination.ts";
import type { SoundMeasures } from "./sound.ts";
import type { HeardUnderStress } from "./stress.ts";
import type { TextFit } from "./text-fits.ts";

/** A row whose recording was decoded and measured. */
export interface MeasuredUtterance extends Utterance {
  readonly sound: SoundMeasures;
  readonly sourceRateHz: number;
  readonly channels: number;
  /** Of stereo, where the decoder gives it: the mean square of each channel, before they were mixed. */
  readonly channelPowers?: readonly number[];
  /** Of the decoder: TRUNCATED_AUDIO and others. */
  readonly warnings: readonly Warning[];
  /** The same for the same bytes. */
  readonly contentHash: string;
}

/** A row whose recording cannot be read. */
export interface UnreadableUtterance extends Utterance {
  readonly fault: Fault;
}

export type TranscriptSpelling = Pick<AcousticModel, "alphabet" | "transcript">;

export interface CorpusEvidence {
  readonly utterances?: readonly Utterance[];
  /** What reading the manifests left out. */
  readonly leftOut?: readonly Warning[];
  readonly settings?: TrainingSettings;
  /** How transcripts are spelled: as by the settings, or by a model that was trained elsewhere. */
  readonly spelling?: TranscriptSpelling;
  /** All rows, or those of a sample when the corpus is large. */
  readonly measured?: readonly MeasuredUtterance[];
  readonly unreadable?: readonly UnreadableUtterance[];
  /** How well texts fit their recordings, as a trained model hears them. */
  readonly fits?: readonly TextFit[];
  /** What a trained model makes of some recordings under conditions of use. */
  readonly stress?: HeardUnderStress;
  /** Of every bin, over the frames of some recordings, normalized as the network gets them. */
  readonly features?: FeatureStatistics;
}

export const CORPUS_PROBES: Probes<CorpusEvidence> = {
  utterances: "the manifest: earshot doctor <manifest>",
  leftOut: "the manifest: earshot doctor <manifest>",
  settings: "the settings: earshot doctor <manifest> --config <file>",
  spelling: "the settings: earshot doctor <manifest> --config <file>",
  measured: "recordings that can be read",
  unreadable: "the manifest: earshot doctor <manifest>",
  fits: "a trained model of the language: earshot doctor <manifest> -m <model>",
  stress: "a trained model of the language: earshot doctor <manifest> -m <model>",
  features: "recordings that can be read",
};
