// The door for recordings too long to be held: the formats of decode.ts, read as they are decoded, to mono samples at 16 kHz,
// block after block. What a whole recording tells is told by what has come so far: channels that cancel each other out by
// the block, numbers beyond full scale by the loudest yet. Digital silence is left as it is.

import { EarshotError, type Warning } from "../../errors.ts";
import { audioConverter } from "../../platform/index.ts";
import {
  checkChannel,
  damagedAudio,
  miscountedAudio,
  silenceOfPeak,
  silentAudio,
  truncatedAudio,
  unknownFormat,
} from "./decode-faults.ts";
import { sniffAudio, tagBytes, type AudioFormat } from "./sniff.ts";
import { ByteWindow } from "./streams/byte-window.ts";
import { ChannelMixer } from "./streams/mix-blocks.ts";
import { NOTHING_THERE, type BlockReader } from "./streams/source-blocks.ts";
import { fitFullScale, peakOf } from "../full-scale.ts";
import { HIGHEST_RATE_HZ, LOWEST_RATE_HZ, ResampleStream, SAMPLE_RATE_HZ } from "../resample.ts";

/** A file that is read piece by piece. */
export interface AudioFile {
  readonly path: string;
  readonly bytes: number;
  readonly chunks: () => AsyncIterable<Uint8Array>;
  /** Bytes looked at in one go; 1 MiB by default. */
  readonly windowBytes?: number;
}

const MB = 1 << 20;

/** Files up to here are decoded whole: a few minutes of stereo in full quality, or some ten of speech. */
const WHOLE_BYTES: Readonly<Record<AudioFormat | "foreign", number>> = {
  wav: 24 * MB,
  flac: 12 * MB,
  mp3: 6 * MB,
  ogg: 3 * MB,
  foreign: 6 * MB,
  sphere: Infinity,
};
/** Smaller files need not be looked at. */
export const LEAST_LONG_BYTES = Math.min(...Object.values(WHOLE_BYTES));

/** Bytes that a second of sound takes at least, where the format says: WAV of 4 bits a sample, MP3 of 8 kbit/s in whole bytes a frame. */
const FEWEST_BYTES: Readonly<Partial<Record<AudioFormat, number>>> = { wav: LOWEST_RATE_HZ / 2, mp3: 990 };

const loadWav = async (): Promise<BlockReader> => (await import("./streams/wav-blocks.ts")).wavBlocks;
const READERS: Readonly<Partial<Record<AudioFormat, () => Promise<BlockReader>>>> = {
  wav: loadWav,
  flac: async () => (await import("./streams/flac-blocks.ts")).flacBlocks,
  mp3: async () => (await import("./streams/mp3-blocks.ts")).mp3Blocks,
  ogg: async () => (await import("./streams/ogg-blocks.ts")).oggBlocks,
};

interface Options {
  readonly channel?: number;
  readonly format?: AudioFormat;
  readonly foreign?: Uint8Array;
}

/** A recording that is decoded while it is read; its blocks are asked for once. */
export class AudioStream {
  /** Of what has come so far: TRUNCATED_AUDIO, MISCOUNTED_AUDIO, OPPOSITE_CHANNELS, SILENT_AUDIO, OVERLOADED_AUDIO. */
  readonly warnings: Warning[] = [];
  readonly #file: AudioFile;
  readonly #bytes: ByteWindow;
  readonly #read: BlockReader;
  /** The beginning of a file that another program reads. */
  readonly #foreign: Uint8Array | undefined;
  readonly #format: AudioFormat | undefined;
  readonly #channel: number | undefined;
  readonly #mixer: ChannelMixer;
  #resampler: { readonly rateHz: number; readonly stream: ResampleStream } | undefined;
  #scale = 1;
  #seconds = 0;
  #peak = 0;
  #channels = 0;

  private constructor(file: AudioFile, bytes: ByteWindow, read: BlockReader, options: Options) {
    this.#file = file;
    this.#bytes = bytes;
    this.#read = read;
    this.#foreign = options.foreign;
    this.#format = options.format;
    this.#channel = options.channel;
    this.#mixer = new ChannelMixer(options.channel);
  }

  /**
   * Undefined for a file that is decoded whole, by `decodeAudio`.
   * @param channel the one to keep, from 0; by default the mean of all
   */
  static async open(file: AudioFile, channel?: number): Promise<AudioStream | undefined> {
    if (file.bytes <= LEAST_LONG_BYTES) return undefined;
    return AudioStream.#openIf((format) => file.bytes > WHOLE_BYTES[format], file, channel);
  }

  /**
   * How many channels a file of any size has at its beginning, of which alone is read; undefined for a format that is only decoded
   * whole. @throws what `blocks` throws
   */
  static async countChannels(file: AudioFile): Promise<number | undefined> {
    const stream = await AudioStream.#openIf(() => true, file);
    for await (const _ of stream?.blocks() ?? []) break;
    return stream?.channels;
  }

  /**
   * Whether a file of any size has more sound than that: told by its bytes where they are too few, else by decoding so much of it.
   * False for a format that is only decoded whole.
   */
  static async isLonger(file: AudioFile, mostSeconds: number, signal: AbortSignal): Promise<boolean> {
    const stream = await AudioStream.#openIf(() => true, file);
    if (!stream) return false;
    const reader = stream.#read(stream.#bytes, file.path);
    const fewest = stream.#format && FEWEST_BYTES[stream.#format];
    try {
      if (fewest !== undefined && file.bytes <= fewest * mostSeconds) return false;
      for (let seconds = 0; seconds <= mostSeconds;) {
        const { value, done } = await reader.next();
        signal.throwIfAborted();
        if (done === true) return false;
        seconds += value.channels[0].length / Math.max(LOWEST_RATE_HZ, value.rateHz);
      }
      return true;
    } finally {
      await reader.return(NOTHING_THERE);
      await stream.#bytes.close();
    }
  }

