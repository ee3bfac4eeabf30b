// The parsers of the server's dialects, as the fuzzer sees them. Conversations run whole, against a socket and a model that are
// not there: whatever a client sends, the server has failed at nothing, and Vosk's frames have one answer each.

import { deepgramLive } from "../../dist/apps/server/dialects/deepgram-live.js";
import { readDeepgramQuery } from "../../dist/apps/server/dialects/deepgram-fields.js";
import { readFormFields } from "../../dist/apps/server/dialects/openai-fields.js";
import { openAiRealtime } from "../../dist/apps/server/dialects/openai-realtime.js";
import { vosk } from "../../dist/apps/server/dialects/vosk.js";
import { WyomingReader } from "../../dist/apps/server/dialects/wyoming-frames.js";
import { readMultipart } from "../../dist/apps/server/http/multipart.js";
import { Refusal } from "../../dist/apps/server/refusal.js";
import { serverLimits } from "../../dist/apps/server/settings.js";
import { transcriptionRequest } from "../../dist/apps/server/transcription-request.js";
import { EarshotError } from "../../dist/errors.js";

const limits = serverLimits.parse({ hotWords: 20 });
const CLIENT = { requestId: "req", key: "anybody" };
const LINE_BREAK = 0x0a;
const FINAL = {
  type: "final",
  utterance: 0,
  text: "one two",
  words: [{ text: "one", startMs: 0, endMs: 10, confidence: 1 }],
  alternatives: [{ text: "one two", words: [], score: 0 }],
  seconds: 1,
  startMs: 0,
  endMs: 10,
  endedBy: "finish",
};

/** A refusal is what a client is told: as good as an error with a code. */
const refusing = (read) => async (bytes) => {
  try {
    return await read(bytes);
  } catch (error) {
    if (!(error instanceof Refusal) || error.reason === "failed") throw error;
    throw new EarshotError({ code: "REFUSED", problem: error.message, remedy: error.code });
  }
};

/** A stream that hears nothing, and says at its end what it says always. */
function silentStream() {
  let end;
  const ended = new Promise((resolve) => (end = resolve));
  return {
    write: async () => undefined,
    finish: async () => end(true),
    close: async () => end(false),
    async *[Symbol.asyncIterator]() {
      if (!(await ended)) return;
      yield { type: "speech-start", utterance: 0, timeMs: 0 };
      yield { type: "speech-end", utterance: 0, timeMs: 10, endedBy: "finish" };
      yield FINAL;
    },
  };
}

function madeContext(failures) {
  const metric = { add: () => undefined, observe: () => undefined };
  const lease = (name) => {
    if (name !== undefined && name !== "a") throw new Refusal("not_found", "none");
    return {
      name: "a",
      model: {
        separator: " ",
        usable: (request) => ({ request, leftOut: 0 }),
        stream: async () => silentStream(),
      },
      release: () => undefined,
    };
  };
  let ids = 0;
  return {
    limits,
    version: "0",
    languages: ["en"],
    newId: (kind) => `${kind}${ids++}`,
    models: { lease },
    admission: { admitStream: () => () => undefined },
    metrics: { streams: metric, audioSeconds: metric, finalSeconds: metric, refusals: metric },
    log: { info: () => undefined, said: () => ({}), warn: (_, fields) => failures.push(fields.error) },
  };
}

/** Lines of text, each a message; what follows "B" is one of bytes. */
async function converse(dialect, bytes) {
  const failures = [];
  const context = madeContext(failures);
  const [sent, messages] = [[], []];
  for (let at = 0, end; at < bytes.length; at = end + 1) {
    end = bytes.indexOf(LINE_BREAK, at);
    if (end < 0) end = bytes.length;
    const line = Buffer.from(bytes.subarray(at, end));
    messages.push(line[0] === 0x42 ? { bytes: line.subarray(1) } : { text: line.toString("utf8") });
  }
  let taken = 0;
  const socket = {
    isOpen: true,
    send: (value) => sent.push({ value, taken }),
    close: () => undefined,
    async *messages() {
      for (const message of messages) {
        taken++;
        yield message;
      }
    },
  };
  const query = new URLSearchParams(dialect === deepgramLive ? "encoding=linear16&sample_rate=8000" : "");
  await dialect.converse(socket, query, CLIENT, context);
  return { failures, sent, messages: messages.slice(0, taken) };
}

const wrongConversation = ({ failures }) =>
  failures.length > 0 ? `it failed: ${failures[0].split("\n")[0]}` : undefined;

function wrongVosk({ failures, sent, messages }) {
  for (const [i, message] of messages.entries()) {
    const answers = sent.filter(({ taken }) => taken === i + 1).length;
    if ("bytes" in message && answers !== 1) return `a frame with ${answers} answers`;
  }
  return wrongConversation({ failures });
}

const inText =
  (...list) =>
  () =>
    list.map((text) => new Uint8Array(Buffer.from(text)));
const tokens = (...list) => list.map((token) => Buffer.from(token));
const JSON_TOKENS = ['"', "{", "}", "[", "]", ":", ",", "null", "true", "1e9", "-1", "\\u0000", "\n"];

const FORM = [
  '--b\r\nContent-Disposition: form-data; name="model"\r\n\r\na\r\n--b\r\nContent-Disposition: form-data; name="keywords[]"\r\n\r\nx:2\r\n' +
    '--b\r\nContent-Disposition: form-data; name="file"; filename="a.wav"\r\nContent-Type: audio/wav\r\n\r\nRIFF\r\n--b--\r\n',
  'preamble\r\n--b\r\ncontent-disposition: form-data; name=stream\r\n\r\ntrue\r\n--b\r\nContent-Disposition: form-data; name="n_best"\r\n\r\n3\r\n--b--',
];

