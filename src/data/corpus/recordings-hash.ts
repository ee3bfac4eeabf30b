// A digest of what training learns from, so that a checkpoint goes with one corpus.

import { sha256 } from "../../platform/index.ts";
import type { Recordings } from "./recordings.ts";
import type { RecordedUtterance } from "./utterances.ts";

/** Digested together. */
const PART_BYTES = 1 << 16;

/**
 * Of the utterances, their order, texts and lengths, and the sounds that they are mixed with: of each utterance the JSON of
 * [labels, [speed, tempo, frames] of each variant].
 */
export function hashOfRecordings(
  { own, opened }: Pick<Recordings, "own" | "opened">,
  utterances: readonly Pick<RecordedUtterance, "labels" | "variants">[],
): string {
  const hash = sha256().update(opened.digest);
  if (own < utterances.length) hash.update(`own: ${own}`);
  const encoder = new TextEncoder();
  let bytes = new Uint8Array(2 * PART_BYTES);
  let end = 0;
  for (const { labels, variants } of utterances) {
    const lengths = JSON.stringify(variants.map(({ speed, tempo, frames }) => [speed, tempo, frames]));
    const needed = 2 + LABEL_BYTES * labels.length + 2 + lengths.length + 1;
    if (end > 0 && end + needed > PART_BYTES) end = (hash.update(bytes.subarray(0, end)), 0);
    if (needed > bytes.length) bytes = new Uint8Array(needed);
    end = writeLabels(labels, bytes, end);
    end += encoder.encodeInto(`,${lengths}]`, bytes.subarray(end)).written;
  }
  return hash.update(bytes.subarray(0, end)).digest();
}

/** At most, with its comma. */
const LABEL_BYTES = 11;

const [OPENS, CLOSES, COMMA, ZERO] = [91, 93, 44, 48]; // of ASCII

/** `[[1,2,3]`, much faster than JSON.stringify. @returns where it ends */
function writeLabels(labels: Int32Array, bytes: Uint8Array, start: number): number {
  let end = start;
  bytes[end++] = OPENS;
  bytes[end++] = OPENS;
  for (let i = 0; i < labels.length; i++) {
    if (i > 0) bytes[end++] = COMMA;
    end = writeNumber(labels[i], bytes, end);
  }
  bytes[end++] = CLOSES;
  return end;
}

/** A whole number that is not negative. */
function writeNumber(number: number, bytes: Uint8Array, start: number): number {
  let size = 1;
  for (let least = 10; number >= least; least *= 10) size++;
  let rest = number;
  for (let at = start + size - 1; at >= start; at--) {
    bytes[at] = ZERO + (rest % 10);
    rest = Math.floor(rest / 10);
  }
  return start + size;
}
