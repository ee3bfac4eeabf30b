// OpenAI's Realtime interface, with OpenAI's own client as it is, which insists on TLS.

import OpenAI from "openai";
import { OpenAIRealtimeWS } from "openai/realtime/ws";
import { afterAll, describe, expect, it } from "vitest";
import { selfSigned, startServing } from "./serving.ts";
import { pcmOf, SPOKEN, toneSpeech } from "./tone-model.ts";

type RealtimeEvent = { type: string } & Record<string, unknown>;

describe("the Realtime client", async () => {
  const tls = selfSigned();
  const serving = await startServing({ tls });
  afterAll(() => serving.close());
  const client = new OpenAI({ apiKey: "none needed", baseURL: `${serving.url}/v1` });

  async function open() {
    const realtime = new OpenAIRealtimeWS({ model: "tones", options: { ca: tls.cert } } as never, client);
    const events: RealtimeEvent[] = [];
    let wake = (): void => undefined;
    realtime.on("event", (event) => {
      events.push(event as unknown as RealtimeEvent);
      wake();
    });
    realtime.on("error", () => undefined);
    const next = async (type: string, count = 1): Promise<RealtimeEvent> => {
      for (;;) {
        const found = events.filter((event) => event.type === type);
        if (found.length >= count) return found[count - 1];
        await new Promise<void>((resolve) => (wake = resolve));
      }
    };
    const send = (event: object) => realtime.send(event as never);
    const say = (pcm: Buffer) => {
      for (let at = 0; at < pcm.length; at += 9_600)
        send({ type: "input_audio_buffer.append", audio: pcm.subarray(at, at + 9_600).toString("base64") });
    };
    await next("session.created");
    return { realtime, events, next, send, say };
  }

  const update = (input: object) => ({
    type: "session.update",
    session: { type: "transcription", audio: { input } },
  });
  const COMPLETED = "conversation.item.input_audio_transcription.completed";
  const DELTA = "conversation.item.input_audio_transcription.delta";

  it("says itself where an utterance ends", async () => {
    const { realtime, events, next, send, say } = await open();
    send(
      update({
        format: { type: "audio/pcm", rate: 24_000 },
        transcription: { model: "tones", keywords: ["stone:2"], prompt: "notes, a stone" },
        turn_detection: null,
      }),
    );
    expect((await next("session.updated")).session).toMatchObject({
      type: "transcription",
      audio: { input: { turn_detection: null } },
    });
    for (const [i, text] of [SPOKEN, "tea"].entries()) {
      say(pcmOf(toneSpeech(text, 24_000)));
      send({ type: "input_audio_buffer.commit" });
      const completed = await next(COMPLETED, i + 1);
      expect(completed).toMatchObject({ transcript: text, content_index: 0 });
      const own = events.filter(({ item_id }) => item_id === completed.item_id);
      expect(own.flatMap(({ type, delta }) => (type === DELTA ? delta : [])).join("")).toBe(text);
      expect(own.some(({ type }) => type === "input_audio_buffer.committed")).toBe(true);
      expect(events.filter(({ type }) => type === "conversation.item.created")).toHaveLength(i + 1);
    }
    realtime.close();
  });

  it("has utterances found", async () => {
    const { realtime, events, next, send, say } = await open();
    send(update({ turn_detection: { type: "server_vad", silence_duration_ms: 300 } }));
    const pause = new Float32Array(24_000).map((_, n) => 0.0004 * Math.sin(n * n));
    for (const text of ["tea on toast", "ten"]) {
      say(pcmOf(toneSpeech(text, 24_000)));
      say(pcmOf(pause));
    }
    await next(COMPLETED, 2);
    const told = events
      .filter(({ type }) => /speech_st|committed|completed/.test(type))
      .map(({ type }) => type.split(".").at(-1));
    expect(told).toEqual(
      ["speech_started", "speech_stopped", "committed", "completed"]
        .flatMap((x) => [x])
        .concat(["speech_started", "speech_stopped", "committed", "completed"]),
    );
    expect(events.flatMap(({ type, transcript }) => (type === COMPLETED ? transcript : []))).toEqual([
      "tea on toast",
      "ten",
    ]);
    realtime.close();
  });

  it("may speak as telephones do, and as it was spoken before", async () => {
    const { realtime, next, send, say } = await open();
    send({
      type: "transcription_session.update",
      session: { input_audio_format: "g711_ulaw", turn_detection: null },
    });
    await next("transcription_session.updated");
    say(Buffer.from(toneSpeech("tea", 8_000).map(muLaw)));
    send({ type: "input_audio_buffer.commit" });
    expect((await next(COMPLETED)).transcript).toBe("tea");
    realtime.close();
  });

  it("is told its mistakes, and goes on", async () => {
    const { realtime, next, send, say } = await open();
    const mistakes = [
      [
        { type: "session.upset", event_id: "mine" },
        { code: "invalid_value", param: "type", event_id: "mine" },
      ],
      [{ type: "input_audio_buffer.commit" }, { code: "input_audio_buffer_commit_empty" }],
      [{ type: "input_audio_buffer.append", audio: "no base64!" }, { param: "audio" }],
      [update({ format: { type: "audio/ogg" } }), { param: "session.audio.input.format.type" }],
      [update({ transcription: { model: "tunes" }, turn_detection: null }), { code: "model_not_found" }],
    ] as const;
    let errors = 0;
    for (const [event, error] of mistakes) {
      send(event);
      expect((await next("error", ++errors)).error).toMatchObject({
        type: "invalid_request_error",
        ...error,
      });
    }
    send(update({ transcription: { model: "tones" }, turn_detection: null }));
    say(pcmOf(toneSpeech("tea", 24_000)));
    send({ type: "input_audio_buffer.clear" });
    await next("input_audio_buffer.cleared");
    say(pcmOf(toneSpeech("eat", 24_000)));
    send({ type: "input_audio_buffer.commit" });
    expect((await next(COMPLETED)).transcript).toBe("eat");
    realtime.close();
  });
});

/** A sample as G.711 writes it. */
function muLaw(sample: number): number {
  const magnitude = Math.min(32_635, Math.round(Math.abs(sample) * 32_767)) + 132;
  const exponent = Math.max(0, Math.floor(Math.log2(magnitude)) - 7);
  const mantissa = (magnitude >> (exponent + 3)) & 0x0f;
  return ~((sample < 0 ? 0x80 : 0) | (exponent << 4) | mantissa) & 0xff;
}
