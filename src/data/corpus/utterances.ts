// What utterances of a manifest become on their way to training: spelled, then measured. Of a corpus they are there by the
// hundred thousand, so that labels are made of the text whenever they are asked for: those of a million would take a gigabyte.

import type { Alphabet } from "../../text/index.ts";
import type { Pace } from "../features/pace.ts";
import type { Recording } from "../features/recording.ts";
import type { Utterance } from "../manifests/manifest.ts";

/** A recording at one pace. */
export interface Variant extends Pace {
  /** T before any stride. */
  readonly frames: number;
  readonly seconds: number;
}

export interface LabeledUtterance extends Utterance {
  /** The transcript after normalization. */
  readonly text: string;
  /** Its symbols, as indices of the alphabet; a new array each time. */
  readonly labels: Int32Array;
}

export interface PreparedUtterance extends LabeledUtterance {
  /** At least one, in the order of the paces asked for. */
  readonly variants: readonly Variant[];
  /** The recording that is joined behind its own, on an occasion (augmentation/effects/joined.ts). */
  readonly followedBy?: string;
}

export type RecordedUtterance = PreparedUtterance & Recording;

export class SpelledUtterance implements LabeledUtterance {
  readonly path: string;
  readonly transcript: string;
  readonly speaker: string;
  readonly split: string;
  readonly source: string | undefined;
  readonly where: string;
  readonly text: string;
  readonly #alphabet: Alphabet;

  /** @param text what the alphabet can spell */
  constructor(utterance: Utterance, text: string, alphabet: Alphabet) {
    this.path = utterance.path;
    this.transcript = utterance.transcript;
    this.speaker = utterance.speaker;
    this.split = utterance.split;
    this.source = utterance.source;
    this.where = utterance.where;
    this.text = text;
    this.#alphabet = alphabet;
  }

  get labels(): Int32Array {
    return this.#alphabet.encode(this.text, this.where);
  }

  /** The same, its recording found and measured. */
  measured(recording: Recording, variants: readonly Variant[]): RecordedUtterance {
    return new MeasuredSpelling(this, this.#alphabet, recording, variants);
  }
}

class MeasuredSpelling extends SpelledUtterance {
  readonly variants: readonly Variant[];
  readonly bytes: number;
  readonly modifiedMs: number;

  constructor(
    spelled: SpelledUtterance,
    alphabet: Alphabet,
    { bytes, modifiedMs }: Recording,
    variants: readonly Variant[],
  ) {
    super(spelled, spelled.text, alphabet);
    this.variants = variants;
    this.bytes = bytes;
    this.modifiedMs = modifiedMs;
  }
}
