// What of a corpus fits into the cache: its features, and beside them the samples that effects begin with. Where samples do
// not all fit they are not kept at all, for each would push out what is needed sooner.

import { featureSize, SAMPLE_RATE_HZ, type FeatureSettings } from "../../audio/index.ts";
import type { Warning } from "../../errors.ts";
import type { Variant } from "./utterances.ts";

interface Cache {
  readonly settings: FeatureSettings;
  readonly capBytes: number;
}

export interface CacheRoom {
  readonly forSamples: boolean;
  /** `CACHE_TOO_SMALL` where not even all features fit. */
  readonly warnings: readonly Warning[];
}

export function roomInCache(
  utterances: readonly { readonly variants: readonly Variant[] }[],
  { settings, capBytes }: Cache,
): CacheRoom {
  let [features, samples] = [0, 0];
  const frameBytes = featureSize(settings) * Float32Array.BYTES_PER_ELEMENT;
  for (const { variants } of utterances) {
    for (const { frames, seconds } of variants) {
      features += frames * frameBytes;
      samples += seconds * SAMPLE_RATE_HZ * Float32Array.BYTES_PER_ELEMENT;
    }
  }
  return {
    forSamples: features + samples <= capBytes,
    warnings: features > capBytes && capBytes > 0 ? [cacheTooSmall(features, capBytes)] : [],
  };
}

function cacheTooSmall(stored: number, cap: number): Warning {
  return {
    code: "CACHE_TOO_SMALL",
    message:
      `The features take ${Math.ceil(stored / 1e6)} MB where the cache keeps ${cap / 1e6} MB: ` +
      "every epoch computes some anew. Raise data.cacheMegabytes.",
  };
}
