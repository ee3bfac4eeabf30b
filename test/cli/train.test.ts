import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { sweep, waveFile } from "../recognizer/wave-file.ts";
import { earshot, finish, jsonLines, start } from "./command-line.ts";

const folder = await mkdtemp(join(tmpdir(), "earshot-train-"));
afterAll(() => rm(folder, { recursive: true }));

const rows = ["train", "train", "train", "dev"].map((split, k) => ({
  name: `${k}.wav`,
  split,
  seconds: 0.3 + k / 10,
}));
for (const { name, seconds } of rows) await writeFile(join(folder, name), waveFile(sweep(seconds)));
const table = rows.map(({ name, split }) => `${name},a,x,${split}\n`).join("");
await writeFile(join(folder, "manifest.csv"), `path,transcript,speaker,split\n${table}`);
const small =
  "threads: 1\nepochs: 2\nfeatures: { bins: 10 }\nnetwork: { width: 8, context: 1 }\ndata: { workers: 1 }\n";
await writeFile(join(folder, "small.yaml"), small);
const begin = ["train", "manifest.csv", "--config", "small.yaml"];

/** Runs until the first epoch is told of, then presses Ctrl-C. */
async function interruptAtEpoch(...argv: readonly string[]) {
  const child = start(folder, "train", ...argv, "--json");
  let pressed = false;
  child.stdout.on("data", (chunk: Buffer) => {
    if (!pressed && chunk.toString().includes('"epoch"')) pressed = child.kill("SIGINT");
  });
  const { code, stdout, stderr } = await finish(child);
  return { code, stderr, events: jsonLines(stdout) };
}

