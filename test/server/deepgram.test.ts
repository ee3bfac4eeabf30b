// Deepgram's interface, with Deepgram's own client as it is.

import { DeepgramClient } from "@deepgram/sdk";
import { afterAll, describe, expect, it } from "vitest";
import { Keys, makeKey } from "../../src/apps/server/index.ts";
import { waveFile } from "../recognizer/wave-file.ts";
import { startServing } from "./serving.ts";
import { pcmOf, SPOKEN, toneSpeech } from "./tone-model.ts";

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
