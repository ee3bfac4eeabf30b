// Bytes of a recording → samples → feature frames. See docs/architecture.md for the room's place.

export { activePower } from "./effects/active-power.ts";
export { clipAt, clipPeaks } from "./effects/clipping.ts";
export { eventNoise } from "./effects/made-events.ts";
export type { EventNoise } from "./effects/made-events.ts";
export { colouredNoise, mainsHum } from "./effects/made-noise.ts";
export type { NoiseColour } from "./effects/made-noise.ts";
export { changePitch } from "./effects/pitch.ts";
export { simulateRoom } from "./effects/room.ts";
export type { Room } from "./effects/room.ts";
export { suppressNoise } from "./effects/suppress-noise.ts";
export { throughTransformCoder } from "./effects/transform-coder.ts";
export { limitBand } from "./effects/band-limit.ts";
export { convolve, reverberate } from "./effects/convolution.ts";
export { A_LAW, MU_LAW } from "./formats/companding.ts";
export { AudioStream, LEAST_LONG_BYTES } from "./formats/decode-stream.ts";
export type { AudioFile } from "./formats/decode-stream.ts";
export { decodeAudio } from "./formats/decode.ts";
export type { DecodedAudio } from "./formats/decode.ts";
export { cutSilence, muteSilence, partAtSilence, resampleSignal } from "./digital-silence.ts";
export type { SoundPart } from "./digital-silence.ts";
export { SoundStream } from "./sound-stream.ts";
export { LEVEL_HOP_MS, SoundLevelStream, soundLevels } from "./sound-levels.ts";
export type { SoundLevels } from "./sound-levels.ts";
export { featureSettings, featureSize, samplesOf } from "./features/feature-settings.ts";
export type { FeatureSettings } from "./features/feature-settings.ts";
export { computeFeatures, FeatureStream } from "./features/features.ts";
export { frameValues } from "./features/frame-values.ts";
export type { FrameValue } from "./features/frame-values.ts";
export type { Frames } from "./features/frames.ts";
export { frontEndNumbers } from "./features/front-end-numbers.ts";
export type { FrontEndNumbers } from "./features/front-end-numbers.ts";
export { warpFrequencies } from "./effects/frequency-warp.ts";
export { mixAtSnr } from "./effects/mixing.ts";
export {
  needsStatistics,
  NormalizationStream,
  normalizeFeatures,
  standardize,
} from "./features/normalize.ts";
export { padFrames } from "./features/padding.ts";
export type { PaddedFrames } from "./features/padding.ts";
export { PowerSpectrum } from "./features/power-spectrum.ts";
export { fitFullScale, peakOf } from "./full-scale.ts";
export {
  changeSpeed,
  HIGHEST_RATE_HZ,
  LOWEST_RATE_HZ,
  resample,
  ResampleStream,
  SAMPLE_RATE_HZ,
} from "./resample.ts";
export { framesToMeasure } from "./features/speech-frames.ts";
export { keepSilence } from "./features/silent-frames.ts";
export { measureStatistics, StatisticsStream } from "./features/statistics.ts";
export type { FeatureStatistics } from "./features/statistics.ts";
export { telephoneCodecs, throughTelephone } from "./effects/telephone.ts";
export type { TelephoneCodec } from "./effects/telephone.ts";
export { changeTempo } from "./effects/tempo.ts";
export {
  detectVoice,
  pausesBetween,
  VOICE_FRAME_MS,
  VoiceFrameStream,
  voiceSettings,
  VoiceStream,
} from "./voice-activity.ts";
export type { Stretch, VoiceSettings } from "./voice-activity.ts";
export { encodeWav, encodeWavHeader, type WavFormat } from "./formats/wav-writer.ts";
