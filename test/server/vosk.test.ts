// Vosk's WebSocket, by a client that does what Vosk's own examples do: send a frame, wait for its answer.

import { once } from "node:events";
import { afterAll, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { waveFile } from "../recognizer/wave-file.ts";
import { startServing } from "./serving.ts";
import { pcmOf, SPOKEN, toneSpeech } from "./tone-model.ts";

interface VoskAnswer {
  readonly partial?: string;
  readonly text?: string;
  readonly result?: readonly { word: string; start: number; end: number; conf: number }[];
  readonly alternatives?: readonly { text: string; confidence: number }[];
  readonly error?: string;
}

describe("a Vosk client", async () => {
  const serving = await startServing({ limits: { messageKilobytes: 64, hotWords: 3 } });
  const address = serving.url.replace("http", "ws");
  afterAll(() => serving.close());

  async function open(): Promise<WebSocket> {
    const socket = new WebSocket(address);
    await once(socket, "open");
    return socket;
  }

  async function ask(socket: WebSocket, message: Buffer | string | object): Promise<VoskAnswer> {
    const answer = once(socket, "message");
    socket.send(Buffer.isBuffer(message) || typeof message === "string" ? message : JSON.stringify(message));
    const [data] = (await answer) as [Buffer];
    return JSON.parse(data.toString()) as VoskAnswer;
  }

  /** One answer for each frame, or this waits for ever. */
  async function say(socket: WebSocket, bytes: Buffer, frame = 4_000): Promise<VoskAnswer[]> {
    const answers = [];
    for (let at = 0; at < bytes.length; at += frame)
      answers.push(await ask(socket, bytes.subarray(at, at + frame)));
    return answers;
  }

  const textOf = (answers: readonly VoskAnswer[]) => answers.flatMap(({ text }) => text || []).join(" ");

  it("gets one answer for each frame, and words when it asks for them", async () => {
    const socket = await open();
    socket.send(
      JSON.stringify({ config: { sample_rate: 16_000, words: true, phrase_list: ["stoat", "[unk]"] } }),
    );
    const sound = pcmOf(toneSpeech(SPOKEN));
    const answers = await say(socket, sound);
    expect(answers).toHaveLength(Math.ceil(sound.length / 4_000));
    const last = await ask(socket, { eof: 1 });
    expect(textOf([...answers, last])).toBe(SPOKEN);
    const words = [...answers, last].flatMap(({ result }) => result ?? []);
    expect(words.map(({ word }) => word).join(" ")).toBe(SPOKEN);
    for (const { start, end, conf } of words) expect(start < end && conf > 0 && conf <= 1).toBe(true);
    expect((await once(socket, "close"))[0]).toBe(1000);
  });

  it("has its text whatever phrases it sends: those beyond the limit are left out and counted", async () => {
    const socket = await open();
    const phrases = ["stoat", "toast", "tea", "x".repeat(101), "ten notes"];
    socket.send(JSON.stringify({ config: { sample_rate: 16_000, phrase_list: phrases } }));
    const answers = await say(socket, pcmOf(toneSpeech("tea")));
    expect(textOf([...answers, await ask(socket, { eof: 1 })])).toBe("tea");
    await serving.until('earshot_hot_words_left_out_total{dialect="vosk"}', 2);
  });

  it("speaks at 8 kHz unless it says otherwise, and sends a WAV file as it is", async () => {
    for (const bytes of [pcmOf(toneSpeech("tea", 8_000)), Buffer.from(waveFile(toneSpeech("tea")))]) {
      const socket = await open();
      const answers = await say(socket, bytes);
      expect(textOf([...answers, await ask(socket, { eof: 1 })])).toBe("tea");
    }
  });

  it("goes on after a reset, and gets several texts", async () => {
    const socket = await open();
    socket.send(JSON.stringify({ config: { sample_rate: 16_000, max_alternatives: 2 } }));
    for (const text of ["tea", "toast"]) {
      const answers = [...(await say(socket, pcmOf(toneSpeech(text)))), await ask(socket, { reset: 1 })];
      expect(answers.flatMap(({ alternatives }) => alternatives?.[0]?.text || [])).toEqual([text]);
    }
    expect(await ask(socket, { eof: 1 })).toEqual({ alternatives: [{ text: "", confidence: 0 }] });
  });

  it("may send nothing, half samples and empty frames", async () => {
    const socket = await open();
    expect(await ask(socket, Buffer.alloc(0))).toEqual({ partial: "" });
    expect(await ask(socket, Buffer.alloc(1))).toEqual({ partial: "" });
    expect(await ask(socket, { eof: 1 })).toEqual({ text: "" });
    const silent = await open();
    expect(await ask(silent, { eof: 1 })).toEqual({ text: "" });
  });

  it.each([
    ["nonsense", "A text message is to be an object of JSON."],
    [
      { config: { sample_rate: 10 } },
      "config.sample_rate: Expected integer from 1000 to 768000, but it is 10.",
    ],
  ])("is told what is wrong with %j", async (message, problem) => {
    const socket = await open();
    const closed = once(socket, "close");
    expect((await ask(socket, message)).error).toContain(problem);
    expect((await closed)[0]).toBe(1008);
  });

  it("may give a grammar, but none that others would have to wait for", async () => {
    const saidWithin = async (grammar: string) => {
      const socket = await open();
      socket.send(JSON.stringify({ config: { sample_rate: 16_000, grammar } }));
      const answer = await ask(socket, pcmOf(toneSpeech("tea")));
      socket.terminate();
      return answer;
    };
    expect(await saidWithin("tea\ntoast")).toEqual({ partial: expect.any(String) });
    const ways = "(a|b) ".repeat(16);
    expect((await saidWithin(`#JSGF V1.0; grammar g; public <s> = (a|b)* a ${ways};`)).error).toMatch(
      /grammar/i,
    );
    expect((await saidWithin("(")).error).toBeDefined();
  });

  it("with a message that is too large is let go, and others do not notice", async () => {
    const [socket, other] = [await open(), await open()];
    other.send(JSON.stringify({ config: { sample_rate: 16_000 } }));
    socket.send(Buffer.alloc(70_000));
    expect((await once(socket, "close"))[0]).toBe(1009);
    const answers = [...(await say(other, pcmOf(toneSpeech("tea")))), await ask(other, { eof: 1 })];
    expect(textOf(answers)).toBe("tea");
    await serving.until("earshot_streams_open", 0);
  });
});
