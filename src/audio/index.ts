// Bytes of a recording → samples → feature frames. See docs/architecture.md for the room's place.

export { decodeAudio, SAMPLE_RATE_HZ } from "./decode.ts";
export type { DecodedAudio } from "./decode.ts";
export { computeFeatures, featureSettings, featureSize, FeatureStream } from "./features.ts";
export type { FeatureSettings, Frames } from "./features.ts";
export { measureStatistics, normalizeFeatures } from "./normalize.ts";
export type { FeatureStatistics } from "./normalize.ts";
export { changeSpeed, resample } from "./resample.ts";
