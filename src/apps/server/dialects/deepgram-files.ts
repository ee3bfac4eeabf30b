// Deepgram's transcription of files (POST /v1/listen): the recording is the body. An address to fetch one from is refused: the
// server fetches nothing.

import { webcrypto } from "node:crypto";
import { encodeWavHeader } from "../../../audio/index.ts";
import { holdBody } from "../http/body.ts";
import type { AppContext, HttpDialect } from "../http/app.ts";
import { transcribeFile } from "../http/transcribe-file.ts";
import { wavFormatOf } from "../live/pcm.ts";
import { longAudio } from "../models/file-work.ts";
import { badRequest } from "../refusal.ts";
import type { ServerContext } from "../server-context.ts";
import { deepgramAlternative, deepgramError, deepgramModelInfo } from "./deepgram-answers.ts";
import { DEEPGRAM_ENCODINGS, readDeepgramQuery, type DeepgramFields } from "./deepgram-fields.ts";

export const deepgramFiles: HttpDialect = {
  name: "deepgram",
  paths: ["/v1/listen"],
  refusalBody: deepgramError,
  addRoutes: (app, context) => void app.post("/v1/listen", (c) => listenToFile(c, context)),
};

async function listenToFile(c: AppContext, context: ServerContext): Promise<Response> {
  const fields = readDeepgramQuery(new URL(c.req.url).searchParams, context.limits);
  if (c.req.header("content-type")?.startsWith("application/json"))
    throw badRequest("Recordings are not fetched from addresses: send the file itself as the body.");
  const body = await holdBody(c.req.raw, context);
  try {
    const { model, transcription } = await transcribeFile(context, partsOf(body.bytes, fields, context), {
      dialect: "deepgram",
      client: c.get("client"),
      model: fields.model,
      request: fields.request,
      signal: c.req.raw.signal,
    });
    const info = deepgramModelInfo(model, context.version);
    return c.json({
      metadata: {
        transaction_key: "deprecated",
        request_id: c.get("requestId"),
        sha256: await sha256Of(body.bytes),
        created: new Date().toISOString(),
        duration: transcription.seconds,
        channels: 1,
        models: [model],
        model_info: { [model]: info },
      },
      results: {
        channels: [{ alternatives: transcription.alternatives.map((each) => deepgramAlternative(each)) }],
      },
    });
  } finally {
    body.release();
  }
}

/** In a thread of its own: an upload can be large. */
async function sha256Of(bytes: Buffer): Promise<string> {
  return Buffer.from(await webcrypto.subtle.digest("SHA-256", bytes)).toString("hex");
}

/** Before sound without a header there comes one; the sound itself is left as it is. @throws LONG_AUDIO */
function partsOf(
  bytes: Buffer,
  { encoding, sample_rate: rateHz, channels }: DeepgramFields,
  { limits: { recordingSeconds } }: ServerContext,
): Uint8Array[] {
  if (encoding === undefined || bytes.length === 0) return [bytes];
  if (rateHz === undefined) throw badRequest("With an encoding there is to be a sample_rate.", "sample_rate");
  const format = wavFormatOf(DEEPGRAM_ENCODINGS[encoding], channels, rateHz);
  if (bytes.length / (channels * (format.bits / 8) * rateHz) > recordingSeconds)
    throw longAudio(recordingSeconds);
  return [encodeWavHeader(format, bytes.length), bytes];
}
