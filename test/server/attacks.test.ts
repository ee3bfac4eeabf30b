// What hostile and unlucky clients do: each is answered in few words, others notice nothing, and nothing stays behind.

import { once } from "node:events";
import { connect, type Socket } from "node:net";
import { afterAll, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { waveFile } from "../recognizer/wave-file.ts";
import { metricValue, selfSigned, startServing } from "./serving.ts";
import { pcmOf, SPOKEN, toneSpeech } from "./tone-model.ts";

const LIMITS = {
  streams: 3,
  streamsPerKey: 2,
  uploadMegabytes: 1,
  uploadsMegabytes: 1,
  uploadSeconds: 2,
  headerSeconds: 1,
  idleSeconds: 1,
  streamSeconds: 5,
  messageKilobytes: 64,
  files: 2,
};

/** Beneath the client's library, which sends no broken frames. */
const connectionOf = (socket: WebSocket): Socket => Reflect.get(socket, "_socket") as Socket;

const upgradeTo = (path: string): string =>
  `GET ${path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`;

describe("a server under attack", async () => {
  const serving = await startServing({ limits: LIMITS, wyomingPort: 0 });
  afterAll(() => serving.close());
  const { port } = new URL(serving.url);
  const live = serving.url.replace("http", "ws");

  const raw = (): Socket => connect(Number(port), "127.0.0.1").on("error", () => undefined);
  /** All that is answered until the server hangs up. */
  async function answerOf(socket: Socket): Promise<string> {
    let text = "";
    socket.on("data", (bytes: Buffer) => (text += bytes.toString("latin1")));
    await once(socket, "close");
    return text;
  }
  async function closeOf(socket: WebSocket): Promise<[code: number, reason: string]> {
    const [code, reason] = (await once(socket, "close")) as [number, Buffer];
    return [code, String(reason)];
  }
  const reasons = async () => {
    const metrics = await serving.metrics();
    return (reason: string) => metricValue(metrics, `earshot_refusals_total{reason="${reason}"}`);
  };
  const post = (body: RequestInit["body"], headers: Record<string, string> = {}) =>
    fetch(`${serving.url}/v1/audio/transcriptions`, { method: "POST", body, headers });
  const form = (bytes: Uint8Array = waveFile(toneSpeech(SPOKEN))) => {
    const fields = new FormData();
    fields.set("file", new Blob([bytes as Uint8Array<ArrayBuffer>]), "a.wav");
    return fields;
  };

  async function speak(): Promise<WebSocket> {
    const socket = new WebSocket(live);
    socket.on("error", () => undefined);
    await once(socket, "open");
    socket.send(JSON.stringify({ config: { sample_rate: 16_000 } }));
    socket.send(pcmOf(toneSpeech("tea")).subarray(0, 8_000));
    await once(socket, "message");
    return socket;
  }

  it("refuses what is too large, said or unsaid", async () => {
    const body = new Uint8Array(1_200_000);
    expect((await post(form(body))).status).toBe(413);
    const chunked = raw();
    chunked.write(
      "POST /v1/audio/transcriptions HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: multipart/form-data; boundary=b\r\nTransfer-Encoding: chunked\r\n\r\n",
    );
    const feeding = setInterval(() => chunked.write(`10000\r\n${"x".repeat(65_536)}\r\n`), 1);
    expect(await answerOf(chunked)).toMatch(/^HTTP\/1\.1 413 /);
    clearInterval(feeding);
  });

  it("waits for no slow body, header or frame", async () => {
    const [body, header, frame] = [
      raw(),
      raw(),
      connect(Number(serving.server.listening.wyoming!.split(":").at(-1)), "127.0.0.1"),
    ];
    body.write("POST /v1/audio/transcriptions HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 1000\r\n\r\n");
    header.write("GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX: ");
    frame.on("error", () => undefined);
    const dripping = setInterval(
      () => [body, header, frame].forEach((socket) => socket.writable && socket.write("x")),
      200,
    );
    const [bodyAnswer, headerAnswer, frameAnswer] = await Promise.all([body, header, frame].map(answerOf));
    clearInterval(dripping);
    for (const answer of [bodyAnswer, headerAnswer]) {
      expect(answer).toMatch(/^HTTP\/1\.1 408 Request Timeout\r\n(.+\r\n)*X-Request-Id: req_/);
      expect(answer).toContain(
        '{"error":{"message":"The request did not come in time.","code":"request_timeout"}}',
      );
    }
    expect(frameAnswer).toContain("A frame took longer than 1 s.");
  });

  it("refuses garbage, huge headers, and lengths of four gigabytes", async () => {
    for (const [bytes, answer] of [
      ["\x00\xff garbage\r\n\r\n", /^HTTP\/1\.1 400 /],
      [`GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX: ${"x".repeat(20_000)}`, /^HTTP\/1\.1 431 /],
      [
        "POST /v1/listen HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 4294967296\r\n\r\n",
        /^HTTP\/1\.1 413 /,
      ],
      [upgradeTo("/nothing"), /404 Not Found[^]*"WebSockets are at \/, \/v1\/listen, \/v1\/realtime."/],
      [upgradeTo("//"), /404 Not Found/],
      [
        upgradeTo("/v1/realtime?model=none"),
        /404 Not Found[^]*"type":"invalid_request_error","param":"model"/,
      ],
      [
        "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nOrigin: https://evil.example\r\n\r\n",
        /^HTTP\/1\.1 403 /,
      ],
      [
        upgradeTo("/v1/listen?model=none"),
        /404 Not Found[^]*"err_code":"MODEL_NOT_FOUND","err_msg":"The model/,
      ],
    ] as const) {
      const socket = raw();
      socket.write(Buffer.from(bytes, "latin1"));
      expect(await answerOf(socket)).toMatch(answer);
    }
    for (const type of ["text/plain", "multipart/form-data", "multipart/form-data; boundary=b"])
      expect((await post("--b\r\n", { "content-type": type })).status).toBe(400);
    const many = `--b\r\nContent-Disposition: form-data; name="x"\r\n\r\n\r\n`.repeat(5_000);
    expect((await post(many, { "content-type": "multipart/form-data; boundary=b" })).status).toBe(400);
  });

  it("answers those who offer another protocol", async () => {
    const offer =
      "Host: 127.0.0.1\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nHTTP2-Settings: AAMAAABk\r\n";
    const socket = raw();
    socket.write(`GET /healthz HTTP/1.1\r\n${offer}\r\n`);
    expect(await answerOf(socket)).toMatch(/^HTTP\/1\.1 200 OK[^]*\r\nok\n$/);
    const sound = waveFile(toneSpeech(SPOKEN));
    const upload = raw();
    upload.write(`POST /v1/listen HTTP/1.1\r\n${offer}Content-Length: ${sound.length}\r\n\r\n`);
    upload.write(sound);
    expect(await answerOf(upload)).toContain(`"transcript":"${SPOKEN}"`);
  });

  it("counts, numbers and answers what no dialect sees", async () => {
    const lines = serving.log.length;
    for (const request of [
      "OPTIONS * HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n",
      "GET / HTTP/1.1\r\nHost: a b\r\nConnection: close\r\n\r\n",
      upgradeTo("/v1/listen"),
    ]) {
      const before = (await reasons())("bad_request");
      const socket = raw();
      socket.write(request);
      const answer = await answerOf(socket);
      expect(answer).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n(.+\r\n)*x-request-id: req_/i);
      expect(answer).toContain('"code":"invalid_value"');
      expect((await reasons())("bad_request")).toBe(before + 1);
    }
    const logged = serving.log.slice(lines).filter(({ status }) => status === 400);
    expect(logged).toHaveLength(3);
  });

  it("says what is too large of a message, and counts it", async () => {
    const before = (await reasons())("too_large");
    const socket = await speak();
    socket.send(Buffer.alloc(70_000));
    expect(await closeOf(socket)).toEqual([1009, "message_too_large"]);
    await serving.until('earshot_refusals_total{reason="too_large"}', before + 1);
  });

  it("says why it closes, whatever frames it was sent", async () => {
    await serving.until("earshot_streams_open", 0);
    for (const [frame, code, reason] of [
      [Buffer.from([0xf1, 0x80, 0, 0, 0, 0]), 1002, "invalid_frame"], // reserved bits
      [Buffer.from([0x81, 0x81, 0, 0, 0, 0, 0xff]), 1007, "invalid_text"], // no UTF-8
      [Buffer.from([0x88, 0x80, 0, 0, 0, 0]), 1005, ""], // the client's own end has no code, and so no reason
    ] as const) {
      const socket = await speak();
      const closed = closeOf(socket);
      connectionOf(socket).write(frame);
      expect(await closed).toEqual([code, reason]);
      await serving.until("earshot_streams_open", 0);
    }
    const socket = await speak();
    socket.send("no JSON");
    expect(await closeOf(socket)).toEqual([1008, "invalid_json"]);
    await serving.until("earshot_streams_open", 0);
  });

  it("lets in so many and says when to come again", async () => {
    const streams = [await speak(), await speak()];
    const third = new WebSocket(live);
    await once(third, "open");
    third.send(Buffer.alloc(100));
    const [[data], [code]] = await Promise.all([once(third, "message"), once(third, "close")]);
    expect(JSON.parse(String(data)).error).toContain("Clients without a key have 2 streams open already");
    expect(code).toBe(1013);
    const files = await Promise.all(Array.from({ length: 5 }, () => post(form())));
    const refused = files.filter(({ status }) => status === 429);
    expect(refused.length).toBeGreaterThanOrEqual(1);
    expect(refused[0].headers.get("retry-after")).toBe("5");
    for (const stream of streams) stream.close();
    await serving.until("earshot_streams_open", 0);
  });

  it("lets go of streams that are silent, too long, or gone", async () => {
    const silent = await speak();
    expect(await closeOf(silent)).toEqual([1008, "idle_timeout"]);
    const longer = await speak();
    const closed = closeOf(longer);
    for (let i = 0; i < 10; i++) longer.send(Buffer.alloc(32_000));
    expect(await closed).toEqual([1009, "too_large"]);
    (await speak()).terminate();
    await serving.until("earshot_streams_open", 0);
  });

  it("answers as ever afterwards, and has counted all of it", async () => {
    const start = performance.now();
    const answer = await post(form());
    expect(await answer.json()).toMatchObject({ text: SPOKEN });
    expect(performance.now() - start).toBeLessThan(10_000);
    const count = await reasons();
    for (const reason of ["too_large", "bad_request", "not_found", "not_allowed", "too_many", "too_slow"])
      expect([reason, count(reason) > 0]).toEqual([reason, true]);
    expect(count("failed")).toBe(0);
    expect(serving.log.filter(({ event }) => event === "failed")).toEqual([]);
  });
});

