// Deepgram's interface, with Deepgram's own client as it is.

import { createHash } from "node:crypto";
import { DeepgramClient } from "@deepgram/sdk";
import { afterAll, describe, expect, it } from "vitest";
import { A_LAW, MU_LAW } from "../../src/audio/index.ts";
import { Keys, makeKey } from "../../src/apps/server/index.ts";
import { waveFile } from "../recognizer/wave-file.ts";
import { startServing } from "./serving.ts";
import { pcmOf, SPOKEN, toneSpeech } from "./tone-model.ts";

/** The same sound on each channel, in the bytes of an encoding. */
function rawSound(samples: Float32Array, encoding: string, channels: number): Buffer {
  const table = encoding === "mulaw" ? MU_LAW : A_LAW;
  const width = { linear16: 2, linear32: 4 }[encoding] ?? 1;
  const bytes = Buffer.alloc(samples.length * channels * width);
  samples.forEach((sample, n) => {
    for (let channel = 0; channel < channels; channel++) {
      const at = (n * channels + channel) * width;
      if (width === 2) bytes.writeInt16LE(Math.round(32_767 * sample), at);
      else if (width === 4) bytes.writeInt32LE(Math.round((2 ** 31 - 1) * sample), at);
      else bytes[at] = nearest(table, sample);
    }
  });
  return bytes;
}

const nearest = (table: ArrayLike<number>, sample: number): number =>
  Array.from(table).reduce(
    (best, value, i) => (Math.abs(value - sample) < Math.abs(table[best] - sample) ? i : best),
    0,
  );

type LiveArguments = Parameters<DeepgramClient["listen"]["v1"]["connect"]>[0];
type LiveMessage = { type: string } & Record<string, unknown>;

