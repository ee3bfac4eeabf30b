// What the server answers over HTTP, as OpenAPI 3.1 has it: fields come from the tables that check them.

import { z } from "zod";
import { deepgramQuery } from "../dialects/deepgram-fields.ts";
import { openAiFields } from "../dialects/openai-fields.ts";

/** A part of the document. */
type Part = Readonly<Record<string, unknown>>;

const reference = (name: string): Part => ({ $ref: `#/components/schemas/${name}` });
const json = (schema: Part, description: string): Part => {
  return { description, content: { "application/json": { schema } } };
};
const text = (description: string, type = "text/plain"): Part => {
  return { description, content: { [type]: { schema: { type: "string" } } } };
};
const ERROR_STATUS = {
  400: "What was asked for is wrong",
  401: "A key is needed",
  403: "Web pages of this origin may not ask",
  404: "There is none",
  405: "Another method is needed",
  408: "It took too long",
  413: "It is too large",
  429: "Too much at once: come again later",
  500: "The server failed",
  503: "The server is full, or about to stop",
} as const;

const errors = (schema: string): Part =>
  Object.fromEntries(
    Object.entries(ERROR_STATUS).map(([status, description]) => [
      status,
      json(reference(schema), description),
    ]),
  );

/** @param version of this program */
export function openApiDocument(version: string): Part {
  return {
    openapi: "3.1.0",
    info: { title: "Earshot", version, summary: "Speech recognition with models of one's own." },
    security: [{}, { key: [] }],
    paths: { ...openAiPaths(), ...deepgramPaths(), ...operationPaths() },
    components: { securitySchemes: { key: { type: "http", scheme: "bearer" } }, schemas: schemas() },
  };
}

function openAiPaths(): Part {
  return {
    "/v1/audio/transcriptions": {
      post: {
        operationId: "transcribe",
        summary: "A recording becomes text, as OpenAI's clients ask for it",
        requestBody: {
          required: true,
          content: { "multipart/form-data": { schema: transcriptionForm() } },
        },
        responses: { 200: transcribed(), ...errors("Error") },
      },
    },
    "/v1/models": {
      get: {
        operationId: "listModels",
        summary: "The models that are served",
        responses: { 200: json(reference("Models"), "All of them"), ...errors("Error") },
      },
    },
    "/v1/models/{id}": {
      parameters: [partOfPath("id")],
      get: {
        operationId: "getModel",
        summary: "One of them",
        responses: { 200: json(reference("Model"), "The model"), ...errors("Error") },
      },
    },
  };
}

const partOfPath = (name: string): Part => ({
  name,
  in: "path",
  required: true,
  schema: { type: "string" },
});

function transcriptionForm(): Part {
  const form = jsonSchema(openAiFields) as { properties: Part };
  const file = {
    type: "string",
    contentMediaType: "application/octet-stream",
    description: "The recording.",
  };
  return { ...form, properties: { file, ...form.properties }, required: ["file"] };
}

function transcribed(): Part {
  const schema = { type: "string" };
  return {
    description: "The text, in the format that was asked for",
    content: {
      "application/json": { schema: reference("Transcription") },
      "text/plain": { schema },
      "text/vtt": { schema },
      "text/event-stream": { schema },
    },
  };
}

function deepgramPaths(): Part {
  const { properties } = jsonSchema(deepgramQuery) as {
    properties: Record<string, { description?: string }>;
  };
  const repeated = ["keyterm", "keywords"].map((name) => {
    const schema = { type: "array", items: { type: "string" } };
    return {
      name,
      in: "query",
      schema,
      description: "A phrase to expect, with a weight behind a colon if it is to have one.",
    };
  });
  const parameters = Object.entries(properties).map(([name, { description, ...schema }]) => {
    return { name, in: "query", schema, ...(description !== undefined && { description }) };
  });
  return {
    "/v1/listen": {
      post: {
        operationId: "listen",
        summary: "A recording becomes text, as Deepgram's clients ask for it",
        parameters: [...parameters, ...repeated],
        requestBody: {
          required: true,
          content: { "audio/*": { schema: {} }, "application/octet-stream": { schema: {} } },
        },
        responses: { 200: json({ type: "object" }, "The text"), ...errors("DeepgramError") },
      },
    },
  };
}

const get = (operationId: string, summary: string, responses: Part): Part => ({
  get: { operationId, summary, responses: { ...responses, 403: errors("Error")[403] } },
});

function operationPaths(): Part {
  return {
    "/": get("page", "Listens and teaches in the browser", { 200: text("A page", "text/html") }),
    ...pageFiles(),
    "/connect": get("connect", "What runs, and how to connect", { 200: text("A page", "text/html") }),
    "/openapi.json": get("openapi", "This document", { 200: json({ type: "object" }, "It") }),
    "/healthz": get("health", "Whether the process answers", { 200: text("It does") }),
    "/readyz": get("readiness", "Whether it takes work", {
      200: text("It does"),
      503: text("It is about to stop"),
    }),
    "/metrics": get("metrics", "For Prometheus", { 200: text("Numbers"), 401: errors("Error")[401] }),
  };
}

/** What the page loads. */
function pageFiles(): Part {
  const folders = {
    assets: "Scripts and styles",
    earshot: "The library and the engine",
    models: "The model",
  };
  const paths = Object.entries(folders).map(([folder, what]) => {
    const file = { description: what, content: { "*/*": { schema: {} } } };
    const operation = get(`${folder}File`, `${what} of the page`, { 200: file, 404: errors("Error")[404] });
    return [`/${folder}/{file}`, { parameters: [partOfPath("file")], ...operation }];
  });
  return Object.fromEntries(paths) as Part;
}

function schemas(): Part {
  const string = { type: "string" };
  const nullable = { type: ["string", "null"] };
  const object = (properties: Part): Part => ({
    type: "object",
    properties,
    required: Object.keys(properties),
  });
  const error = object({ message: string, type: string, param: nullable, code: nullable });
  const usage = object({ type: { const: "duration" }, seconds: { type: "number" } });
  return {
    Error: object({ error }),
    DeepgramError: object({ err_code: string, err_msg: string, request_id: string }),
    Model: object({ id: string, object: { const: "model" }, created: { type: "integer" }, owned_by: string }),
    Models: object({ object: { const: "list" }, data: { type: "array", items: reference("Model") } }),
    Transcription: object({ text: string, usage }),
  };
}

const jsonSchema = (schema: z.ZodType): Part => {
  const { $schema: _, ...rest } = z.toJSONSchema(schema, { io: "input", unrepresentable: "any" });
  return rest;
};
