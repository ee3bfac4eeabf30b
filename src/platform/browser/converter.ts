// A browser's own decoder, for formats that Earshot has none for (AAC, WMA, …) and the browser may have. Whatever Earshot
// decodes itself never comes here, so that it sounds the same everywhere. Web Audio is missing inside workers: there, as
// in a browser without the codec, the format is named as unknown.

import type { AudioConverter } from "../converter.ts";

/** What is used here of Web Audio (W3C, sections 1.3 and 1.4). */
interface OfflineContext {
  /** Resamples to the rate of the context, and takes the buffer away. */
  decodeAudioData(file: ArrayBuffer): Promise<{
    readonly numberOfChannels: number;
    getChannelData(channel: number): Float32Array;
  }>;
}
type OfflineContextClass = new (channels: number, length: number, rateHz: number) => OfflineContext;

/** The usual rate of such files, so that the browser resamples few of them. */
const RATE_HZ = 48_000;

export const audioConverter: AudioConverter = {
  advice: "Open it in a browser that plays it, on the page itself",

  /** At 48 kHz; undefined when the browser cannot, which may be the format or damage. */
  async convert(bytes) {
    const { OfflineAudioContext } = globalThis as { OfflineAudioContext?: OfflineContextClass };
    if (OfflineAudioContext === undefined) return undefined;
    const context = new OfflineAudioContext(1, 1, RATE_HZ);
    const decoded = await context.decodeAudioData(bytes.slice().buffer).catch(() => undefined);
    if (decoded === undefined) return undefined;
    const channels = Array.from({ length: decoded.numberOfChannels }, (_, n) => decoded.getChannelData(n));
    return { channels, rateHz: RATE_HZ };
  },
};
