// Features of recordings, from the cache when they are there, else from a worker. One store serves all corpora of a
// process. A key covers the file (path, size, time of change), the pace, the feature settings and the arithmetic itself,
// so that nothing stale is ever read. Normalization is not covered: it comes later, in the corpus. Features
// after effects are used once and so not cached; the samples before effects can be.

import { computeFeatures, SAMPLE_RATE_HZ, type FeatureSettings, type Frames } from "../../audio/index.ts";
import { EarshotError, type Warning } from "../../errors.ts";
import {
  join,
  openFolder,
  rememberingFolder,
  rereadBytes,
  sha256,
  sha256Of,
  subfolder,
  type Folder,
  type WorkerThread,
} from "../../platform/index.ts";
import { RandomStream } from "../../random.ts";
import type { Effects } from "../augmentation/index.ts";
import { FeatureCache } from "./feature-cache.ts";
import type { ComputedFeatures, ComputedVariant } from "./feature-job.ts";
import { FeaturePool } from "./feature-pool.ts";
import { keepNumbers, recallNumbers } from "./kept-statistics.ts";
import { LengthIndex, type RecordingLength } from "./length-index.ts";
import { changePace, type Pace } from "./pace.ts";
import { identityOf, type Recording } from "./recording.ts";
import type { DataSettings } from "../settings.ts";

/** Raise it when cached features of the same settings change in a way that `arithmeticOf` cannot see. */
const CACHE_VERSION = 3;
const BYTES_PER_MEGABYTE = 1_000_000;
/** Of a digest, in hexadecimal. */
const KEY_CHARACTERS = 32;
/** The folder of the features, within that of the cache. */
const FRAMES = "frames";

export type StoreSettings = Pick<DataSettings, "workers" | "cacheDirectory" | "cacheMegabytes">;

/** Replaces what the settings and the platform would give. */
export interface FeatureStoreOptions {
  /** Where features are cached; the folder of the settings by default. */
  readonly cache?: Folder;
  /** How a thread that computes features is started; a worker of the platform by default. */
  readonly startWorker?: () => WorkerThread;
}

export class FeatureStore {
  readonly settings: FeatureSettings;
  readonly #parts: StoreParts;
  readonly #recipe: string;
  #unwritable = false;

  private constructor(settings: FeatureSettings, recipe: string, parts: StoreParts) {
    this.settings = settings;
    this.#recipe = recipe;
    this.#parts = parts;
  }

  /**
   * @param onWarning called once, when the cache can no longer be written
   * @throws EarshotError `FEATURE_WORKER_MISSING`, `CACHE_UNUSABLE`.
   */
  static async open(
    settings: FeatureSettings,
    store: StoreSettings,
    onWarning: (warning: Warning) => void,
    { cache: given, startWorker }: FeatureStoreOptions = {},
  ): Promise<FeatureStore> {
    const pool = new FeaturePool({ workers: store.workers, startWorker });
    const recipe = await recipeOf(settings);
    const folder = given ?? openFolder(store.cacheDirectory);
    const frames = given
      ? subfolder(given, FRAMES)
      : rememberingFolder(openFolder(join(store.cacheDirectory, FRAMES)), rereadBytes());
    try {
      await folder.make();
      const cache = await FeatureCache.open(frames, store.cacheMegabytes * BYTES_PER_MEGABYTE);
      const lengths = await LengthIndex.open(folder);
      return new FeatureStore(settings, recipe, {
        pool,
        cache,
        lengths,
        onWarning,
        folder,
        frames,
      });
    } catch (error) {
      throw cacheUnusable(folder.path, error);
    }
  }

