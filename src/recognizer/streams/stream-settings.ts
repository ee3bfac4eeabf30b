// The settings of a live stream, in one table: where an utterance ends, and how much may wait. The rules are those of Kaldi's
// online decoders (trailing silence, silence before any speech, longest utterance), asked of two witnesses: a detector of
// voice in the sound, and the blanks of the network.

import { HIGHEST_RATE_HZ, LOWEST_RATE_HZ, SAMPLE_RATE_HZ } from "../../audio/index.ts";
import { z } from "../../settings.ts";

const HOUR_MS = 3_600_000;

export const endpointSettings = z.strictObject({
  detector: z
    .enum(["both", "voice", "blanks", "none"])
    .default("both")
    .describe(
      "What tells speech from silence: the voice in the sound, the blanks of a network that gives text as it is spoken, both, or none: then the stream is one utterance, up to the longest",
    ),
  voiceMode: z
    .int()
    .min(0)
    .max(3)
    .default(2)
    .describe("How strict the detector of voice is: 0 takes most for speech, 3 least (WebRTC)"),
  minimumSpeechMs: z
    .number()
    .min(10)
    .max(5_000)
    .default(150)
    .describe("Voice shorter than this is a click and begins no utterance, in ms"),
  trailingSilenceMs: z
    .number()
    .min(50)
    .max(60_000)
    .default(700)
    .describe("An utterance ends after so much silence, in ms; less is faster, and cuts those who pause"),
  trailingBlanksMs: z
    .number()
    .min(50)
    .max(60_000)
    .default(2_000)
    .describe("An utterance ends after so much sound in which the network spells nothing, in ms"),
  longestUtteranceMs: z
    .number()
    .min(1_000)
    .max(24 * HOUR_MS)
    .default(20_000)
    .describe("An utterance is ended here, between two words where there is such a place soon, in ms"),
  leadingSilenceMs: z
    .number()
    .min(100)
    .max(HOUR_MS)
    .optional()
    .describe(
      "Silence before any speech that is told by an event, again and again, in ms; never when not set",
    ),
  marginMs: z
    .number()
    .min(0)
    .max(2_000)
    .default(300)
    .describe(
      "Sound before and after the voice that belongs to an utterance, so that soft sounds stay, in ms",
    ),
});
export type EndpointSettings = z.output<typeof endpointSettings>;

export const streamSettings = z.strictObject({
  sampleRateHz: z
    .int()
    .min(LOWEST_RATE_HZ)
    .max(HIGHEST_RATE_HZ)
    .default(SAMPLE_RATE_HZ)
    .describe("Of the samples that are written, in Hz"),
  endpoints: endpointSettings.prefault({}),
  queueSeconds: z
    .number()
    .min(0.01)
    .max(600)
    .default(2)
    .describe("Sound that may wait for the network, in seconds; a write waits while there is more"),
  queueEvents: z
    .int()
    .min(1)
    .max(100_000)
    .default(64)
    .describe("Events that may wait to be read; the network waits while there are more"),
});
export type StreamSettings = z.output<typeof streamSettings>;
export type StreamSettingsInput = z.input<typeof streamSettings>;