  static async #openIf(
    isWanted: (format: keyof typeof WHOLE_BYTES) => boolean,
    file: AudioFile,
    channel?: number,
  ): Promise<AudioStream | undefined> {
    const bytes = new ByteWindow(file.chunks(), file.windowBytes);
    await bytes.fill(bytes.windowBytes);
    for (let tag = tagBytes(bytes.held); tag > 0; tag = tagBytes(bytes.held)) {
      await bytes.skip(tag);
      await bytes.fill(bytes.windowBytes);
    }
    const { format, demuxer } = sniffAudio(bytes.held);
    const isTaken = (format ?? demuxer) !== undefined && isWanted(format ?? "foreign");
    const read = format && (await READERS[format]?.());
    if (isTaken && read) return new AudioStream(file, bytes, read, { channel, format });
    const foreign = bytes.held.slice(0, 64);
    await bytes.close();
    const converted = isTaken && demuxer !== undefined && audioConverter.stream?.(file.path, demuxer);
    if (!converted) return undefined;
    return new AudioStream(file, new ByteWindow(converted), await loadWav(), { channel, foreign });
  }

  get path(): string {
    return this.#file.path;
  }

  /** Of what has come so far, the most at once. */
  get channels(): number {
    return this.#channels;
  }

  /** The share of the file that has been read, which may have grown; undefined where another program reads it. */
  get share(): number | undefined {
    return this.#foreign ? undefined : Math.min(1, this.#bytes.readBytes / this.#file.bytes);
  }

  /** Mono at 16 kHz, in [-1, 1]. @throws DAMAGED_AUDIO, UNKNOWN_AUDIO_FORMAT, UNKNOWN_CHANNEL, what reading the file throws */
  async *blocks(): AsyncGenerator<Float32Array, void> {
    const where = this.#file.path;
    const reader = this.#read(this.#bytes, where);
    try {
      for (;;) {
        const { value, done } = await reader.next();
        if (done === true) {
          this.#count(value.missingSamples, value.uncountedSamples);
          break;
        }
        if (this.#channels === 0) this.#checkChannel(value.channels.length);
        this.#channels = Math.max(this.#channels, value.channels.length);
        yield* this.#resampled(this.#scaled(this.#mixer.mix(value)), value.rateHz);
      }
      if (this.#resampler) yield clamped(this.#resampler.stream.finish());
    } catch (cause) {
      if (cause instanceof EarshotError || (cause as { syscall?: unknown }).syscall !== undefined)
        throw cause;
      throw damagedAudio(where, "its decoder gave up on it", { cause });
    } finally {
      await reader.return(NOTHING_THERE); // where nobody wants the rest: its decoder goes
      this.#resampler?.stream.close();
      await this.#bytes.close();
    }
  }

  /** At its beginning: an hour is not decoded for a channel that it lacks. */
  #checkChannel(channels: number): void {
    if (this.#channel !== undefined) checkChannel(this.#channel, channels, this.#file.path);
  }

  /** Lets go of a file whose blocks were not asked for. */
  async close(): Promise<void> {
    await this.#bytes.close();
  }

  async *#resampled(samples: Float32Array, rateHz: number): AsyncGenerator<Float32Array, void> {
    if (!(rateHz >= LOWEST_RATE_HZ && rateHz <= HIGHEST_RATE_HZ))
      throw damagedAudio(this.#file.path, `its header states a sample rate of ${rateHz} Hz`);
    this.#seconds += samples.length / rateHz;
    if (this.#resampler?.rateHz !== rateHz) {
      if (this.#resampler) yield clamped(this.#resampler.stream.finish());
      this.#resampler = { rateHz, stream: await ResampleStream.open(rateHz, SAMPLE_RATE_HZ) };
    }
    yield clamped(this.#resampler.stream.push(samples));
  }

  /** Numbers of another scale are divided by the largest yet. */
  #scaled(samples: Float32Array): Float32Array {
    for (let n = 0; n < samples.length; n++) if (!Number.isFinite(samples[n])) samples[n] = 0; // float files may hold it
    const { warning } = fitFullScale(samples);
    if (warning && this.#scale === 1) this.warnings.push(warning);
    if (warning) this.#scale = Math.max(this.#scale, peakOf(samples));
    this.#peak = Math.max(this.#peak, peakOf(samples));
    return this.#scale === 1 ? samples : samples.map((sample) => sample / this.#scale);
  }

  #count(missingSamples: number, uncountedSamples: number): void {
    const where = this.#file.path;
    if (this.#seconds === 0 && this.#foreign) throw unknownFormat(this.#foreign, where);
    if (this.#seconds === 0)
      throw damagedAudio(where, "its header promises audio, but none of it can be decoded");
    const { rateHz } = this.#resampler!;
    const found = [
      truncatedAudio(this.#seconds, missingSamples / rateHz),
      miscountedAudio(this.#seconds, uncountedSamples / rateHz),
      this.#mixer.warning(),
      silentAudio(this.#peak, () => silenceOfPeak(this.#peak)),
    ];
    this.warnings.push(...found.filter((warning) => warning !== undefined));
  }
}

/** The resampler may overshoot full scale a little. */
function clamped(samples: Float32Array): Float32Array {
  for (let n = 0; n < samples.length; n++) samples[n] = Math.max(-1, Math.min(1, samples[n]));
  return samples;
}