  /** The same threads and the same folder for other features; closed with this one. */
  async withFeatures(settings: FeatureSettings): Promise<FeatureStore> {
    return new FeatureStore(settings, await recipeOf(settings), this.#parts);
  }

  get workers(): number {
    return this.#parts.pool.workers;
  }

  get capBytes(): number {
    return this.#parts.cache.capBytes;
  }

  /** The lengths of a recording at some paces, where all of them are known. */
  known(recording: Recording, paces: readonly Pace[]): RecordingLength[] | undefined {
    const identity = identityOf(recording);
    const lengths: RecordingLength[] = [];
    for (const pace of paces) {
      const length = this.#parts.lengths.get(this.#keyOf(identity, pace));
      if (length === undefined) return undefined;
      lengths.push(length);
    }
    return lengths;
  }

  /**
   * The lengths of a recording at some paces; features are computed, and cached, where the length is not known yet.
   * @throws EarshotError of the recording, or the signal's reason.
   */
  async measure(
    recording: Recording,
    paces: readonly Pace[],
    signal?: AbortSignal,
  ): Promise<RecordingLength[]> {
    const unknown = paces.filter((pace) => this.known(recording, [pace]) === undefined);
    if (unknown.length > 0) await this.#compute(recording, unknown, signal);
    return this.known(recording, paces)!;
  }

  /**
   * Features [T, F] before normalization.
   * @throws EarshotError of the recording, or the signal's reason.
   */
  async frames(recording: Recording, pace: Pace, signal?: AbortSignal): Promise<Frames> {
    signal?.throwIfAborted();
    const cached = await this.#parts.cache.read(this.#key(recording, pace));
    return cached ?? (await this.#compute(recording, [pace], signal)).variants[0].frames;
  }

  /**
   * The same after effects on the waveform. What they begin with, the samples at that pace, can be kept in the cache: then
   * the next time only the effects and the features are left to compute.
   * @throws EarshotError of the recording, or of one that an effect takes; or the signal's reason.
   */
  async framesAfter(
    effects: Effects,
    recording: Recording,
    pace: Pace,
    { keepSamples, signal }: { readonly keepSamples: boolean; readonly signal?: AbortSignal },
  ): Promise<Frames> {
    signal?.throwIfAborted();
    const { cache, pool } = this.#parts;
    const key = `${this.#key(recording, pace)}-samples`;
    const kept = keepSamples ? await cache.read(key) : undefined;
    const job = { path: recording.path, paces: [pace], effects, settings: this.settings };
    const ask = kept ? { samples: kept.data } : { keepSamples };
    const { frames, samples } = (await pool.compute({ ...job, ...ask }, signal)).variants[0];
    if (samples) {
      await this.#unlessUnwritable(() =>
        cache.write(key, { data: samples, frames: samples.length, size: 1 }),
      );
    }
    return frames;
  }

  /** Names what is measured of recordings, each as recorded or at the pace given, one after the other. */
  keyOf(about: readonly (string | number)[], recordings: Iterable<readonly [Recording, Pace]>): string {
    const hash = sha256().update([this.#recipe, ...about].join("\n"));
    for (const [recording, { speed, tempo }] of recordings)
      hash.update(`\n${identityOf(recording)} ${speed} ${tempo}`);
    return hash.digest().slice(0, KEY_CHARACTERS);
  }

  /** What was kept under such a key, in this process or before; undefined where nothing was. */
  recall(key: string): Promise<Float32Array | undefined> {
    return recallNumbers(this.#parts.folder, key);
  }

  async keep(key: string, numbers: Float32Array): Promise<void> {
    await this.#unlessUnwritable(() => keepNumbers(this.#parts.folder, key, numbers));
  }

  /** Ends the threads. A cache into which nothing came does not stay. */
  async close(): Promise<void> {
    const { pool, frames, folder } = this.#parts;
    await pool.close();
    await frames.removeIfEmpty();
    await folder.removeIfEmpty();
  }

  async #compute(
    recording: Recording,
    paces: readonly Pace[],
    signal?: AbortSignal,
  ): Promise<ComputedFeatures> {
    const job = { path: recording.path, paces, settings: this.settings };
    const computed = await this.#parts.pool.compute(job, signal);
    for (const [i, variant] of computed.variants.entries()) {
      await this.#keep(this.#key(recording, paces[i]), variant, computed.warnings);
    }
    return computed;
  }

  async #keep(
    key: string,
    { frames, seconds }: ComputedVariant,
    warnings: readonly Warning[],
  ): Promise<void> {
    await this.#unlessUnwritable(async () => {
      await this.#parts.lengths.put(key, { frames: frames.frames, seconds, warnings });
      await this.#parts.cache.write(key, frames);
    });
  }

  /** Training goes on without a cache: it is slower, not wrong. */
  async #unlessUnwritable(write: () => Promise<void>): Promise<void> {
    try {
      await write();
    } catch (error) {
      if (this.#unwritable) return;
      this.#unwritable = true;
      const message = `Features cannot be cached, so that every epoch computes them anew: ${reasonOf(error)}.`;
      this.#parts.onWarning({ code: "CACHE_UNWRITABLE", message });
    }
  }

  #key(recording: Recording, pace: Pace): string {
    return this.#keyOf(identityOf(recording), pace);
  }

  #keyOf(identity: string, { speed, tempo }: Pace): string {
    return sha256Of(`${this.#recipe}\n${identity}\n${speed}\n${tempo}\n`).slice(0, KEY_CHARACTERS);
  }
}

interface StoreParts {
  readonly pool: FeaturePool;
  readonly cache: FeatureCache;
  readonly lengths: LengthIndex;
  readonly onWarning: (warning: Warning) => void;
  /** Of all that is kept, and within it that of features. */
  readonly folder: Folder;
  readonly frames: Folder;
}

/** Everything but the recording and its pace that decides the frames before normalization. */
async function recipeOf(settings: FeatureSettings): Promise<string> {
  const { normalization: _kind, priorFrames: _weight, ...beforeNormalization } = settings;
  return digest(CACHE_VERSION, JSON.stringify(beforeNormalization), await arithmeticOf(settings));
}

/** A digest of the features of a known signal: it changes whenever resampling or features compute other numbers. */
async function arithmeticOf(settings: FeatureSettings): Promise<string> {
  const random = new RandomStream("arithmetic");
  const noise = Float32Array.from({ length: SAMPLE_RATE_HZ / 10 }, () => 2 * random.uniform() - 1);
  const { data } = computeFeatures(await changePace(noise, { speed: 1.1, tempo: 0.9 }), settings);
  return digest(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
}

function digest(...parts: readonly (string | number | Uint8Array)[]): string {
  const hash = sha256();
  for (const part of parts) hash.update(typeof part === "object" ? part : `${part}\n`);
  return hash.digest().slice(0, KEY_CHARACTERS);
}

/** In the words of the platform, without a full stop. */
const reasonOf = (error: unknown): string =>
  error instanceof EarshotError ? error.problem.replace(/\.$/, "") : (error as Error).message;

function cacheUnusable(directory: string, cause: unknown): EarshotError {
  return new EarshotError(
    {
      code: "CACHE_UNUSABLE",
      where: directory,
      problem: `The folder for computed features cannot be opened: ${reasonOf(cause)}.`,
      remedy: "Set data.cacheDirectory to a folder that you may write.",
    },
    { cause },
  );
}