describe.concurrent("earshot train", () => {
  it("tells the events of a run as JSON Lines and leaves a model that transcribes", async () => {
    const { code, stdout, stderr } = await earshot(folder, ...begin, "--set", "seed=5", "--json");
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    const events = jsonLines(stdout);
    const epoch = ["layers", "epoch", "checkpoint"];
    const types = ["start", "memory", ...epoch, ...epoch, "done"];
    expect(events.map(({ type }) => type)).toEqual(types);
    expect(events[0]).toMatchObject({
      seed: 5,
      utterances: 3,
      devUtterances: 1,
      directory: join("runs", "1"),
    });
    const modelPath = join("runs", "1", "model.safetensors");
    expect(events.at(-1)).toMatchObject({ modelPath });
    expect((await earshot(folder, "transcribe", "0.wav", "-m", modelPath)).code).toBe(0);
  });

  it("prints an epoch a line without a terminal, and what to do next", async () => {
    const { code, stdout, stderr } = await earshot(folder, ...begin, "--out", "plain");
    const modelPath = join("plain", "model.safetensors");
    expect(code).toBe(0);
    expect(stdout).toMatch(
      /^dev WER \d+\.\d % {2}CER \d+\.\d %\nmodel .*\nreport .*\nNext: earshot transcribe hello\.wav -m /,
    );
    expect(stdout).toContain(modelPath);
    expect(stderr).toMatch(
      /^3 utterances \(1\.2 s\), 1 for dev; [\d,]+ parameters; seed 1\npeak memory .*\nepoch 1\/2 /,
    );
    expect(stderr).not.toContain("\r");
  });

  it("hears a hundred utterances as the world would bring them, says how to turn that off, and keeps what is set", async () => {
    const many = Array.from({ length: 100 }, (_, k) => `${k % 3}.wav,a,x,train\n`).join("");
    await writeFile(join(folder, "many.csv"), `path,transcript,speaker,split\n${many}`);
    const set = ["--set", "epochs=1", "--set", "data.augmentation.room.probability=0"];
    const run = ["train", "many.csv", "--config", "small.yaml", ...set, "--out", "world"];
    const { code, stderr } = await earshot(folder, ...run);
    expect(code).toBe(0);
    expect(stderr).toContain("seed 1\naugmentation: real-world (data.augmentation: none turns it off)\n");
    const { settings } = JSON.parse(await readFile(join(folder, "world", "run.json"), "utf8"));
    expect(settings.data.augmentation).toMatchObject({ preset: "real-world", room: { probability: 0 } });
    expect(settings.features).toMatchObject({ bins: 10, normalization: "speech" });
  });

  it("looks ahead instead of training: a summary, and a sweep of the learning rate", async () => {
    // The learner writes its summary to the process's own stdout.
    const { code, stdout } = await finish(start(folder, ...begin, "--out", "never", "--summary"));
    expect(code).toBe(0);
    expect(stdout).toMatch(/^file +\[\d+\] [^]*^loss [^]*^fitStart$/m);
    const swept = await earshot(folder, ...begin, "--json", "--find-learning-rate");
    expect(jsonLines(swept.stdout)).toEqual([
      expect.objectContaining({ type: "learningRate", suggestion: expect.any(Number) }),
    ]);
    expect(await readdir(folder)).not.toContain("never");
  });

  it("saves at Ctrl-C, says how to go on, and goes on from there", async () => {
    const run = ["manifest.csv", "--config", "small.yaml", "--set", "epochs=100000", "--out", "long"];
    const first = await interruptAtEpoch(...run);
    expect({ code: first.code, stderr: first.stderr }).toEqual({ code: 130, stderr: "" });
    expect(first.events.at(-1)).toEqual({
      error: {
        code: "INTERRUPTED",
        message: "Interrupted.",
        remedy: "Continue with: earshot train --resume long",
      },
    });
    expect(first.events.at(-2)).toEqual({ type: "stop", reason: "interrupted" });
    const { step } = first.events.findLast(({ type }) => type === "checkpoint")!;
    const second = await interruptAtEpoch("--resume", "long");
    expect(second.events[0]).toMatchObject({ type: "start", step, directory: "long" });
    expect(second.code).toBe(130);
  });

  it("makes the alphabet of the transcripts, shows its counts, and keeps it when it resumes", async () => {
    const texts = ["cab bab", "Bab", "ab", "ab cab cab"]; // the last is of dev, and not counted
    const lines = rows.map(({ name, split }, k) => `${name},${texts[k]},x,${split}\n`).join("");
    await writeFile(join(folder, "letters.csv"), `path,transcript,speaker,split\n${lines}`);
    const fromData = ["--config", "small.yaml", "--alphabet-from-data", "--out"];
    const shown = await earshot(folder, "train", "letters.csv", ...fromData, "shown");
    expect(shown.code).toBe(0);
    expect(shown.stderr).toContain("alphabet of 4 symbols: b 6  a 4  space 1  c 1\n");
    expect(shown.stderr).toContain("RARE_SYMBOLS  Symbols of the alphabet that the transcripts have fewer");
    const run = ["letters.csv", ...fromData, "letters", "--set", "epochs=100000"];
    const first = await interruptAtEpoch(...run);
    const counts = [
      { symbol: "b", count: 6, where: expect.stringMatching(/letters\.csv:2$/) as string },
      { symbol: "a", count: 4 },
      { symbol: " ", count: 1 },
      { symbol: "c", count: 1 },
    ];
    expect(first.events.find(({ type }) => type === "alphabet")).toMatchObject({ symbols: counts });
    const second = await interruptAtEpoch("--resume", "letters");
    expect(second.events.map(({ type }) => type)).not.toContain("alphabet");
    const { stdout } = await earshot(folder, "inspect", join("letters", "model.safetensors"), "--json");
    expect(jsonLines(stdout)).toMatchObject([{ alphabet: ["b", "a", " ", "c"] }]);
    const { settings } = JSON.parse(await readFile(join(folder, "letters", "run.json"), "utf8"));
    expect(settings.alphabet).toEqual(["b", "a", " ", "c"]);
  });

  it("names a letter that only dev has before it trains, and what helps where the alphabet is made", async () => {
    const lines = rows
      .map(({ name, split }) => `${name},${split === "dev" ? "abé" : "ab"},x,${split}\n`)
      .join("");
    await writeFile(join(folder, "dev-letter.csv"), `path,transcript,speaker,split\n${lines}`);
    const given = ["--config", "small.yaml", "--alphabet-from-data", "--out", "dev-letter"];
    const { code, stderr } = await earshot(folder, "train", "dev-letter.csv", ...given);
    expect(code).toBe(3);
    expect(stderr).toContain('The alphabet cannot spell "é" (U+00E9), character 3 of the transcript.');
    expect(stderr).toContain('The alphabet is made of the split "train", which does not have it.');
    expect(stderr).toContain('set transcript.unknown to "map"');
    expect(stderr).not.toContain("let train --alphabet-from-data");
  });

  it("names the setting that was meant, before anything is written", async () => {
    const { code, stderr } = await earshot(folder, ...begin, "--set", "netwrok.width=8", "--out", "never");
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr:
        'error: UNKNOWN_SETTING  --set: netwrok\n  There is no setting named "netwrok".\n  Did you mean "network"?\n',
    });
    expect(await readdir(folder)).not.toContain("never");
  });

  it("takes the engine and its threads as options, over --set, and leaves no folder where there is no such engine", async () => {
    const engine = ["--set", "engine=wasm", "--engine", process.platform === "win32" ? "coreml" : "dml"];
    const absent = await earshot(folder, ...begin, ...engine, "--out", "absent");
    expect({ code: absent.code, stderr: absent.stderr }).toMatchObject({
      code: 3,
      stderr: expect.stringMatching(/^error: ENGINE_ABSENT /),
    });
    expect(await readdir(folder)).not.toContain("absent");
    const unknown = await earshot(folder, ...begin, "--engine", "tpu", "--out", "absent");
    expect(unknown.code).toBe(2);
    expect(unknown.stderr).toMatch(/^error: INVALID_SETTING {2}--engine: engine\n/);
    const threads = await earshot(
      folder,
      ...begin,
      "--threads",
      "2",
      "--set",
      "epochs=1",
      "--out",
      "threads",
    );
    expect(threads.code).toBe(0);
    const { settings } = JSON.parse(await readFile(join(folder, "threads", "run.json"), "utf8"));
    expect(settings).toMatchObject({ threads: 2, engine: "auto" });
    expect((await earshot(folder, "train", "--resume", "threads", "--engine", "wasm")).code).toBe(2);
  });

  it("names the manifest and the configuration that were meant", async () => {
    const manifest = await earshot(folder, "train", "manifets.csv", "--out", "none", "--json");
    expect(manifest.code).toBe(3);
    expect(manifest.stdout).toMatch(/"MANIFEST_NOT_FOUND".*Did you mean .*manifest\.csv/);
    const config = await earshot(folder, "train", "manifest.csv", "--config", "smal.yaml", "--json");
    expect(config.code).toBe(2);
    expect(config.stdout).toMatch(/"INVALID_CONFIG".*Did you mean .*small\.yaml/);
  });
});
