// `earshot serve` as it is run: its first line, its signals, its end.

import { createInterface } from "node:readline";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { modelEntry } from "../../src/apps/cli/serve/model-entries.ts";
import { Keys } from "../../src/apps/server/index.ts";
import { writeModelFile } from "../../src/model/index.ts";
import { earshot, start } from "../cli/command-line.ts";
import { selfSigned } from "./serving.ts";
import { pcmOf, SPOKEN, toneModel, toneSpeech } from "./tone-model.ts";

describe("earshot serve", () => {
  const folder = mkdtempSync(join(tmpdir(), "earshot-serve-test-"));
  afterAll(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, "tones.safetensors"), writeModelFile(toneModel()));

  it("says where it listens, loads models again on SIGHUP, and ends in good order on SIGTERM, whatever comes meanwhile", async () => {
    const options = ["--port", "0", "--wyoming", "0", "--json", "--threads", "1"];
    const child = start(folder, "serve", "-m", "a,org/küche 2=tones.safetensors", ...options);
    const log: { event: string }[] = [];
    createInterface(child.stderr).on("line", (line) => void log.push(JSON.parse(line) as { event: string }));
    const [line] = (await once(createInterface(child.stdout), "line")) as [string];
    const { listening } = JSON.parse(line) as { listening: { http: string; wyoming: string } };
    expect(listening.wyoming).toMatch(/^tcp:\/\/127\.0\.0\.1:\d+$/);
    const models = (await (await fetch(`${listening.http}/v1/models`)).json()) as { data: { id: string }[] };
    expect(models.data.map(({ id }) => id)).toEqual(["a", "org/küche 2"]);
    const second = await fetch(`${listening.http}/v1/models/${encodeURIComponent("org/küche 2")}`);
    expect(await second.json()).toMatchObject({ id: "org/küche 2" });
    child.kill("SIGHUP");
    while (!log.some(({ event }) => event === "model loaded"))
      await new Promise((resolve) => setTimeout(resolve, 20));
    const stream = new WebSocket(listening.http.replace("http", "ws"));
    await once(stream, "open");
    stream.send(JSON.stringify({ config: { sample_rate: 16_000 } }));
    child.kill("SIGTERM");
    while (!log.some(({ event }) => event === "draining"))
      await new Promise((resolve) => setTimeout(resolve, 20));
    child.kill("SIGHUP");
    const answers = [once(stream, "message"), once(child, "exit")];
    stream.send(pcmOf(toneSpeech(SPOKEN)));
    await answers[0];
    const last = once(stream, "message");
    stream.send(JSON.stringify({ eof: 1 }));
    expect(String((await last)[0])).toContain('"text"');
    expect(await answers[1]).toEqual([0, null]);
    expect(log.filter(({ event }) => event === "model loaded")).toHaveLength(1);
  });

  it("makes a key, shows it once, and keeps its hash", async () => {
    const { stdout } = await earshot(
      folder,
      "serve",
      "--keys",
      "keys.txt",
      "--make-key",
      "kitchen",
      "--json",
    );
    const { key, name } = JSON.parse(stdout) as { key: string; name: string };
    const file = readFileSync(join(folder, "keys.txt"), "utf8");
    expect([name, file.includes(key)]).toEqual(["kitchen", false]);
    expect(Keys.of(file, "keys.txt").nameOf(key)).toBe("kitchen");
  });

  it("adds a key below what is there, and none to a name or to a file of something else", async () => {
    const before = `# ours\nhall ${"0".repeat(64)}`; // without a line break
    writeFileSync(join(folder, "by-hand.txt"), before);
    const add = (name: string, file = "by-hand.txt") =>
      earshot(folder, "serve", "--keys", file, "--make-key", name);
    const key = (await add("kitchen")).stdout.trim();
    const text = readFileSync(join(folder, "by-hand.txt"), "utf8");
    expect(text.startsWith(`${before}\nkitchen `)).toBe(true);
    expect(Keys.of(text, "keys").nameOf(key)).toBe("kitchen");
    expect(await add("hall")).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('by-hand.txt has a key of the name "hall".'),
    });
    writeFileSync(join(folder, "letter.txt"), "Dear Ned,\n");
    expect((await add("hall", "letter.txt")).stderr).toContain("INVALID_KEYS  letter.txt:1\n");
    expect(readFileSync(join(folder, "by-hand.txt"), "utf8")).toBe(text);
    expect(readFileSync(join(folder, "letter.txt"), "utf8")).toBe("Dear Ned,\n");
  });

  it("names models by their file or run, or as it is told", () => {
    mkdirSync(join(folder, "lr=0.1"));
    const names = (given: string) => modelEntry(given).names;
    expect(names("runs/v1.2")).toEqual(["v1.2"]);
    expect(names("runs/v1.2/")).toEqual(["v1.2"]);
    expect(names("models/of.home.safetensors")).toEqual(["of.home"]);
    expect(names("home.onnx")).toEqual(["home"]);
    expect(names(join(folder, "lr=0.1"))).toEqual(["lr=0.1"]);
    expect(modelEntry("org/model:2, ku\u0308che=a=b")).toEqual({
      names: ["org/model:2", "küche"],
      path: "a=b",
    });
  });

  const pem = selfSigned();
  writeFileSync(join(folder, "cert.pem"), pem.cert);
  writeFileSync(join(folder, "key.pem"), pem.key);
  writeFileSync(join(folder, "other.pem"), selfSigned().key);
  writeFileSync(join(folder, "junk.pem"), "junk");
  const taken = createServer().listen(0, "127.0.0.1");
  afterAll(() => taken.close());
  const port = () => String((taken.address() as AddressInfo).port);

  it.each([
    ["--tls-cert junk.pem --tls-key key.pem", "INVALID_CERTIFICATE", "junk.pem", "TLS cannot use the file: "],
    [
      "--tls-cert cert.pem --tls-key junk.pem",
      "INVALID_CERTIFICATE",
      "junk.pem",
      "TLS cannot use the file: ",
    ],
    [
      "--tls-cert cert.pem --tls-key other.pem",
      "INVALID_CERTIFICATE",
      "other.pem",
      "TLS cannot use the file: ",
    ],
    ["--port PORT", "CANNOT_LISTEN", "127.0.0.1:PORT", "Another program listens there already."],
    ["--port 0 --wyoming PORT", "CANNOT_LISTEN", "127.0.0.1:PORT", "Another program listens there already."],
    ["--port 0 --host 192.0.2.1", "CANNOT_LISTEN", "192.0.2.1:0", "This machine has no such address."],
    [
      "--port 0 --host nosuch.invalid",
      "CANNOT_LISTEN",
      "nosuch.invalid:0",
      "No name server knows this host.",
    ],
  ])("says why it cannot listen with %s", async (flags, code, where, problem) => {
    const given = flags.replace("PORT", port()).split(" ");
    const run = await earshot(folder, "serve", "-m", "tones.safetensors", "--threads", "1", ...given);
    expect(run.code).toBe(3);
    expect(run.stderr).toContain(`error: ${code}  ${where.replace("PORT", port())}\n  ${problem}`);
  });

  it.each([
    [["serve", "-m", "none.safetensors"], "UNREADABLE_MODEL"],
    [["serve", "-m", "a=tones.safetensors", "-m", "a=tones.safetensors"], 'Two models have the name "a".'],
    [["serve", "-m", "tones.safetensors", "--set", "stream=3"], 'Did you mean "streams"?'],
    [["serve", "-m", "tones.safetensors", "--set", "streams=none"], "docs/serving.md lists every limit"],
    [["serve", "-m", "tones.safetensors", "--tls-cert", "x"], "--tls-cert and --tls-key go together."],
    [["serve", "-m", "tones.safetensors", "--keys", "no-keys.txt"], "a file of keys"],
    [["serve", "-m", "a,,b=tones.safetensors"], '"" in "-m a,,b=tones.safetensors" is no name of a model.'],
    [["serve", "-m", "./tones=x.safetensors"], '"./tones" in "-m ./tones=x.safetensors" is no name'],
    [["serve", "-m", "a="], '"-m a=" has no file behind the sign.'],
    [["serve", "--make-key", "kitchen"], "--make-key needs --keys FILE."],
  ])("says what is wrong with %j", async (argv, problem) => {
    const { code, stderr } = await earshot(folder, ...argv);
    expect(code).toBeGreaterThan(1);
    expect(stderr).toContain(problem);
  });

  it("needs -m where no model is in the box", async () => {
    process.env.EARSHOT_MODELS = join(folder, "no-models");
    const { code, stderr } = await earshot(folder, "serve").finally(() => delete process.env.EARSHOT_MODELS);
    expect([code, stderr]).toEqual([2, expect.stringContaining("There is no -m, --model")]);
  });
});
