// What a client of OpenAI's Realtime interface says of its session, in the form of today and in that of before.

import { z } from "zod";
import { readFields } from "../client-input.ts";
import type { LiveOptions } from "../live/live-transcription.ts";
import { ONE_UTTERANCE } from "../live/live-transcription.ts";
import type { PcmEncoding } from "../live/pcm.ts";
import type { ServerLimits } from "../settings.ts";
import { transcriptionRequest } from "../transcription-request.ts";

const PCM_RATE_HZ = 24_000;
const TELEPHONE_RATE_HZ = 8_000;

const format = z.object({
  type: z.enum(["audio/pcm", "audio/pcmu", "audio/pcma"]),
  /** Of PCM: telephones have their own. */
  rate: z.int().min(1_000).max(768_000).optional(),
});
/** As it was said before. */
const FORMER_FORMATS = {
  pcm16: { type: "audio/pcm", rate: PCM_RATE_HZ },
  g711_ulaw: { type: "audio/pcmu" },
  g711_alaw: { type: "audio/pcma" },
} as const;

const transcription = z.looseObject({
  model: z.string().nullish(),
  language: z.string().nullish(),
  prompt: z.string().nullish(),
  keywords: z.array(z.string()).nullish(),
  grammar: z.string().nullish(),
});
const turnDetection = z.looseObject({
  type: z.string().default("server_vad"),
  silence_duration_ms: z.number().min(50).max(60_000).optional(),
});

const input = z.looseObject({
  format: format.optional(),
  transcription: transcription.nullish(),
  turn_detection: turnDetection.nullish(),
});
const session = z.looseObject({ audio: z.looseObject({ input: input.optional() }).optional() });
const formerSession = z.looseObject({
  input_audio_format: z.enum(Object.keys(FORMER_FORMATS) as [keyof typeof FORMER_FORMATS]).optional(),
  input_audio_transcription: transcription.nullish(),
  turn_detection: turnDetection.nullish(),
});

type Format = z.output<typeof format>;

export interface RealtimeSession {
  readonly format: Format;
  readonly transcription: z.output<typeof transcription>;
  /** Null: the client says where an utterance ends. */
  readonly turnDetection: z.output<typeof turnDetection> | null;
}

export const NEW_SESSION: RealtimeSession = {
  format: FORMER_FORMATS.pcm16,
  transcription: {},
  turnDetection: { type: "server_vad" },
};

/** What an event changes of a session. @throws Refusal bad_request */
export function changedSession(
  before: RealtimeSession,
  event: Readonly<Record<string, unknown>>,
): RealtimeSession {
  if (event.type === "session.update") {
    const given = readFields(session, event.session, "session").audio?.input ?? {};
    return {
      format: given.format ? withRate(given.format) : before.format,
      transcription: given.transcription ?? before.transcription,
      turnDetection: given.turn_detection === undefined ? before.turnDetection : given.turn_detection,
    };
  }
  const given = readFields(formerSession, event.session, "session");
  return {
    format: given.input_audio_format ? FORMER_FORMATS[given.input_audio_format] : before.format,
    transcription: given.input_audio_transcription ?? before.transcription,
    turnDetection: given.turn_detection === undefined ? before.turnDetection : given.turn_detection,
  };
}

const withRate = (given: Format): Format =>
  given.type === "audio/pcm" ? { rate: PCM_RATE_HZ, ...given } : { type: given.type };

/** How streams of the session are opened. @throws Refusal bad_request */
export function realtimeStream(
  { format, transcription: asked, turnDetection: turns }: RealtimeSession,
  limits: ServerLimits,
): Pick<LiveOptions, "sampleRateHz" | "request" | "endpoints"> & { readonly encoding: PcmEncoding } {
  const ENCODINGS = { "audio/pcm": "s16", "audio/pcmu": "mulaw", "audio/pcma": "alaw" } as const;
  const { keywords, prompt, grammar } = asked;
  const fields = { phrases: keywords ?? [], prompt: prompt ?? "", grammar: grammar ?? undefined };
  return {
    encoding: ENCODINGS[format.type],
    sampleRateHz: format.rate ?? TELEPHONE_RATE_HZ,
    endpoints: turns ? { trailingSilenceMs: turns.silence_duration_ms } : ONE_UTTERANCE,
    request: transcriptionRequest(fields, limits),
  };
}

/** As clients see it. */
export function sessionObject(
  id: string,
  { format, transcription: asked, turnDetection: turns }: RealtimeSession,
) {
  return {
    id,
    object: "realtime.transcription_session",
    type: "transcription",
    audio: { input: { format, transcription: asked, turn_detection: turns, noise_reduction: null } },
  };
}