export const DIALECT_READERS = {
  "wyoming-frames": {
    share: 0.02,
    seeds: inText(
      '{"type":"describe"}\n{"type":"audio-chunk","data":{"rate":1},"data_length":12,"payload_length":3}\n{"width": 2 }abc{"type":"ping"}\n',
      '{"type":"transcribe","version":"1.0","data_length":null,"data":{"transcript_names":["a"]}}\n',
    ),
    tokens: tokens(...JSON_TOKENS, "type", "data_length", "payload_length", "data"),
    read: refusing((bytes) => {
      const buffer = Buffer.from(bytes);
      const whole = new WyomingReader(1_000).push(buffer);
      const reader = new WyomingReader(1_000);
      const pieces = [];
      for (let at = 0; at < buffer.length; at += 7) pieces.push(...reader.push(buffer.subarray(at, at + 7)));
      return { whole, pieces };
    }),
    check: ({ whole, pieces }) =>
      JSON.stringify(whole) === JSON.stringify(pieces) ? undefined : "other frames when it is cut elsewhere",
    largest: 600,
  },
  multipart: {
    share: 0.02,
    seeds: inText(...FORM),
    tokens: tokens(
      "\r\n",
      "--b",
      "\r\n--b",
      "--",
      "name=",
      'name="',
      "filename=",
      "Content-Disposition:",
      "\r\n\r\n",
    ),
    read: refusing((bytes) => {
      const parts = readMultipart(Buffer.from(bytes), "multipart/form-data; boundary=b");
      try {
        readFormFields(parts);
      } catch (error) {
        if (!(error instanceof Refusal)) throw error;
      }
      return parts;
    }),
    check: (parts, { length }) =>
      parts.reduce((sum, part) => sum + part.bytes.length, 0) <= length ? undefined : "more than there was",
    largest: 1_000,
  },
  "deepgram-query": {
    share: 0.01,
    seeds: inText(
      "model=a&encoding=linear16&sample_rate=16000&channels=2&endpointing=false&keyterm=a:2&keyterm=b&keywords=c:1.5&interim_results=true&alternatives=2",
    ),
    tokens: tokens("&", "=", "%00", "%ff", "+", "keyterm=", "sample_rate=", "1e400", "NaN", "__proto__"),
    read: refusing((bytes) =>
      readDeepgramQuery(new URLSearchParams(Buffer.from(bytes).toString("utf8")), limits),
    ),
    check: ({ channels, request }) =>
      channels >= 1 && channels <= 8 && Object.keys(request.hotWords).length <= limits.hotWords
        ? undefined
        : "beyond its limits",
    largest: 400,
  },
  prompt: {
    share: 0.01,
    seeds: inText(
      "tea, toast; a stone\nten notes on a stone and on another:8",
      "été:-3,\u{1f600}:1e9,__proto__:1",
    ),
    tokens: tokens(",", ";", "\n", ":", " ", "\u0301", "\ud83d", "constructor", "-0"),
    read: refusing((bytes) => {
      const text = Buffer.from(bytes).toString("utf8");
      return transcriptionRequest({ prompt: text, phrases: text.split(",") }, limits);
    }),
    check: ({ hotWords }) =>
      Object.values(hotWords).every((weight) => Math.abs(weight) <= 100) && {}.polluted === undefined
        ? undefined
        : "a weight that is none",
    largest: 400,
  },
  vosk: {
    share: 0.02,
    seeds: inText(
      '{"config":{"sample_rate":16000,"words":true,"max_alternatives":2,"phrase_list":["a"]}}\nBabcd\nB\nBx\n{"reset":1}\nBab\n{"eof":1}',
    ),
    tokens: tokens(...JSON_TOKENS, "B", "\nB", "config", "sample_rate", "eof", "reset", "BRIFF"),
    read: (bytes) => converse(vosk, bytes),
    check: wrongVosk,
    largest: 600,
  },
  "deepgram-live": {
    share: 0.02,
    seeds: inText('Babcd\n{"type":"KeepAlive"}\n{"type":"Finalize"}\nBabc\n{"type":"CloseStream"}'),
    tokens: tokens(...JSON_TOKENS, "B", "\nB", "type", "Finalize", "CloseStream"),
    read: (bytes) => converse(deepgramLive, bytes),
    check: wrongConversation,
    largest: 400,
  },
  realtime: {
    share: 0.03,
    seeds: inText(
      '{"type":"session.update","session":{"type":"transcription","audio":{"input":{"format":{"type":"audio/pcm","rate":24000},"transcription":{"model":"a","keywords":["b"]},"turn_detection":null}}}}\n{"type":"input_audio_buffer.append","audio":"AAAA"}\n{"type":"input_audio_buffer.commit"}\n{"type":"input_audio_buffer.clear"}',
      '{"type":"transcription_session.update","session":{"input_audio_format":"g711_ulaw","turn_detection":{"type":"server_vad","silence_duration_ms":300}}}\n{"type":"input_audio_buffer.append","audio":"/w=="}\n{"type":"input_audio_buffer.commit"}',
    ),
    tokens: tokens(
      ...JSON_TOKENS,
      "type",
      "session",
      "audio",
      "input",
      "input_audio_buffer.commit",
      "input_audio_buffer.append",
      "AAAA",
    ),
    read: (bytes) => converse(openAiRealtime, bytes),
    check: wrongConversation,
    largest: 800,
  },
};
