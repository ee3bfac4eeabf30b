// `earshot listen`: raw sound on stdin, or a script in the place of the recorder, and what becomes of what is said.

import { spawn, spawnSync } from "node:child_process";
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { Readable } from "node:stream";
import { fileURLToPath } from "node:url";
import { stripVTControlCharacters } from "node:util";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { recordedSound } from "../../src/apps/cli/listen/sound-source.ts";
import { RecentSound } from "../../src/apps/cli/listen/recent-sound.ts";
import { splitCommand, TextCommand } from "../../src/apps/cli/listen/text-command.ts";
import { Output } from "../../src/apps/cli/output.ts";
import { decodeAudio, encodeWav } from "../../src/audio/index.ts";
import { readManifests } from "../../src/data/index.ts";
import { writeModelFile } from "../../src/model/index.ts";
import { RandomStream } from "../../src/random.ts";
import { constantModel, loudnessModel } from "../model/small-model.ts";
import { earshot, finish, jsonLines, start, type Run } from "./command-line.ts";
import { joinBlocks } from "../../src/tensor.ts";

const folder = await mkdtemp(join(tmpdir(), "earshot-listen-"));
afterAll(() => rm(folder, { recursive: true }));
await writeFile(join(folder, "model.safetensors"), writeModelFile(constantModel("a"))); // hears "a" in everything
await writeFile(join(folder, "live.safetensors"), writeModelFile(loudnessModel("a"))); // and as it is spoken
const MODEL = ["-m", "model.safetensors", "--threads", "1"];

const random = new RandomStream(1, "listen");
const noise = (seconds: number, amplitude = 0.002): Float32Array =>
  Float32Array.from({ length: seconds * 16_000 }, () => amplitude * (2 * random.uniform() - 1));
const clip = new URL("../../demo/corpus/dev/ned-0576.mp3", import.meta.url);
const { samples: speech } = await decodeAudio(new Uint8Array(await readFile(clip)), "ned-0576");
const pcmOf = (samples: Float32Array): Uint8Array => encodeWav(samples, 16_000).subarray(44);
/** Two utterances. */
const spoken = pcmOf(joinBlocks([noise(1), speech, noise(1), speech, noise(1)]));
await writeFile(join(folder, "spoken.pcm"), spoken);

function listenTo(pieces: readonly Uint8Array[], ...argv: readonly string[]): Promise<Run> {
  const stdin = vi.spyOn(process, "stdin", "get");
  stdin.mockReturnValue(Readable.from(pieces) as typeof process.stdin);
  return earshot(folder, "listen", "-", ...MODEL, ...argv).finally(() => stdin.mockRestore());
}

/** A folder for the PATH with a recorder in it. */
async function recorder(name: string, script: string): Promise<string> {
  const place = await mkdtemp(join(folder, "bin-"));
  await writeFile(join(place, name), `#!/bin/sh\n${script}\n`);
  await chmod(join(place, name), 0o755);
  return place;
}

const ERASE = "\r\u001B[K";
const PATH = process.env.PATH ?? "";
afterEach(() => void (process.env.PATH = PATH));
const withPath = (place: string): void => void (process.env.PATH = [place, PATH].join(delimiter));

let kept: Run;
beforeAll(async () => {
  const pieces = Array.from({ length: Math.ceil(spoken.length / 3_333) }, (_, n) =>
    spoken.subarray(3_333 * n, 3_333 * (n + 1)),
  );
  kept = await listenTo(pieces, "--json", "--save", "heard", "--speaker", "ann, b");
});

