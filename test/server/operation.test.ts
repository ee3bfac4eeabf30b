// The server for those who run it: its state, its keys, its models, its end.

import { once } from "node:events";
import { writeFileSync } from "node:fs";
import type { IncomingMessage } from "node:http";
import { connect } from "node:net";
import { afterAll, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { isLoopback, Keys, makeKey } from "../../src/apps/server/index.ts";
import { writeModelFile } from "../../src/model/index.ts";
import { waveFile } from "../recognizer/wave-file.ts";
import { constantModel } from "../model/small-model.ts";
import { metricValue, startServing, type Serving } from "./serving.ts";
import { pcmOf, SPOKEN, toneModel, toneSpeech } from "./tone-model.ts";

async function transcribe({ url }: Pick<Serving, "url">, headers: Record<string, string> = {}) {
  const form = new FormData();
  form.set("file", new Blob([waveFile(toneSpeech(SPOKEN)) as Uint8Array<ArrayBuffer>]), "a.wav");
  const answer = await fetch(`${url}/v1/audio/transcriptions`, { method: "POST", body: form, headers });
  return { status: answer.status, ...((await answer.json()) as { text?: string; error?: unknown }) };
}

describe("a server", async () => {
  const serving = await startServing();
  afterAll(() => serving.close());

  it("says how it is", async () => {
    for (const path of ["/healthz", "/readyz"]) expect((await fetch(serving.url + path)).status).toBe(200);
    const missing = await fetch(`${serving.url}/v2/none`);
    expect([missing.status, await missing.json()]).toMatchObject([
      404,
      { error: { type: "invalid_request_error" } },
    ]);
    const listing = await fetch(`${serving.url}/v1/models/tones`, { method: "DELETE" });
    expect([listing.status, listing.headers.get("allow"), await listing.json()]).toMatchObject([
      405,
      "GET",
      { error: { message: "This path takes GET alone.", code: "method_not_allowed" } },
    ]);
  });

  it("answers load balancers, which name no host, and no page of a foreign name", async () => {
    const { port } = new URL(serving.url);
    const ask = async (lines: string) => {
      const socket = connect(Number(port), "127.0.0.1");
      socket.write(`${lines}\r\n\r\n`);
      let answer = "";
      for await (const bytes of socket) answer += String(bytes);
      return answer;
    };
    expect(await ask("GET /healthz HTTP/1.0")).toMatch(/^HTTP\/1\.1 200 OK\r\n[^]*\r\nok\n$/);
    expect(await ask("GET /v1/models HTTP/1.0")).toContain('"id":"tones"');
    const close = "\r\nConnection: close";
    expect(await ask(`GET /readyz HTTP/1.1\r\nHost: balancer.example${close}`)).toMatch(/ 200 OK/);
    for (const path of ["/", "/metrics", "/v1/models"]) {
      const refusal = await ask(`GET ${path} HTTP/1.1\r\nHost: rebound.example:${port}${close}`);
      expect(refusal).toMatch(/ 403 Forbidden[^]*"code":"host_not_allowed"/);
    }
    for (const host of ["localhost", "earshot.localhost", "[::1]", "10.0.0.1"])
      expect(await ask(`GET /v1/models HTTP/1.1\r\nHost: ${host}:${port}${close}`)).toMatch(/ 200 OK/);
  });

  it("counts what it does, under names that clients cannot make", async () => {
    await transcribe(serving);
    await fetch(`${serving.url}/v1/${"x".repeat(100)}`);
    const metrics = await serving.metrics();
    expect(metricValue(metrics, 'earshot_audio_seconds_total{kind="file",model="tones"}')).toBeCloseTo(
      3.52,
      2,
    );
    expect(metricValue(metrics, 'earshot_file_seconds_count{dialect="openai"}')).toBe(1);
    expect(metricValue(metrics, 'earshot_refusals_total{reason="not_found"}')).toBe(2);
    expect(metrics).toContain("# TYPE process_cpu_seconds_total counter\n");
    expect(metrics).not.toContain("xxx");
    for (const line of metrics.trim().split("\n"))
      expect(line).toMatch(/^(# (HELP|TYPE) \w+ .+|\w+(\{[^{}]+\})? [\d.e+-]+)$/);
  });

  it("loads a model again when its file is another, keeps it when the file is none, and says so", async () => {
    writeFileSync(serving.modelPath, "no model");
    await serving.server.reload();
    expect(await transcribe(serving)).toMatchObject({ text: SPOKEN });
    const lease = transcribe(serving); // by the old one, which lives until it is done
    writeFileSync(serving.modelPath, writeModelFile(constantModel("x")));
    await serving.server.reload("changed");
    expect((await lease).text).toBe(SPOKEN);
    expect((await transcribe(serving)).text).toBe("x");
    expect(serving.log.filter(({ event }) => String(event).startsWith("model"))).toMatchObject([
      { event: "model kept", level: "warning", model: "tones" },
      { event: "model loaded", model: "tones" },
    ]);
    const metrics = await serving.metrics();
    for (const outcome of ["failed", "loaded"])
      expect(metricValue(metrics, `earshot_model_reloads_total{model="tones",outcome="${outcome}"}`)).toBe(1);
  });

  it("loads once more when it is asked to while it loads, however often, and drops no stream", async () => {
    const stream = new WebSocket(serving.url.replace("http", "ws"));
    await once(stream, "open");
    const say = async (message: string | Buffer) => {
      stream.send(message);
      return JSON.parse(String((await once(stream, "message"))[0])) as { text?: string };
    };
    stream.send(JSON.stringify({ config: { sample_rate: 16_000 } }));
    await say(pcmOf(toneSpeech("tea")));
    writeFileSync(serving.modelPath, writeModelFile(toneModel()));
    const before = serving.log.length;
    await Promise.all(Array.from({ length: 5 }, () => serving.server.reload()));
    const loaded = serving.log.slice(before).filter(({ event }) => event === "model loaded");
    expect(loaded).toHaveLength(2);
    expect(await say(JSON.stringify({ eof: 1 }))).toEqual({ text: "x" }); // the model that it began with
    expect((await transcribe(serving)).text).toBe(SPOKEN);
  });

  it("takes an empty name for none, in every dialect", async () => {
    const body = waveFile(toneSpeech(SPOKEN)) as Uint8Array<ArrayBuffer>;
    expect((await fetch(`${serving.url}/v1/listen?model=`, { method: "POST", body })).status).toBe(200);
    const socket = new WebSocket(`${serving.url.replace("http", "ws")}/v1/realtime?model=`);
    await once(socket, "open");
    socket.close();
  });
});

describe("keys", async () => {
  const { key, line } = makeKey("kitchen");
  const serving = await startServing({ keys: Keys.of(`# of the house\n${line}`, "keys.txt") });
  afterAll(() => serving.close());

  it("let in those who have one", async () => {
    expect((await transcribe(serving, { authorization: `Bearer ${key}` })).text).toBe(SPOKEN);
    expect((await transcribe(serving, { authorization: `Token ${key}` })).text).toBe(SPOKEN);
    for (const headers of [{}, { authorization: "Bearer no" }, { authorization: key }])
      expect(await transcribe(serving, headers as never)).toMatchObject({
        status: 401,
        error: { code: "invalid_api_key", type: "authentication_error" },
      });
    expect((await fetch(`${serving.url}/metrics`)).status).toBe(401);
    expect((await fetch(`${serving.url}/healthz`)).status).toBe(200);
  });

  it("are in no file and no log", () => {
    expect(line).not.toContain(key.slice(3));
    expect(JSON.stringify(serving.log)).not.toContain(key.slice(3));
    expect(serving.log.find(({ event }) => event === "file")).toMatchObject({ key: "kitchen" });
  });

  it("that are none are told", () => {
    expect(() => Keys.of("kitchen secret\n", "keys.txt")).toThrow(
      "keys.txt:1: The line is no NAME and SHA-256.",
    );
    expect(() => Keys.of("\n", "keys.txt")).toThrow("The file holds no key.");
  });
});

describe("pages of a server that needs keys", async () => {
  const { line } = makeKey("page");
  const serving = await startServing({ keys: Keys.of(line, "keys.txt") });
  afterAll(() => serving.close());

  it("are its own under whatever name it is asked for", async () => {
    const { port } = new URL(serving.url);
    const ask = async (origin: string, host: string) => {
      const socket = connect(Number(port), "127.0.0.1");
      socket.write(
        `GET /v1/models HTTP/1.1\r\nHost: ${host}\r\nOrigin: ${origin}\r\nConnection: close\r\n\r\n`,
      );
      let answer = "";
      for await (const bytes of socket) answer += String(bytes);
      return answer.slice(9, 12);
    };
    expect(await ask(`http://earshot.lan:${port}`, `earshot.lan:${port}`)).toBe("401");
    expect(await ask("https://earshot.lan", "earshot.lan:443")).toBe("401");
    expect(await ask("http://other.lan", "earshot.lan")).toBe("403");
    expect(await ask("null", "earshot.lan")).toBe("403");
  });
});

it("every address of this machine's own is one", () => {
  for (const address of ["127.0.0.1", "127.0.0.2", "::1", "localhost", "a.localhost", "::ffff:127.0.0.1"])
    expect([address, isLoopback(address)]).toEqual([address, true]);
  for (const address of ["0.0.0.0", "::", "128.0.0.1", "127.0.0.1.example", "example.org"])
    expect([address, isLoopback(address)]).toEqual([address, false]);
});

describe("web pages", async () => {
  const serving = await startServing({ cors: ["https://page.example"] });
  afterAll(() => serving.close());
  const ask = (origin: string, method = "GET") =>
    fetch(`${serving.url}/v1/models`, {
      method,
      headers: { origin, "access-control-request-headers": "x-a" },
    });

  it("may use it only where they were named", async () => {
    const named = await ask("https://page.example");
    expect([named.status, named.headers.get("access-control-allow-origin")]).toEqual([
      200,
      "https://page.example",
    ]);
    expect((await ask("https://page.example", "OPTIONS")).headers.get("access-control-allow-headers")).toBe(
      "x-a",
    );
    const other = await ask("https://other.example");
    expect([other.status, other.headers.get("access-control-allow-origin")]).toEqual([403, null]);
    expect((await ask(serving.url)).status).toBe(200);
  });
});

describe("the end", () => {
  it("waits for live streams, too, and opens no more", async () => {
    const serving = await startServing();
    const open = () => new WebSocket(serving.url.replace("http", "ws")).on("error", () => undefined);
    const stream = open();
    await once(stream, "open");
    stream.send(JSON.stringify({ config: { sample_rate: 16_000 } }));
    stream.send(pcmOf(toneSpeech("tea")));
    await once(stream, "message");
    const drained = serving.server.drain();
    const [request, refusal] = (await once(open(), "unexpected-response")) as [object, IncomingMessage];
    expect([refusal.statusCode, refusal.headers["retry-after"]]).toEqual([503, "5"]);
    expect(request).toBeDefined();
    stream.send(JSON.stringify({ eof: 1 }));
    expect(JSON.parse(String((await once(stream, "message"))[0]))).toEqual({ text: "tea" });
    await drained;
    await serving.close();
  });

  it("lets conversations go on, and tells those that outlive the limit", async () => {
    const serving = await startServing({ wyomingPort: 0, limits: { drainSeconds: 1 } });
    const stream = new WebSocket(serving.url.replace("http", "ws"));
    await once(stream, "open");
    const wyoming = connect(Number(serving.server.listening.wyoming!.split(":").at(-1)), "127.0.0.1");
    let told = "";
    wyoming.on("data", (bytes: Buffer) => (told += bytes.toString("utf8")));
    await serving.until("earshot_conversations_open", 2);
    const drained = serving.server.drain();
    stream.send(JSON.stringify({ config: { sample_rate: 16_000 } }));
    for (let i = 0; i < 2; i++) {
      stream.send(pcmOf(toneSpeech("tea")));
      await once(stream, "message");
      stream.send(JSON.stringify({ reset: 1 }));
      expect(JSON.parse(String((await once(stream, "message"))[0]))).toEqual({ text: "tea" });
    }
    const [[error], [code, reason]] = await Promise.all([once(stream, "message"), once(stream, "close")]);
    expect([JSON.parse(String(error)), code, String(reason)]).toEqual([
      { error: "The server stops." },
      1013,
      "draining",
    ]);
    await drained;
    expect(told).toContain('{"text":"The server stops.","code":"draining"}');
    await serving.close();
  });

  it("answers files that outlive the limit", async () => {
    const serving = await startServing({ limits: { drainSeconds: 0 } });
    const files = Array.from({ length: 3 }, () => transcribe(serving));
    await serving.until("earshot_files_waiting", 3);
    await serving.server.drain();
    const answers = await Promise.all(files);
    expect(answers.at(-1)).toMatchObject({
      status: 503,
      error: { message: "The server stops.", code: "draining" },
    });
    await serving.close();
  });

  it("waits for what is under way, and lets nobody in", async () => {
    const serving = await startServing();
    const under = transcribe(serving);
    while (!(await serving.metrics()).includes("earshot_files_waiting 1"))
      await new Promise((r) => setTimeout(r, 2));
    const drained = serving.server.drain();
    const ready = await fetch(`${serving.url}/readyz`);
    expect(ready.status).toBe(503);
    expect(await transcribe(serving)).toMatchObject({ status: 503, error: { code: "draining" } });
    expect((await under).text).toBe(SPOKEN);
    await drained;
    await expect(fetch(serving.url)).rejects.toThrow();
    await serving.close();
  });
});
