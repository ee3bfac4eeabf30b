// What of a corpus fits into the cache.

import { expect, it } from "vitest";
import { featureSettings, featureSize } from "../../src/audio/index.ts";
import { roomInCache } from "../../src/data/corpus/cache-room.ts";

const settings = featureSettings.parse({});
const pace = { speed: 1, tempo: 1 };
const second = { variants: [{ ...pace, frames: 100, seconds: 1 }] };
const features = 2 * 100 * featureSize(settings) * 4; // bytes of two such utterances
const room = (capBytes: number) => roomInCache([second, second], { settings, capBytes });

it("samples are kept only where they all fit beside all features", () => {
  expect(room(features + 2 * 16_000 * 4)).toEqual({ forSamples: true, warnings: [] });
  expect(room(features + 2 * 16_000 * 4 - 1)).toEqual({ forSamples: false, warnings: [] });
});

it("a cache that is too small for the features alone is told of, unless it is to keep nothing", () => {
  expect(room(features - 1)).toMatchObject({ forSamples: false, warnings: [{ code: "CACHE_TOO_SMALL" }] });
  expect(room(0)).toEqual({ forSamples: false, warnings: [] });
});