describe("earshot listen -", () => {
  it("writes a line for each utterance, and with --json one for each event, however the bytes come", async () => {
    expect(await listenTo([spoken])).toEqual({ code: 0, stdout: "a\na\n", stderr: "" });
    expect(kept.code).toBe(0);
    const events = jsonLines(kept.stdout).filter(({ type }) => type !== "saved");
    const told = [0, 1].flatMap(() => ["speech-start", "speech-end", "final"]);
    expect(events.map(({ type }) => type)).toEqual(told);
    expect(events[2]).toMatchObject({ utterance: 0, text: "a", endedBy: "silence", warnings: [] });
    expect(events[2]).not.toHaveProperty("path");
    expect(Number(events[2].startMs)).toBeGreaterThan(600);
    expect(Number(events[3].timeMs)).toBeGreaterThan(Number(events[2].endMs));
  });

  it("ends in good order whatever comes: nothing, half a sample, noise", async () => {
    expect(await listenTo([])).toMatchObject({ code: 0, stdout: "", stderr: "" });
    const bytes = Uint8Array.from({ length: 100_001 }, () => 256 * random.uniform());
    expect(await listenTo([bytes])).toMatchObject({
      code: 0,
      stderr: expect.stringContaining("HALF_SAMPLE"),
    });
  });

  it.each(["model", "live"])(
    "hears nothing in minutes of silence, faster than they last: %s",
    async (model) => {
      const silence = Array.from({ length: 240 }, () => new Uint8Array(64_000));
      const start = performance.now();
      expect(await listenTo(silence, "-m", `${model}.safetensors`, "--json")).toMatchObject({
        code: 0,
        stdout: "",
      });
      expect(performance.now() - start).toBeLessThan(240 * 2_000);
    },
  );

  it("says what does not go together", async () => {
    process.env.EARSHOT_MODELS = join(folder, "no-models");
    const withoutModel = await earshot(folder, "listen", "-");
    delete process.env.EARSHOT_MODELS;
    const runs = [
      withoutModel,
      await earshot(folder, "listen", "hello.wav", ...MODEL),
      await listenTo([], "--device", "hw:0"),
      await listenTo([], "--speaker", "ann"),
      await listenTo([], "--exec", "say 'it"),
      await listenTo([], "--exec", "{text} now"),
      await listenTo([], "--exec", 'bash -c "say {text}"'),
      await listenTo([], "--rate", "0"),
    ];
    expect(runs.map(({ code }) => code)).toEqual(runs.map(() => 2));
  });
});

describe("earshot listen --grammar", () => {
  it("tells what is no sentence, and runs nothing for it", async () => {
    await writeFile(join(folder, "yes.txt"), "yes ".repeat(200)); // more symbols than steps
    const { stdout } = await listenTo(
      [spoken],
      "--grammar",
      "yes.txt",
      "--exec",
      "no-such-program {text}",
      "--json",
    );
    const finals = jsonLines(stdout).filter(({ type }) => type === "final");
    expect(finals).toHaveLength(2);
    for (const final of finals)
      expect(final).toMatchObject({
        text: "",
        rejected: { reason: "not-a-command", best: "a", confidence: 0 },
        warnings: [{ code: "NO_SENTENCE" }],
      });
    const plain = await listenTo([spoken], "--grammar", "yes.txt");
    expect(plain).toEqual({ code: 0, stdout: "", stderr: "" });
  });
});

describe("earshot listen --save", () => {
  const manifest = join(folder, "heard", "manifest.csv");
  it("keeps what was said as a manifest to train on, and tells how", async () => {
    expect(kept.stderr).toMatch(
      /2 utterances saved\. .*: earshot train heard\/manifest\.csv -m model\.safetensors$/m,
    );
    const { utterances, warnings } = await readManifests([manifest]);
    expect(warnings).toEqual([]);
    expect(utterances).toMatchObject(
      [0, 1].map(() => ({ transcript: "a", speaker: "ann, b", split: "train" })),
    );
    const finals = jsonLines(kept.stdout).filter(({ type }) => type === "final");
    for (const [n, { path }] of utterances.entries()) {
      const wav = await readFile(path);
      const [from, to] = [finals[n].startMs, finals[n].endMs].map((ms) => 32 * Number(ms));
      expect(wav.subarray(44).equals(spoken.subarray(from, to))).toBe(true);
    }
  });

  it("goes on with it, its corrections kept, a row that a crash cut off told and taken out", async () => {
    const corrected = (await readFile(manifest, "utf8")).replace(",a,", ",hello,");
    await writeFile(manifest, `${corrected}2026-01-01.wav,turn on the li`);
    const { stderr } = await listenTo([spoken], "--save", "heard");
    expect(stderr).toContain("turn on the li");
    const { utterances } = await readManifests([manifest]);
    expect(utterances.map(({ transcript }) => transcript)).toEqual(["hello", "a", "a", "a"]);
    await writeFile(manifest, corrected.trimEnd()); // as editors leave it
    await listenTo([], "--save", "heard");
    expect(await readFile(manifest, "utf8")).toBe(corrected);
  });

  it("touches no other manifest", async () => {
    await mkdir(join(folder, "others"));
    await writeFile(join(folder, "others", "manifest.csv"), "path,sentence\nx.wav,hello\n");
    expect((await listenTo([spoken], "--save", "others")).code).toBe(2);
    expect(await readdir(join(folder, "others"))).toEqual(["manifest.csv"]);
  });
});

