// Deepgram's transcription of files (POST /v1/listen): the recording is the body. An address to fetch one from is refused: the
// server fetches nothing.

import { createHash } from "node:crypto";
import { encodeWav } from "../../../audio/index.ts";
import { holdBody } from "../http/body.ts";
import type { AppContext, HttpDialect } from "../http/app.ts";
import { transcribeFile } from "../http/transcribe-file.ts";
import { PcmReader } from "../live/pcm.ts";
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
    const { model, transcription } = await transcribeFile(context, withHeader(body.bytes, fields), {
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
        sha256: createHash("sha256").update(body.bytes).digest("hex"),
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

/** Sound without a header gets one. */
function withHeader(bytes: Buffer, { encoding, sample_rate: rateHz, channels }: DeepgramFields): Buffer {
  if (encoding === undefined || bytes.length === 0) return bytes;
  if (rateHz === undefined) throw badRequest("With an encoding there is to be a sample_rate.", "sample_rate");
  const reader = new PcmReader({ encoding: DEEPGRAM_ENCODINGS[encoding], channels });
  return Buffer.from(encodeWav(reader.readMono(bytes), rateHz));
}
