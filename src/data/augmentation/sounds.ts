// Noises and rooms made ready when a corpus is opened: found, read once (as any recording, in the workers, and from the
// cache the second time), and left out where they cannot be read, are silent, or are unlike real noise.

import type { Frames } from "../../audio/index.ts";
import { EarshotError, type Warning } from "../../errors.ts";
import { inBrief } from "../../figures.ts";
import { sha256 } from "../../platform/index.ts";
import { mapConcurrently } from "../concurrency.ts";
import type { FeatureStore } from "../features/feature-store.ts";
import { AS_RECORDED } from "../features/pace.ts";
import { locateRecording } from "../features/recording.ts";
import type { EffectSettings, Sounds } from "./effects.ts";
import { BAND_SETTINGS, greatestDifference, spectrumOf, typicalSpectrum } from "./noise-spectrum.ts";
import { findSounds } from "./sound-files.ts";

export interface OpenedSounds {
  readonly sounds: Sounds;
  /** Of their contents, in order: a run is resumed only with the same sounds. Empty without any. */
  readonly digest: string;
  readonly warnings: readonly Warning[];
}

/**
 * @throws EarshotError `SOUNDS_NOT_FOUND`, `NO_SOUNDS`, `NO_RECORDINGS`, `NO_USABLE_SOUND`; of the store when it is closed;
 * or the signal's reason.
 */
export async function openSounds(
  settings: Pick<EffectSettings, "noise" | "reverberation">,
  store: FeatureStore,
  signal?: AbortSignal,
): Promise<OpenedSounds> {
  const { noise, reverberation } = settings;
  const read = (places: readonly string[]) => readSounds(places, store, signal);
  const noises = rejectUnlike(await read(noise.paths), await read(noise.like), noise.unlikeDb);
  const rooms = await read(reverberation.paths);
  for (const [asked, { usable, leftOut }] of [
    [noise.paths, noises],
    [reverberation.paths, rooms],
  ] as const) {
    if (asked.length > 0 && usable.length === 0) throw nothingUsable(asked, leftOut);
  }
  return {
    sounds: { noise: noises.usable.map(pathOf), reverberation: rooms.usable.map(pathOf) },
    digest: digestOf([...noises.usable, ...rooms.usable]),
    warnings: [...warningOf(noises.leftOut), ...warningOf(rooms.leftOut)],
  };
}

interface Sound {
  readonly path: string;
  /** [T, BANDS] */
  readonly bands: Frames;
}

interface ReadSounds {
  readonly usable: readonly Sound[];
  /** Each with the reason. */
  readonly leftOut: readonly string[];
}

const pathOf = ({ path }: Sound): string => path;

async function readSounds(
  places: readonly string[],
  store: FeatureStore,
  signal: AbortSignal | undefined,
): Promise<ReadSounds> {
  const bandStore = await store.withFeatures(BAND_SETTINGS);
  const leftOut: string[] = [];
  const found = await mapConcurrently(await findSounds(places), 2 * store.workers, async (path) => {
    try {
      const bands = await bandStore.frames(await locateRecording(path), AS_RECORDED, signal);
      const isSilent = bands.data.every((log) => log === bands.data[0]);
      if (!isSilent) return [{ path, bands }];
      leftOut.push(`${path} (silent)`);
    } catch (error) {
      signal?.throwIfAborted();
      if (!(error instanceof EarshotError) || error.code === "FEATURE_POOL_CLOSED") throw error;
      leftOut.push(`${path} (${error.problem})`);
    }
    return [];
  });
  return { usable: found.flat(), leftOut };
}

function rejectUnlike(noises: ReadSounds, like: ReadSounds, unlikeDb: number): ReadSounds {
  if (like.usable.length === 0) return noises;
  const typical = typicalSpectrum(like.usable.map(({ bands }) => spectrumOf(bands)));
  const leftOut = [...noises.leftOut];
  const usable = noises.usable.filter(({ path, bands }) => {
    const difference = greatestDifference(spectrumOf(bands), typical);
    if (difference <= unlikeDb) return true;
    leftOut.push(`${path} (a band differs by ${difference.toFixed(0)} dB from noise.like)`);
    return false;
  });
  return { usable, leftOut };
}

function digestOf(sounds: readonly Sound[]): string {
  if (sounds.length === 0) return "";
  const hash = sha256();
  for (const { data } of sounds.map(({ bands }) => bands)) {
    hash.update(new Uint8Array(data.buffer, data.byteOffset, data.byteLength));
  }
  return hash.digest();
}

function warningOf(leftOut: readonly string[]): Warning[] {
  if (leftOut.length === 0) return [];
  const count = leftOut.length === 1 ? "1 recording" : `${leftOut.length} recordings`;
  return [{ code: "SOUNDS_LEFT_OUT", message: `${count} for augmentation left out: ${inBrief(leftOut)}.` }];
}

function nothingUsable(places: readonly string[], leftOut: readonly string[]): EarshotError {
  return new EarshotError({
    code: "NO_USABLE_SOUND",
    where: places.join(", "),
    problem: `Of the recordings for augmentation none is left: ${inBrief(leftOut)}.`,
    remedy: "Give others, or raise noise.unlikeDb where they were rejected as unlike noise.like.",
  });
}
