// What can be looked at: the recordings and the network that come with the room, and those of the reader.

import { PageFailure, reached } from "../page-failure.ts";
import type { RoomLibrary } from "./library.ts";

/** Longer recordings would be too narrow to be read. */
export const MOST_SECONDS = 8;

/** Clips of the demo corpus, by a voice that the small network never heard. */
export const EXAMPLES = [
  {
    text: "close the kitchen door",
    url: new URL("../../../../demo/corpus/test/flora-0612.mp3", import.meta.url).href,
  },
  {
    text: "open the kitchen window",
    url: new URL("../../../../demo/corpus/test/flora-0632.mp3", import.meta.url).href,
  },
] as const;

/** recipes/tiny-deep-speech says how it is made. */
export const TINY_MODEL_URL = new URL(
  "../../../../recipes/tiny-deep-speech/model.safetensors",
  import.meta.url,
).href;

/** Bytes that are loaded when they are needed, under a name for errors. */
export interface LazyBytes {
  readonly name: string;
  readonly load: () => Promise<Uint8Array>;
}

/** @throws PageFailure where the page's origin does not have it */
export async function fetchBytes(url: string): Promise<Uint8Array> {
  const answer = await reached(fetch(url));
  if (!answer.ok) throw new PageFailure("serverAnswers", { status: answer.status });
  return new Uint8Array(await answer.arrayBuffer());
}

export interface ShownRecording {
  /** Mono at 16 kHz, at most `MOST_SECONDS`. */
  readonly samples: Float32Array;
  readonly isCut: boolean;
}

/** @throws what `decodeAudio` throws */
export async function readShownRecording(
  { decodeAudio, SAMPLE_RATE_HZ }: Pick<RoomLibrary, "decodeAudio" | "SAMPLE_RATE_HZ">,
  { name, load }: LazyBytes,
): Promise<ShownRecording> {
  const { samples } = await decodeAudio(await load(), name);
  const most = MOST_SECONDS * SAMPLE_RATE_HZ;
  return { samples: samples.slice(0, most), isCut: samples.length > most };
}
