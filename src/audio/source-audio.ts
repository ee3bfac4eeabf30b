// What every file reader (wav, flac, mp3) hands to the decoder: samples as they were recorded, before mixing down
// and resampling. Knows nothing of file formats.

export interface SourceAudio {
  /** One array per channel, all of one length, full scale 1; empty when nothing could be decoded. */
  readonly channels: readonly Float32Array[];
  readonly rateHz: number;
  /** Samples per channel that the file announces but does not hold, or that are damaged. */
  readonly missingSamples: number;
}

/** The mean of all channels; numbers that are not finite (float files may hold them) become 0. */
export function mixDown(channels: readonly Float32Array[]): Float32Array {
  const mono = new Float32Array(channels[0]?.length ?? 0);
  for (let n = 0; n < mono.length; n++) {
    let sum = 0;
    for (const channel of channels) sum += channel[n];
    const mean = Math.fround(sum / channels.length);
    mono[n] = Number.isFinite(mean) ? mean : 0;
  }
  return mono;
}