describe("earshot listen --exec", () => {
  const echo = join(folder, "echo.cjs");
  const node = `'${process.execPath}' '${echo}'`;
  const script =
    "const { EARSHOT_TEXT, EARSHOT_SLOTS } = process.env; console.log(JSON.stringify([...process.argv.slice(2), EARSHOT_TEXT, EARSHOT_SLOTS]));";

  it("hands a text on as a part of one argument, whatever it holds, one after the other", async () => {
    await writeFile(echo, script);
    let [stdout, notes] = ["", ""];
    const output = new Output(false, {
      interactive: false,
      write: (text) => void (stdout += text),
      note: (text) => void (notes += text),
      progress: () => undefined,
      clear: () => undefined,
    });
    const command = new TextCommand(`${node} "say: {text}" {intent}|{slots}`, output);
    const texts = ['"; rm -rf *; "', "$(touch owned) `touch owned`", "it's {slots} $& \\ %PATH%\n-x"];
    for (const text of texts) command.add({ text, intent: "Say", slots: { name: "{text}" } });
    await command.finish();
    const slots = '{"name":"{text}"}';
    expect(jsonLines(stdout)).toEqual(texts.map((text) => [`say: ${text}`, `Say|${slots}`, text, slots]));
    expect([notes, command.failures]).toEqual(["", 0]);
    const absent = new TextCommand("no-such-program {text}", output);
    absent.add({ text: "a" });
    await absent.finish();
    expect([notes, absent.failures]).toEqual([expect.stringContaining("did not start"), 1]);
  });

  it("runs for each text, and listens on where it fails", async () => {
    expect((await listenTo([spoken], "--exec", `${node} {text}`)).stdout).toMatch(
      /(?:\["a","a","\{\}"\]\n|a\n){4}/,
    );
    const failing = await listenTo([spoken], "--exec", "false {text}");
    expect(failing).toMatchObject({ code: 1, stdout: "a\na\n" });
    expect(failing.stderr.match(/COMMAND_FAILED {2}false ended with exit code 1 on "a"/g)).toHaveLength(2);
  });

  it("is split as a person means it", () => {
    expect(splitCommand(String.raw`a 'b "c' "d \"e\" 'f' \\g"h  i\j ''`)).toEqual([
      "a",
      'b "c',
      String.raw`d "e" 'f' \gh`,
      String.raw`i\j`,
      "",
    ]);
    expect(() => splitCommand('a "b')).toThrow("not closed");
  });
});

