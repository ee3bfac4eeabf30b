// What clients are told of fields that are wrong: the same words in every dialect, and none of the library that checks them.

import { once } from "node:events";
import { connect } from "node:net";
import { afterAll, describe, expect, it, vi } from "vitest";
import { WebSocket } from "ws";
import { changedSession, NEW_SESSION } from "../../src/apps/server/dialects/realtime-session.ts";
import { refusalOf } from "../../src/apps/server/refusal.ts";
import { decodeAudio } from "../../src/audio/index.ts";
import { startServing } from "./serving.ts";

describe("a wrong field", async () => {
  const serving = await startServing({ wyomingPort: 0, language: "en, de" });
  afterAll(() => serving.close());

  it.each([
    ["n_best", "some", 'n_best: Expected number, but it is "some".'],
    ["stream", "1", 'stream: Expected "true" or "false", but it is "1".'],
    ["grammar", "x".repeat(70_000), "grammar: A field is at most 65536 bytes."],
    [
      "response_format",
      "jsn",
      'response_format: Expected "json", "text", "srt", "verbose_json", "vtt", or "diarized_json", but it is "jsn". Did you mean "json"?',
    ],
  ])("is told over HTTP: %s", async (name, value, message) => {
    const form = new FormData();
    form.set(name, value);
    const answer = await fetch(`${serving.url}/v1/audio/transcriptions`, { method: "POST", body: form });
    expect([answer.status, await answer.json()]).toMatchObject([400, { error: { message, param: name } }]);
  });

  it("is told to a Deepgram client", async () => {
    const answer = await fetch(`${serving.url}/v1/listen?channels=9`, { method: "POST", body: "x" });
    const message = 'channels: Expected integer from 1 to 8, but it is "9".';
    expect(await answer.json()).toMatchObject({ err_code: "INVALID_VALUE", err_msg: message });
  });

  it("is told to a Realtime client", () => {
    const update = (input: object) => () =>
      changedSession(NEW_SESSION, { type: "session.update", session: { audio: { input } } });
    expect(update({ turn_detection: { silence_duration_ms: "long" } })).toThrow(
      'session.audio.input.turn_detection.silence_duration_ms: Expected number from 50 to 60000, but it is "long".',
    );
    expect(update({ transcription: { keywords: "tea" } })).toThrow(
      'session.audio.input.transcription.keywords: Expected list of text or null, but it is "tea".',
    );
    expect(update({ format: { type: "audio/ogg" } })).toThrow(
      'session.audio.input.format.type: Expected "audio/pcm", "audio/pcmu", or "audio/pcma", but it is "audio/ogg".',
    );
  });

  it("is told to a Vosk client", async () => {
    const socket = new WebSocket(serving.url.replace("http", "ws"));
    await once(socket, "open");
    socket.send(JSON.stringify({ config: { sample_rate: 1 } }));
    const [answer] = (await once(socket, "message")) as [Buffer];
    expect(JSON.parse(String(answer))).toEqual({
      error: "config.sample_rate: Expected integer from 1000 to 768000, but it is 1.",
    });
  });

  it("is told to a Wyoming client, as are the languages", async () => {
    const socket = connect(Number(serving.server.listening.wyoming!.split(":").at(-1)), "127.0.0.1");
    let told = "";
    socket.on("data", (bytes: Buffer) => (told += bytes.toString("utf8")));
    for (const event of [
      { type: "describe" },
      { type: "audio-stop" },
      { type: "audio-start", data: { rate: 16_000, width: 3, channels: 1 } },
    ])
      socket.write(`${JSON.stringify(event)}\n`);
    await once(socket, "close");
    expect(told).toContain('"languages":["en","de"]');
    expect(told).toContain('{"text":""}'); // a transcript of which nobody said in which language it is
    expect(told).toContain('"text":"width: Expected 1, 2, or 4, but it is 3."');
  });
});

it("a recording that the server cannot read is told without what only its owner can do", async () => {
  vi.stubEnv("PATH", "");
  const m4a = Buffer.from("\0\0\0\x20ftypM4A \0\0\0\0isom");
  const error: unknown = await decodeAudio(m4a, "a.m4a").catch((thrown: unknown) => thrown);
  vi.unstubAllEnvs();
  expect(refusalOf(error).message).toMatch(/ Convert it to WAV or FLAC\.$/);
  expect(refusalOf(error).message).not.toContain("ffmpeg");
});
