// OpenAI's transcription of files (POST /v1/audio/transcriptions) and its list of models. The shapes of answers are in
// openai-answers.ts.

import { holdBody } from "../http/body.ts";
import type { AppContext, HttpDialect, ServerApp } from "../http/app.ts";
import { readMultipart } from "../http/multipart.ts";
import { transcribeFile } from "../http/transcribe-file.ts";
import { badRequest, Refusal } from "../refusal.ts";
import { languageOf, type ServerContext } from "../server-context.ts";
import { transcriptionRequest } from "../transcription-request.ts";
import { openAiError } from "./openai-errors.ts";
import { openAiAnswer, streamedEvents, type OpenAiAnswerOptions } from "./openai-answers.ts";
import { readFormFields, type OpenAiFields } from "./openai-fields.ts";

export const openAiFiles: HttpDialect = {
  name: "openai",
  paths: ["/v1/audio/transcriptions", "/v1/models"],
  refusalBody: (refusal) => ({ error: openAiError(refusal) }),
  addRoutes(app: ServerApp, context: ServerContext) {
    app.get("/v1/models", (c) => c.json({ object: "list", data: modelsOf(context) }));
    app.get("/v1/models/:id", (c) => c.json(modelOf(context, c.req.param("id"))));
    app.post("/v1/audio/transcriptions", (c) => transcriptions(c, context));
  },
};

function modelsOf({ models }: ServerContext) {
  return models.list().map(({ name, loadedAt }) => {
    return { id: name, object: "model", created: Math.floor(loadedAt.getTime() / 1000), owned_by: "earshot" };
  });
}

function modelOf(context: ServerContext, id: string) {
  context.models.lease(id).release(); // throws if it is not served
  return modelsOf(context).find((model) => model.id === id)!;
}

async function transcriptions(c: AppContext, context: ServerContext): Promise<Response> {
  const body = await holdBody(c.req.raw, context);
  try {
    const parts = readMultipart(body.bytes, c.req.header("content-type") ?? "");
    const fields = readFormFields(parts);
    const file = parts.find(({ name }) => name === "file");
    if (!file) throw badRequest("There is no file.", "file");
    const { separator, transcription } = await transcribeFile(context, [file.bytes], {
      dialect: "openai",
      client: c.get("client"),
      model: fields.model,
      request: requestOf(fields, context),
      signal: c.req.raw.signal,
    });
    const options: OpenAiAnswerOptions = {
      separator,
      language: languageOf(context, fields.language),
      fields,
    };
    if (fields.stream === "true") return streamed(streamedEvents(transcription, options));
    const { type, content } = openAiAnswer(transcription, options);
    return c.body(content, 200, { "content-type": type });
  } finally {
    body.release();
  }
}

function requestOf(fields: OpenAiFields, { limits }: ServerContext) {
  if (fields.response_format === "diarized_json")
    throw new Refusal(
      "bad_request",
      "Speaker diarization is not supported: diarized_json is not among the formats.",
      {
        code: "unsupported_value",
        param: "response_format",
      },
    );
  const { prompt, grammar, n_best: nBest } = fields;
  return transcriptionRequest({ phrases: fields["keywords[]"], prompt, grammar, nBest }, limits);
}

function streamed(events: readonly object[]): Response {
  const lines = [...events.map((event) => JSON.stringify(event)), "[DONE]"];
  const body = lines.map((line) => `data: ${line}\n\n`).join("");
  return new Response(body, {
    headers: { "content-type": "text/event-stream", "cache-control": "no-cache" },
  });
}