describe.skipIf(process.platform === "win32")("the microphone of earshot listen", () => {
  it("is the recorder on the PATH; when that dies, what was said is told, and why it died", async () => {
    withPath(
      await recorder("arecord", 'echo "$@" > asked; cat spoken.pcm; echo "arecord: xrun" >&2; exit 1'),
    );
    const run = await earshot(folder, "listen", ...MODEL, "--device", "plughw:1,0");
    expect(run).toMatchObject({ code: 3, stdout: "a\na\n" });
    expect(run.stderr).toContain("RECORDER_FAILED  arecord");
    expect(run.stderr).toContain("ended with exit code 1: arecord: xrun");
    expect(await readFile(join(folder, "asked"), "utf8")).toBe(
      "-q -D plughw:1,0 -f S16_LE -r 16000 -c 1 -t raw\n",
    );
    withPath(await recorder("rec", "exit 0"));
    const silent = await earshot(folder, "listen", ...MODEL, "--recorder", "rec", "--json");
    expect(jsonLines(silent.stdout)).toMatchObject([{ error: { code: "RECORDER_FAILED" } }]);
  });

  it("that gives nothing is ended, and told", async () => {
    const place = await recorder("arecord", "echo 'arecord: waiting' >&2; printf 1234; exec sleep 60");
    const call = {
      name: "arecord",
      command: join(place, "arecord"),
      args: [],
      env: { PWD: folder },
    } as const;
    const sound = recordedSound(call, new AbortController().signal, 500);
    const read = async () => {
      for await (const _ of sound);
    };
    await expect(read()).rejects.toMatchObject({
      code: "RECORDER_FAILED",
      message: expect.stringMatching(
        /^arecord: The recorder gave no sound for 0\.5 s: arecord: waiting Check the microphone, name another with --device/,
      ),
    });
  });

  it("needs a recorder", async () => {
    process.env.PATH = folder;
    const run = await earshot(folder, "listen", ...MODEL);
    expect(run).toMatchObject({ code: 3, stderr: expect.stringContaining("NO_RECORDER") });
    expect(run.stderr).toContain("earshot listen - --rate 16000");
  });

  it("is ended by Ctrl-C, behind what was said by then", async () => {
    withPath(await recorder("arecord", "head -c 90000 spoken.pcm; exec sleep 60"));
    const child = start(folder, "listen", ...MODEL, "--json", "--save", "interrupted");
    child.stdout.once("data", () => child.kill("SIGINT"));
    const { code, stdout, stderr } = await finish(child);
    expect(code).toBe(130);
    expect(jsonLines(stdout)).toMatchObject([
      { type: "speech-start" },
      { type: "speech-end", endedBy: "finish" },
      { type: "final", text: "a" },
      { type: "saved" },
      { error: { code: "INTERRUPTED" } },
    ]);
    expect(stderr).toContain("1 utterance saved");
  });

  const main = fileURLToPath(new URL("../../dist/apps/cli/main.js", import.meta.url));
  /** What a terminal shows of it, until that is shown; then Ctrl-C. */
  async function onTerminal(model: string, until: (shown: string) => boolean) {
    withPath(await recorder("arecord", "cat spoken.pcm; exec sleep 60"));
    const child = spawn(
      "script",
      ["-qefc", `'${process.execPath}' '${main}' listen -m ${model} --threads 1`, "/dev/null"],
      { cwd: folder, env: { ...process.env, TERM: "xterm", NO_COLOR: "" } },
    );
    let [shown, ended] = ["", false];
    child.stdout.on("data", (piece: Buffer) => {
      shown += piece.toString();
      if (ended || !until(shown)) return;
      ended = true;
      child.stdin.write("\u0003");
    });
    const code = await new Promise((resolve) => child.once("close", resolve));
    return { code, shown };
  }

  describe.skipIf(spawnSync("script", ["--version"]).status !== 0)("on a terminal", () => {
    it("has its level in a line that Ctrl-C takes away", async () => {
      const two = (shown: string) => shown.split(`${ERASE}a\r\n`).length === 3;
      const { code, shown } = await onTerminal("model.safetensors", two);
      expect(code).toBe(130);
      expect(shown).toMatch(/○ █*░* +-\d+ dB/);
      expect(shown).toContain("●");
      expect(shown.split(ERASE).at(-1)).toMatch(/^Interrupted\. [^\r\n]*\r\n$/);
    });

    it("has the text so far in that line, as it grows, and in the end as a line of its own", async () => {
      const finals = (shown: string) =>
        [...stripVTControlCharacters(shown).matchAll(/\r(a+)\r\n/g)].map(([, text]) => text);
      const { code, shown } = await onTerminal("live.safetensors", (shown) => finals(shown).length === 2);
      expect(code).toBe(130);
      const [first] = stripVTControlCharacters(shown).split(/\ra+\r\n/);
      const partials = [...first.matchAll(/● █*░* +-\d+ dB {2}(a+)/g)].map(([, text]) => text.length);
      expect(partials.length).toBeGreaterThan(0);
      expect(partials).toEqual(partials.toSorted((a, b) => a - b));
      expect(partials.at(-1)).toBeLessThanOrEqual(finals(shown)[0].length);
      expect(first.replace(/^.*?○/s, "")).not.toContain("\n"); // in place
    });
  });
});

describe("RecentSound", () => {
  it("cuts what it still holds, from bytes in any pieces", () => {
    const samples = Float32Array.from({ length: 3_000 }, (_, n) => (((n * 7) % 60_000) - 30_000) / 2 ** 15);
    const recent = new RecentSound(1_000, 1);
    const bytes = encodeWav(samples, 1_000).subarray(44);
    for (let at = 0; at < bytes.length; at += 777) recent.push(bytes.subarray(at, at + 777));
    expect(recent.cut(2_100, 2_300)).toEqual(samples.slice(2_100, 2_300));
    expect(recent.cut(2_900, 9_000)).toEqual(samples.slice(2_900));
    expect(recent.cut(1_999, 2_100)).toBeUndefined();
    recent.push(bytes); // more than it holds
    expect(recent.cut(5_000, 6_000)).toEqual(samples.slice(2_000));
    expect(recent.levelDb).toBeCloseTo(
      10 * Math.log10(samples.slice(-100).reduce((sum, x) => sum + x * x, 0) / 100),
      3,
    );
    expect(new RecentSound(1_000, 1).levelDb).toBe(-100);
  });
});
