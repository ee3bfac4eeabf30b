// Wyoming, as Home Assistant speaks it, by a client written from the protocol.

import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { afterAll, describe, expect, it, vi } from "vitest";
import { WyomingReader, type WyomingEvent } from "../../src/apps/server/dialects/wyoming-frames.ts";
import { LiveTranscription } from "../../src/apps/server/live/live-transcription.ts";
import { RandomStream } from "../../src/random.ts";
import { metricValue, startServing } from "./serving.ts";
import { pcmOf, SPOKEN, toneSpeech } from "./tone-model.ts";

class WyomingClient {
  readonly #socket: Socket;
  readonly events: WyomingEvent[] = [];
  readonly closed: Promise<unknown>;
  #wake = (): void => undefined;

  constructor(address: string) {
    const { hostname, port } = new URL(address.replace("tcp:", "http:"));
    this.#socket = connect(Number(port), hostname);
    this.closed = once(this.#socket, "close");
    const reader = new WyomingReader(2 ** 20);
    this.#socket.on("data", (bytes) => {
      this.events.push(...reader.push(bytes));
      this.#wake();
    });
    this.#socket.on("error", () => undefined);
    this.#socket.on("close", () => this.#wake());
  }

  send(type: string, data: object = {}, payload: Uint8Array = Buffer.alloc(0)): void {
    const head = JSON.stringify({ type, version: "1.10.2", data, payload_length: payload.length });
    this.#socket.write(Buffer.concat([Buffer.from(`${head}\n`), payload]));
  }

  write(bytes: string | Buffer): void {
    this.#socket.write(bytes);
  }

  say(samples: Float32Array, rate: number): void {
    const format = { rate, width: 2, channels: 1 };
    this.send("audio-start", format);
    const pcm = pcmOf(samples);
    for (let at = 0; at < pcm.length; at += 2_048)
      this.send("audio-chunk", format, pcm.subarray(at, at + 2_048));
    this.send("audio-stop");
  }

  async next(type: string): Promise<WyomingEvent> {
    for (;;) {
      const found = this.events.find((event) => event.type === type);
      if (found) return found;
      if (this.#socket.destroyed) throw new Error(`The server went without ${type}.`);
      await new Promise<void>((resolve) => (this.#wake = resolve));
    }
  }

  end(): void {
    this.#socket.destroy();
  }
}

describe("a Wyoming client", async () => {
  const serving = await startServing({ wyomingPort: 0, limits: { messageKilobytes: 64 } });
  const address = serving.server.listening.wyoming!;
  afterAll(() => serving.close());

  it("is told what there is, and answered", async () => {
    const client = new WyomingClient(address);
    client.send("describe");
    const { asr } = (await client.next("info")).data as { asr: object[] };
    expect(asr).toMatchObject([
      {
        name: "earshot",
        installed: true,
        attribution: { name: expect.any(String), url: expect.stringMatching(/^https:/) },
        supports_transcript_streaming: true,
        models: [{ name: "tones", installed: true, languages: ["en"] }],
      },
    ]);
    client.send("no-such-event", { a: 1 });
    client.send("ping", { text: "x" });
    expect((await client.next("pong")).data).toEqual({ text: "x" });
    client.end();
  });

  it.each([8_000, 16_000, 48_000])("is understood at %i Hz, word by word", async (rate) => {
    const client = new WyomingClient(address);
    client.send("transcribe", { name: "tones", language: "en", transcript_names: ["stoat", "Kitchen lamp"] });
    client.say(toneSpeech(SPOKEN, rate), rate);
    expect((await client.next("transcript")).data).toEqual({ text: SPOKEN, language: "en" });
    await client.next("transcript-stop");
    const chunks = client.events.filter(({ type }) => type === "transcript-chunk");
    expect(chunks.map(({ data }) => data.text).join("")).toBe(SPOKEN);
    expect(client.events[0].type).toBe("transcript-start");
    client.end();
  });

  it("has its text whatever names it sends; those that the model cannot spell are counted", async () => {
    const client = new WyomingClient(address);
    const names = ["TV 2", "Küche", "stone"];
    client.send("transcribe", { transcript_names: names, transcript_terms: ["灯"] });
    client.say(toneSpeech(SPOKEN), 16_000);
    expect((await client.next("transcript")).data.text).toBe(SPOKEN);
    const series = 'earshot_hot_words_left_out_total{dialect="wyoming"}';
    expect(metricValue(await serving.metrics(), series)).toBe(3);
    const line = serving.log.find(({ event }) => event === "hot words left out");
    expect(line).toMatchObject({ level: "warning", dialect: "wyoming", count: 3 });
    for (const name of names) expect(JSON.stringify(serving.log)).not.toContain(name);
    client.end();
  });

  it("may say one thing after another, and nothing", async () => {
    const client = new WyomingClient(address);
    for (const text of ["tea", "", "toast"]) {
      client.events.length = 0;
      client.say(text === "" ? new Float32Array(8_000) : toneSpeech(text), 16_000);
      expect((await client.next("transcript")).data.text).toBe(text);
    }
    client.end();
  });

  it.each([
    ["no JSON\n", "An event is to be an object of JSON."],
    ["[]\n", "An event is to be an object of JSON."],
    ['{"type":"audio-chunk","payload_length":4000000000}\n', "A length is no whole number up to 65536."],
    ['{"type":"audio-chunk","payload_length":-1}\n', "A length is no whole number up to 65536."],
    ["x".repeat(70_000), "A line is longer than 65536 bytes."],
    [
      '{"type":"audio-start","data":{"rate":5,"width":2,"channels":1}}\n',
      "rate: Expected integer from 1000 to 768000, but it is 5.",
    ],
    ['{"type":"audio-start","data":{"rate":16000,"width":3,"channels":1}}\n', "width:"],
    [
      '{"type":"transcribe","data":{"name":"nobody"}}\n{"type":"audio-start","data":{"rate":16000,"width":2,"channels":1}}\n',
      'The model "nobody" is not served.',
    ],
  ])("is told what is wrong with %s", async (bytes, message) => {
    const client = new WyomingClient(address);
    client.write(bytes);
    expect((await client.next("error")).data.text).toContain(message);
    await client.closed;
  });

  it("that says nothing for too long is told so, and is no failure", async () => {
    const silent = await startServing({ wyomingPort: 0, limits: { idleSeconds: 1 } });
    const client = new WyomingClient(silent.server.listening.wyoming!);
    const error = { text: "Nothing came for 1 s.", code: "idle_timeout" };
    expect((await client.next("error")).data).toEqual(error);
    await client.closed;
    const metrics = await silent.metrics();
    expect(metricValue(metrics, 'earshot_refusals_total{reason="too_slow"}')).toBe(1);
    expect(metricValue(metrics, 'earshot_refusals_total{reason="failed"}')).toBe(0);
    await silent.close();
  });

  it("may send all at once what takes the server longer than its patience", async () => {
    const impatient = await startServing({ wyomingPort: 0, limits: { idleSeconds: 1 } });
    const client = new WyomingClient(impatient.server.listening.wyoming!);
    const { write } = LiveTranscription.prototype;
    const slow = vi.spyOn(LiveTranscription.prototype, "write");
    slow.mockImplementation(async function (this: LiveTranscription, samples) {
      await new Promise((resolve) => setTimeout(resolve, 150));
      return write.call(this, samples);
    });
    client.say(toneSpeech("tea"), 16_000);
    expect((await client.next("transcript")).data.text).toBe("tea");
    slow.mockRestore();
    client.end();
    await impatient.close();
  });

  it("that vanishes leaves nothing", async () => {
    const client = new WyomingClient(address);
    client.send("audio-start", { rate: 16_000, width: 2, channels: 1 });
    client.send("audio-chunk", { rate: 16_000, width: 2, channels: 1 }, pcmOf(toneSpeech("tea")));
    await serving.until("earshot_streams_open", 1);
    client.end();
    await serving.until("earshot_streams_open", 0);
  });
});

it("frames are the same, however they are cut", () => {
  const data = Buffer.from(JSON.stringify({ rate: 16_000, more: "ü\n" }));
  const head = (length: number) =>
    Buffer.from(
      `${JSON.stringify({ type: "a", data: { rate: 1, own: 2 }, data_length: length, payload_length: 3 })}\n`,
    );
  const bytes = Buffer.concat([
    head(data.length),
    data,
    Buffer.from("\n\n\n"),
    head(0),
    Buffer.from("abc"),
    Buffer.from('{"type":"b"}\n'),
  ]);
  const whole = new WyomingReader(100).push(bytes);
  expect(whole.map(({ type }) => type)).toEqual(["a", "a", "b"]);
  expect(whole[0]).toMatchObject({
    data: { rate: 16_000, own: 2, more: "ü\n" },
    payload: Buffer.from("\n\n\n"),
  });
  const random = new RandomStream(3, "wyoming");
  for (let trial = 0; trial < 50; trial++) {
    const reader = new WyomingReader(100);
    const events = [];
    for (let at = 0, end; at < bytes.length; at = end) {
      end = at + 1 + Math.floor(40 * random.uniform() ** 3);
      events.push(...reader.push(bytes.subarray(at, end)));
    }
    expect(events).toEqual(whole);
    expect(reader.isWithin).toBe(false);
  }
});
