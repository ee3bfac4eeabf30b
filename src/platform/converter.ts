// Foreign formats of audio (AAC, WMA, …) that Earshot has no decoder for, and the platform may have one.

/** A recording as the platform decodes it: the bytes of a WAV file, or its channels. */
export type ConvertedAudio =
  { readonly wav: Uint8Array } | { readonly channels: readonly Float32Array[]; readonly rateHz: number };

export interface AudioConverter {
  /** What makes foreign formats readable on this platform, as the beginning of a sentence. */
  readonly advice: string;
  /**
   * The first audio track; undefined where the platform has no decoder for it.
   * @param demuxer ffmpeg's name of the container, for example "mov"
   * @throws the platform's own complaint; RangeError when the output is longer than memory should hold
   */
  convert(bytes: Uint8Array, demuxer: string): Promise<ConvertedAudio | undefined>;
  /**
   * The same of a file too long to be held: the bytes of a WAV file as they come. Absent where the platform cannot.
   * @throws when the file cannot be decoded; nothing comes where the platform has no decoder for it
   */
  readonly stream?: (path: string, demuxer: string) => AsyncIterable<Uint8Array>;
}