it("answers those who come when it is full", async () => {
  const serving = await startServing({ limits: { connections: 2 }, wyomingPort: 0 });
  const { port } = new URL(serving.url);
  const held = [connect(Number(port), "127.0.0.1"), connect(Number(port), "127.0.0.1")];
  await Promise.all(held.map((socket) => once(socket, "connect")));
  const socket = connect(Number(port), "127.0.0.1");
  socket.write("GET /v1/models HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"); // which is not looked at
  let text = "";
  socket.on("data", (bytes: Buffer) => (text += bytes.toString("latin1")));
  await once(socket, "close");
  expect(text).toMatch(/^HTTP\/1\.1 503 Service Unavailable\r\n(.+\r\n)*Retry-After: 5\r\n/);
  expect(text).toContain('"message":"2 connections are open already; come again in 5 s."');
  for (const each of held) each.destroy();
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(metricValue(await serving.metrics(), 'earshot_refusals_total{reason="too_many"}')).toBe(1);
  expect(serving.log).toMatchObject([
    { event: "request", route: "none", status: 503, code: "rate_limit_exceeded" },
  ]);
  await serving.close();
});

it("says to one Wyoming connection too many why it ends", async () => {
  const serving = await startServing({ limits: { connections: 1 }, wyomingPort: 0 });
  const port = Number(serving.server.listening.wyoming!.split(":").at(-1));
  const held = connect(port, "127.0.0.1");
  await serving.until("earshot_conversations_open", 1);
  const socket = connect(port, "127.0.0.1");
  let text = "";
  for await (const bytes of socket) text += String(bytes);
  expect(text).toContain('"text":"1 connections are open already; come again in 5 s."');
  held.destroy();
  await serving.close();
});

describe("over TLS", async () => {
  const serving = await startServing({ limits: { headerSeconds: 1 }, tls: selfSigned() });
  afterAll(() => serving.close());

  it("waits for no handshake", async () => {
    const socket = connect(Number(new URL(serving.url).port), "127.0.0.1");
    socket.on("error", () => undefined);
    const start = performance.now();
    await once(socket, "close");
    expect(performance.now() - start).toBeLessThan(20_000);
    expect(serving.log).toMatchObject([{ event: "request", status: 408, code: "request_timeout" }]);
  });
});