describe("the Deepgram client", async () => {
  const { key, line } = makeKey("deepgram");
  const serving = await startServing({ keys: Keys.of(line, "keys.txt") });
  afterAll(() => serving.close());
  const live = serving.url.replace("http", "ws");
  const environment = { base: serving.url, production: live, agent: live, agentRest: serving.url };
  const client = new DeepgramClient({ apiKey: key, environment: environment as never, maxRetries: 0 });

  async function open(options: Partial<LiveArguments>) {
    const socket = await client.listen.v1.connect({
      model: "tones",
      reconnectAttempts: 0,
      ...options,
    } as LiveArguments);
    const messages: LiveMessage[] = [];
    socket.on("message", (message) => void messages.push(message as unknown as LiveMessage));
    const closed = new Promise<number>((resolve) => socket.on("close", ({ code }) => resolve(code)));
    socket.on("error", () => undefined);
    socket.connect();
    await socket.waitForOpen();
    return { socket, messages, closed };
  }

  const post = (query: string, body: Buffer) =>
    fetch(`${serving.url}/v1/listen?${query}`, {
      method: "POST",
      headers: { authorization: `Token ${key}` },
      body: body as Uint8Array<ArrayBuffer>,
    });

  const transcripts = (messages: readonly LiveMessage[], isFinal = true): string[] =>
    messages
      .filter(({ type, is_final }) => type === "Results" && is_final === isFinal)
      .map(
        ({ channel }) => (channel as { alternatives: { transcript: string }[] }).alternatives[0].transcript,
      );

  const blocks = (bytes: Buffer): Buffer[] =>
    Array.from({ length: Math.ceil(bytes.length / 3_200) }, (_, i) =>
      bytes.subarray(3_200 * i, 3_200 * (i + 1)),
    );

  it("has a file transcribed", async () => {
    const answer = await client.listen.v1.media.transcribeFile(Buffer.from(waveFile(toneSpeech(SPOKEN))), {
      model: "tones",
      keyterm: ["stoat"],
    } as never);
    expect(answer).toMatchObject({
      metadata: { duration: 3.52, channels: 1 },
      results: { channels: [{ alternatives: [{ transcript: SPOKEN }] }] },
    });
  });

  it.each([
    ["linear16", 1],
    ["linear32", 2],
    ["mulaw", 1],
    ["alaw", 2],
  ] as const)("has raw sound of %s on %i channels transcribed as it is", async (encoding, channels) => {
    const bytes = rawSound(toneSpeech(SPOKEN), encoding, channels);
    const answer = await post(`encoding=${encoding}&sample_rate=16000&channels=${channels}`, bytes);
    expect(await answer.json()).toMatchObject({
      metadata: { duration: 3.52, sha256: createHash("sha256").update(bytes).digest("hex") },
      results: { channels: [{ alternatives: [{ transcript: SPOKEN }] }] },
    });
  });

  it("is told at once that raw sound is too long", async () => {
    const answer = await post("encoding=mulaw&sample_rate=1000", Buffer.alloc(7_200_001));
    expect([answer.status, await answer.json()]).toMatchObject([413, { err_code: "LONG_AUDIO" }]);
    expect(serving.log.some(({ event, seconds }) => event === "file" && Number(seconds) > 100)).toBe(false);
  });

  it("is told what it cannot have", async () => {
    const { transcribeUrl } = client.listen.v1.media;
    await expect(
      transcribeUrl.call(client.listen.v1.media, { url: "http://127.0.0.1/x.wav" } as never),
    ).rejects.toMatchObject({
      statusCode: 400,
      body: { err_code: "INVALID_VALUE", request_id: expect.any(String) },
    });
  });

  it.each([
    ["linear16", 16_000],
    ["linear16", 48_000],
  ] as const)("hears live sound of %s at %i Hz, to its end", async (encoding, rate) => {
    const { socket, messages, closed } = await open({
      encoding,
      sample_rate: rate,
      interim_results: "true",
      vad_events: "true",
    } as never);
    for (const block of blocks(pcmOf(toneSpeech(SPOKEN, rate)))) socket.sendMedia(block);
    socket.sendCloseStream({ type: "CloseStream" });
    expect(await closed).toBe(1000);
    expect(transcripts(messages).join(" ")).toBe(SPOKEN);
    expect(transcripts(messages, false).every((text) => SPOKEN.startsWith(text))).toBe(true);
    expect(messages[0]).toMatchObject({ type: "SpeechStarted", channel: [0, 1] });
    expect(messages.at(-1)).toMatchObject({ type: "Metadata", duration: 3.52 });
    const final = messages.find(({ is_final }) => is_final)!;
    expect(final).toMatchObject({
      speech_final: true,
      channel_index: [0, 1],
      metadata: { model_uuid: "tones" },
    });
    expect(final.start as number).toBeLessThan(0.3);
    const interims = messages.filter(({ is_final }) => is_final === false);
    expect(interims.map(({ start }) => start)).toEqual(interims.map(() => final.start));
    const durations = interims.map(({ duration }) => duration as number);
    expect(durations).toEqual(durations.toSorted((a, b) => a - b));
  });

  it("asks for the end of an utterance, and time goes on", async () => {
    const { socket, messages, closed } = await open({ encoding: "linear16", sample_rate: 16_000 } as never);
    for (const text of ["tea", "toast"]) {
      for (const block of blocks(pcmOf(toneSpeech(text)))) socket.sendMedia(block);
      socket.sendKeepAlive({ type: "KeepAlive" });
      socket.sendFinalize({ type: "Finalize" });
    }
    socket.sendCloseStream({ type: "CloseStream" });
    expect(await closed).toBe(1000);
    expect(transcripts(messages)).toEqual(["tea", "toast"]);
    const [first, second] = messages.filter(({ type }) => type === "Results");
    expect([first.from_finalize, second.from_finalize]).toEqual([true, true]);
    expect(second.start as number).toBeGreaterThanOrEqual(0.8);
  });

  it("sends two channels, or a WAV file as it is", async () => {
    const [left, right] = [toneSpeech("tea"), toneSpeech("eat")];
    const both = Float32Array.from(
      { length: 2 * left.length },
      (_, n) => (n % 2 === 0 ? left : right)[n >> 1],
    );
    const stereo = await open({
      encoding: "linear16",
      sample_rate: 16_000,
      channels: 2,
      multichannel: "true",
    } as never);
    for (const block of blocks(pcmOf(both))) stereo.socket.sendMedia(block);
    stereo.socket.sendCloseStream({ type: "CloseStream" });
    await stereo.closed;
    const texts = stereo.messages.filter(({ type }) => type === "Results");
    expect(texts.map(({ channel_index }) => String(channel_index)).toSorted()).toEqual(["0,2", "1,2"]);
    expect(transcripts(texts).toSorted()).toEqual(["eat", "tea"]);
    const wav = await open({});
    for (const block of blocks(Buffer.from(waveFile(toneSpeech("tea"))))) wav.socket.sendMedia(block);
    wav.socket.sendCloseStream({ type: "CloseStream" });
    await wav.closed;
    expect(transcripts(wav.messages)).toEqual(["tea"]);
  });

  it("is told of sound that is none", async () => {
    const { socket, messages, closed } = await open({});
    socket.sendMedia(Buffer.from("<html>"));
    expect(await closed).toBe(1008);
    expect(messages).toMatchObject([{ type: "Error", variant: "invalid_value" }]);
  });
});
