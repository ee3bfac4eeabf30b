// Bytes of a recording → samples → feature frames. See docs/architecture.md for the room's place.

export { activePower } from "./active-power.ts";
export { limitBand } from "./band-limit.ts";
export { convolve } from "./convolution.ts";
export { decodeAudio } from "./decode.ts";
export type { DecodedAudio } from "./decode.ts";
export { featureSettings, featureSize } from "./feature-settings.ts";
export type { FeatureSettings } from "./feature-settings.ts";
export { computeFeatures, FeatureStream } from "./features.ts";
export type { Frames } from "./frames.ts";
export { warpFrequencies } from "./frequency-warp.ts";
export { mixAtSnr, normalizePower } from "./mixing.ts";
export { needsStatistics, NormalizationStream, normalizeFeatures, standardize } from "./normalize.ts";
export { padFrames } from "./padding.ts";
export type { PaddedFrames } from "./padding.ts";
export { PowerSpectrum } from "./power-spectrum.ts";
export { changeSpeed, resample, SAMPLE_RATE_HZ } from "./resample.ts";
export { measureStatistics, StatisticsStream } from "./statistics.ts";
export type { FeatureStatistics } from "./statistics.ts";
export { telephoneCodecs, throughTelephone } from "./telephone.ts";
export type { TelephoneCodec } from "./telephone.ts";
export { changeTempo } from "./tempo.ts";
export { detectVoice, pausesBetween, voiceSettings, VoiceStream } from "./voice-activity.ts";
export type { Stretch, VoiceSettings } from "./voice-activity.ts";
export { encodeWav } from "./wav-writer.ts";
