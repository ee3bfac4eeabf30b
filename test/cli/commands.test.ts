import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { CONDITIONS } from "../../src/evaluation/index.ts";
import { writeModelFile } from "../../src/model/index.ts";
import { Alphabet } from "../../src/text/index.ts";
import { constantModel, forwardModel } from "../model/small-model.ts";
import { sweep, waveFile } from "../recognizer/wave-file.ts";
import { earshot, earshotUntil, finish, jsonLines, start } from "./command-line.ts";
import type { Run } from "./command-line.ts";

const folder = await mkdtemp(join(tmpdir(), "earshot-cli-"));
afterAll(() => rm(folder, { recursive: true }));

const wave = waveFile(sweep(0.5));
await mkdir(join(folder, "speech/deep"), { recursive: true });
for (const name of ["one.wav", "speech/b.wav", "speech/a.wav", "speech/deep/b.wav"]) {
  await writeFile(join(folder, name), wave);
}
await writeFile(join(folder, "speech/notes.txt"), "not audio");
await writeFile(join(folder, "model.safetensors"), writeModelFile(constantModel("a"))); // hears "a" in everything
await writeFile(join(folder, "live.safetensors"), writeModelFile(forwardModel()));
await writeFile(
  join(folder, "speech/manifest.csv"),
  "path,transcript,speaker,split\na.wav,a,x,test\nb.wav,a b,x,test\ndeep/b.wav,no,x,train\n",
);
const trained = { ...constantModel("a"), training: { hours: 0.039466753472222234 } };
await writeFile(join(folder, "long.safetensors"), writeModelFile(trained));
await writeFile(join(folder, "other.safetensors"), writeModelFile({ ...constantModel("a"), training: {} }));
const letters = Alphabet.fromSymbols([..."zyxwvutsrqponmlkjihgfedcba '"]);
await writeFile(
  join(folder, "stray.safetensors"),
  writeModelFile({ ...constantModel("a"), alphabet: letters }),
);
await writeFile(join(folder, "words.txt"), "ab\n");
await writeFile(
  join(folder, "words.arpa"),
  "\\data\\\nngram 1=4\n\n\\1-grams:\n-1 <unk>\n-99 <s>\n-0.5 </s>\n-0.5 b\n\n\\end\\\n",
);
const longManifest = `path,transcript\n${"one.wav,a\n".repeat(4000)}`;
await writeFile(join(folder, "long.csv"), longManifest);

const run = (...argv: string[]): Promise<Run> => earshot(folder, ...argv);
const model = ["-m", "model.safetensors", "--threads", "1"];
/** What is heard in every recording of half a second: 48 frames, 25 steps of 20 ms. */
const words = [{ text: "a", startMs: 20, endMs: 500, confidence: 0.9688 }];
const recordings = ["speech/a.wav", "speech/b.wav", "speech/deep/b.wav"].map((path) => join(path));

describe.concurrent("earshot transcribe", () => {
  it("prints the text of a single recording alone", async () => {
    expect(await run("transcribe", "one.wav", ...model)).toEqual({ code: 0, stdout: "a\n", stderr: "" });
  });

  it("computes on the engine of the name, or not at all", async () => {
    const hear = (engine: string) => run("transcribe", "one.wav", ...model, "--engine", engine, "--json");
    expect(jsonLines((await hear("wasm")).stdout)).toEqual([
      { path: "one.wav", text: "a", words, warnings: [] },
    ]);
    const foreign = process.platform === "darwin" ? "dml" : "coreml";
    const absent = await hear(foreign);
    expect(absent).toMatchObject({ code: 3, stderr: "" });
    expect(jsonLines(absent.stdout)).toMatchObject([{ error: { code: "ENGINE_ABSENT" } }]);
    const unknown = await hear("tpu");
    expect(unknown).toMatchObject({ code: 2, stderr: "" });
    expect(jsonLines(unknown.stdout)).toMatchObject([
      { error: { code: "UNKNOWN_ENGINE", message: "tpu: There is no engine of this name." } },
    ]);
  });

  it("prints path and text of each recording of a folder", async () => {
    const { stdout } = await run("transcribe", "speech", ...model);
    expect(stdout).toBe(recordings.map((path) => `${path}\ta\n`).join(""));
  });

  it("prints a line of JSON for each recording, also for one that cannot be read, and then exits with 1", async () => {
    const { code, stdout, stderr } = await run(
      "transcribe",
      "speech/manifest.csv",
      "oen.wav",
      "speech/notes.txt",
      ...model,
      "--json",
    );
    const lines = jsonLines(stdout);
    expect(lines.slice(0, 3)).toEqual(recordings.map((path) => ({ path, text: "a", words, warnings: [] })));
    expect(lines[3]).toEqual({
      path: "oen.wav",
      error: {
        code: "RECORDING_NOT_FOUND",
        message: "oen.wav: There is no such file.",
        remedy: 'Did you mean "one.wav"?',
      },
    });
    expect(lines[4]).toMatchObject({ path: "speech/notes.txt", error: { code: "UNKNOWN_AUDIO_FORMAT" } });
    expect({ code, stderr, lines: lines.length }).toEqual({ code: 1, stderr: "", lines: 5 });
  });

  it("tells of a folder without recordings and goes on", async () => {
    await mkdir(join(folder, "empty"));
    const { code, stdout, stderr } = await run("transcribe", "empty", "one.wav", ...model);
    expect({ code, stdout }).toEqual({ code: 1, stdout: "a\n" });
    expect(stderr).toMatch(/^error: NO_RECORDINGS {2}empty\n {2}The folder holds no/);
  });

  it("writes CSV, and one file for each recording below --out", async () => {
    const { stdout } = await run("transcribe", "speech/deep", ...model, "--format", "csv");
    expect(stdout).toBe(`path,transcript\n${recordings[2]},a\n`);
    expect(await run("transcribe", "speech", "one.wav", "one.wav", ...model, "--out", "texts")).toEqual({
      code: 0,
      stdout: "",
      stderr: "",
    });
    const written = await readdir(join(folder, "texts"), { recursive: true });
    const names = ["a.txt", "b.txt", "deep", join("deep", "b.txt"), "one-2.txt", "one.txt"];
    expect(written.toSorted()).toEqual([".transcribed.jsonl", ...names].toSorted()); // and how far it is
    expect(await readFile(join(folder, "texts/deep/b.txt"), "utf8")).toBe("a\n");
  });

  it("writes subtitles and annotations, a file for each recording", async () => {
    const srt = await run("transcribe", "one.wav", ...model, "--format", "srt");
    expect(srt.stdout).toBe("1\n00:00:00,020 --> 00:00:01,020\na\n");
    const many = await run(
      "transcribe",
      "speech",
      ...model,
      "--format",
      "vtt",
      "--json",
      "--out",
      "subtitles",
    );
    expect(jsonLines(many.stdout)).toHaveLength(3);
    expect(await readFile(join(folder, "subtitles/a.vtt"), "utf8")).toMatch(/^WEBVTT\n\n00:00:00\.020 --> /);
    await run("transcribe", "one.wav", ...model, "--format", "textgrid", "--out", "grids");
    expect(await readFile(join(folder, "grids/one.TextGrid"), "utf8")).toContain('text = "a"');
    const { code, stderr } = await run("transcribe", "speech", ...model, "--format", "srt");
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr:
        "error: USAGE\n  --format srt has room for one recording only, and there are several.\n" +
        "  Give --out FOLDER: each gets a file of its own.\n",
    });
  });

  it("combines several models by their weights, and says when they do not fit together", async () => {
    const both = await run("transcribe", "one.wav", ...model, "-m", "other.safetensors", "--jitter");
    expect(both).toEqual({ code: 0, stdout: "a\n", stderr: "" });
    const weighted = await run(
      "transcribe",
      "one.wav",
      ...model,
      "-m",
      "other.safetensors",
      "--model-weights",
      "2,1",
    );
    expect(weighted.code).toBe(0);
    const one = await run("transcribe", "one.wav", ...model, "--model-weights", "2,1");
    expect({ code: one.code, says: one.stderr.includes("Models: 1, weights: 2.") }).toEqual({
      code: 3,
      says: true,
    });
    const stray = await run("transcribe", "one.wav", ...model, "-m", "stray.safetensors", "--json");
    expect(stray.code).toBe(3);
    expect(jsonLines(stray.stdout)).toMatchObject([{ error: { code: "ENSEMBLE_MISMATCH" } }]);
  });

  it("stops at Ctrl-C with 130 and one line", async () => {
    const child = start(folder, "transcribe", "long.csv", ...model);
    child.stdout.once("data", () => child.kill("SIGINT"));
    const { code, stderr } = await finish(child);
    expect({ code, stderr }).toEqual({ code: 130, stderr: "Interrupted. Run the command again.\n" });
  });

  it("ends quietly when nobody reads its output any more", async () => {
    const child = start(folder, "transcribe", "long.csv", ...model);
    child.stdout.once("data", () => child.stdout.destroy());
    expect(await finish(child)).toMatchObject({ code: 0, stderr: "" });
  });
});

describe.concurrent("the options of the decoder", () => {
  const hear = (...options: string[]) => run("transcribe", "one.wav", ...model, ...options, "--json");

  it("take a language model, a dictionary and hot words", async () => {
    const [{ text }] = jsonLines((await hear("--lm", "words.arpa", "--dictionary", "--alpha", "2")).stdout);
    expect(text).toMatch(/^b( b)*$/); // improbable to the network, but the only word
    const heard = jsonLines((await hear("--vocabulary", "words.txt", "--dictionary", "--beam", "8")).stdout);
    expect(heard).toMatchObject([{ text: "ab" }]);
    const hot = await hear("--hot-word", "c d:90", "--hot-word", "e: -3", "--nbest", "2");
    expect(jsonLines(hot.stdout)).toMatchObject([
      { text: expect.stringContaining("c d"), alternatives: [{}, {}] },
    ]);
  });

  it("take a grammar, and tell what a sentence of it means", async () => {
    await writeFile(
      join(folder, "home.yaml"),
      "intents: { On: { data: [{ sentences: ['b {x}'] }] } }\nlists: { x: { values: [b, { in: a, out: 1 }] } }\n",
    );
    const [heard] = jsonLines((await hear("--grammar", "home.yaml", "--nbest", "2", "--beam", "16")).stdout);
    const [sure, less] = [
      { text: "b a", intent: "On", slots: { x: 1 } },
      { text: "b b", intent: "On", slots: { x: "b" } },
    ];
    expect(heard).toMatchObject({ ...sure, alternatives: [sure, less], warnings: [] });
    const tested = await run("test", "speech/manifest.csv", ...model, "--grammar", "home.yaml", "--json");
    expect(jsonLines(tested.stdout)).toMatchObject([{ utterances: 2, wordErrors: 3 }]);
    await writeFile(join(folder, "wrong.jsgf"), "public <a> = a <color>;\n<colour> = b;\n");
    const wrong = await run("transcribe", "one.wav", ...model, "--grammar", "wrong.jsgf");
    expect(wrong).toMatchObject({
      code: 3,
      stderr: expect.stringMatching(/wrong\.jsgf:1:16\n.*<color>\.\n.*Did you mean <colour>\?/) as string,
    });
  });

  it("spell words as the model's transcripts, and say which cannot be spelled", async () => {
    await writeFile(join(folder, "capitals.txt"), "AB\nÄÖ\n42\n");
    const known = ["--vocabulary", "capitals.txt", "--dictionary", "--beam", "8"];
    const { code, stdout, stderr } = await run("transcribe", "one.wav", ...model, ...known);
    expect({ code, text: stdout.trim() }).toEqual({ code: 0, text: expect.stringMatching(/ab$/) });
    expect(stderr).toContain('2 of 3 words of the vocabulary ("ÄÖ", "42")');
  });

  it("are told apart where a hot word cannot be spelled: what to write, and nothing of the library", async () => {
    const { stdout } = await hear("--hot-word", "Ábc:5");
    const [{ error }] = jsonLines(stdout);
    expect(error).toMatchObject({
      code: "UNKNOWN_SYMBOL",
      message: expect.stringContaining('"á" (U+00E1)') as string,
    });
    expect(error).toMatchObject({
      remedy: expect.stringContaining('such as "abc", or leave it out') as string,
    });
  });

  it.each([
    ["USAGE", /no phrase with a weight/, ["--hot-word", "earshot:loud"]],
    ["USAGE", /^--greedy looks for nothing/, ["--greedy", "--beam", "3"]],
    ["USAGE", /^--greedy looks for nothing/, ["--greedy", "--grammar", "words.txt"]],
    ["INVALID_HOT_WORD", /has no letters/, ["--hot-word", " :3"]],
    ["INVALID_SETTING", /^decoder: beam: Expected integer of at least 1, but it is 0\.$/, ["--beam", "0"]],
    ["MISSING_LANGUAGE_MODEL", /none was given, and none is in the model file/, ["--alpha", "1"]],
    ["MISSING_VOCABULARY", /there is none/, ["--dictionary"]],
  ])("are refused as %s: %s", async (code, message, options) => {
    const { code: exit, stdout } = await hear(...options);
    expect(jsonLines(stdout)).toMatchObject([{ error: { code, message: expect.stringMatching(message) } }]);
    expect(exit).toBe(2);
  });

  it("name the file that was meant", async () => {
    const { code, stdout } = await hear("--lm", "word.arpa");
    expect(code).toBe(3);
    expect(jsonLines(stdout)).toMatchObject([
      { error: { message: "word.arpa: There is no such file.", remedy: 'Did you mean "words.arpa"?' } },
    ]);
  });
});

describe.concurrent("earshot test", () => {
  it("gives the rates of the test split as JSON", async () => {
    const { code, stdout, stderr } = await run("test", "speech/manifest.csv", ...model, "--json");
    expect(jsonLines(stdout)).toEqual([
      {
        wer: 1 / 3,
        cer: 2 / 4,
        words: 3,
        wordErrors: 1,
        characters: 4,
        characterErrors: 2,
        utterances: 2,
        seconds: 1,
        manifest: "speech/manifest.csv",
        split: "test",
        elapsedSeconds: expect.any(Number),
        failures: [],
      },
    ]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  });

  it("gives them to people as text", async () => {
    const { stdout } = await run("test", "speech/manifest.csv", ...model, "--split", "train");
    expect(stdout).toMatch(
      /^WER 100\.0 % {2}1 errors in 1 words\nCER 100\.0 % {2}2 errors in 2 characters\n1 utterances, 0\.5 s of audio in .* split train\)\n$/,
    );
  });

  it("shows the recordings with the highest loss, the hypothesis under the reference", async () => {
    const worst = ["test", "speech/manifest.csv", ...model, "--worst", "1"];
    const { stdout } = await run(...worst);
    expect(stdout).toMatch(/b\.wav {2}loss \d+\.\d\nref {2}a b\nhyp {2}a \*\n {7}D\n$/);
    const [{ worst: listed }] = jsonLines((await run(...worst, "--json")).stdout);
    expect(listed).toMatchObject([{ reference: "a b", hypothesis: "a", loss: expect.any(Number) }]);
  });

  it("tests under conditions, a line for each, with what it costs and a bar", async () => {
    const test = ["test", "speech/manifest.csv", ...model, "--conditions", "telephone,zeros-1s"];
    const { code, stdout } = await run(...test);
    const half = "█".repeat(10);
    expect(stdout.split("\n").slice(0, 4)).toEqual([
      `clean                WER  33.3 %         ${half}`,
      `zeros-1s             WER  33.3 %   +0.0  ${half}`,
      `telephone            WER  33.3 %   +0.0  ${half}`,
      "WER 33.3 %  1 errors in 3 words",
    ]);
    expect(code).toBe(0);
  });

  it("gives a program the conditions in one line, beside what a test gives", async () => {
    const test = ["test", "speech/manifest.csv", ...model, "--json"];
    const [plain] = jsonLines((await run(...test)).stdout);
    const lines = jsonLines((await run(...test, "--stress")).stdout);
    const { conditions, ...others } = lines[0] as { conditions: { name: string }[] };
    expect(lines).toHaveLength(1);
    expect(others).toEqual({ ...plain, elapsedSeconds: expect.any(Number) });
    expect(conditions).toHaveLength(CONDITIONS.length);
    expect(conditions[0]).toEqual({ name: "clean", wer: plain.wer, cer: plain.cer, words: plain.words });
  });

  it("says when it tests a sample, lists a failure once, and finds conditions by near names", async () => {
    await writeFile(join(folder, "gaps.csv"), "path,transcript\none.wav,a\nspeech/a.wav,a\ngone.wav,b\n");
    const stress = ["test", "gaps.csv", ...model, "--conditions"];
    const drawn = await run(...stress, "telephone", "--stress-utterances", "2");
    expect(drawn.stderr).toContain("2 of 3 utterances, drawn at random\n");
    const failed = await run(...stress, "telephone,white-0db");
    expect(failed.code).toBe(1);
    expect(failed.stderr.match(/RECORDING_NOT_FOUND/g)).toHaveLength(1);
    const mistyped = await run(...stress, "telefone");
    expect(mistyped).toMatchObject({ code: 2, stdout: "" });
    expect(mistyped.stderr).toContain('Did you mean "telephone"?');
    const none = await run(...stress, "telephone", "--stress-utterances", "0");
    expect(none).toMatchObject({ code: 2, stdout: "" });
  });

  it("ends a stress test in good order at Ctrl-C", async () => {
    const test = ["test", "speech/manifest.csv", ...model, "--stress"];
    const { code, stdout } = await earshotUntil(/testing zeros-3s \(3\/\d+\) 1\//, folder, ...test);
    expect(code).toBe(130);
    expect(stdout).toMatch(/^clean .*\nzeros-1s .*\n$/);
  });

  it("tells of recordings that cannot be read, and exits with 1", async () => {
    await writeFile(join(folder, "gap.csv"), "path,transcript\none.wav,a\ngone.wav,b\n");
    const { code, stdout } = await run("test", "gap.csv", ...model, "--json");
    const [{ wer, utterances, split, failures }] = jsonLines(stdout);
    expect({ code, wer, utterances, split }).toEqual({ code: 1, wer: 0, utterances: 1, split: null });
    expect(failures).toMatchObject([
      { path: join(folder, "gone.wav"), error: { code: "RECORDING_NOT_FOUND" } },
    ]);
  });

  it("leaves out transcripts that the alphabet cannot spell, tells of them together, and exits with 1", async () => {
    const rows = ["path,transcript", "one.wav,a", "one.wav,7 a", "one.wav,a 8", ""];
    await writeFile(join(folder, "digits.csv"), rows.join("\n"));
    const { code, stdout, stderr } = await run("test", "digits.csv", ...model);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^WER 0\.0 %[^]*\n2 transcripts could not be spelled and are in no rate\n$/);
    expect(stderr).toBe(
      `error: UNKNOWN_SYMBOL  2 transcripts
  digits.csv:3: The alphabet cannot spell "7" (U+0037), character 1 of the transcript.
  digits.csv:4: The alphabet cannot spell "8" (U+0038), character 3 of the transcript.
  Write it out in the transcript as it is spoken; the model's alphabet was settled when it was trained.
`,
    );
  });

  it("suggests the split that was meant", async () => {
    const { code, stderr } = await run("test", "speech/manifest.csv", ...model, "--split", "trian");
    expect({ code, stderr }).toEqual({
      code: 2,
      stderr:
        'error: UNKNOWN_SPLIT  speech/manifest.csv\n  No row has the split "trian".\n  Did you mean "train"?\n',
    });
  });
});

describe.concurrent("earshot tune", () => {
  const tune = (...options: string[]) => run("tune", "speech/manifest.csv", "--threads", "1", ...options);

  it("tries every value on the split, and prints a table", async () => {
    const argv = ["-m", "model.safetensors", "--lm", "words.arpa", "--split", "test", "--alphas", "0,1"];
    const { stdout, stderr, code } = await tune(...argv, "--betas", "0:2:1", "--heat-map", "map.svg");
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(/^beam 100, penalty of unknown words 5, WER\/CER in %\nα \\ β +0 +1 +2\n +0 {2}/);
    expect(stdout).toMatch(/^best +WER .* --alpha \S+ --beta \S+ --unknown-penalty \S+ --beam 100$/m);
    expect(await readFile(join(folder, "map.svg"), "utf8")).toMatch(/^<svg /);
  });

  it("looks for nothing when the heat map cannot be written", async () => {
    const argv = ["-m", "model.safetensors", "--lm", "words.arpa", "--heat-map"];
    const missing = await tune(...argv, "nowhere/map.svg");
    expect(missing).toMatchObject({ code: 3, stdout: "" });
    expect(missing.stderr).toMatch(/^error: FILE_SYSTEM {2}nowhere\/map\.svg\n/);
    expect((await tune(...argv, "speech")).stderr).toBe(
      "error: FILE_SYSTEM  speech\n  It is a folder, and a file is to be written.\n  Give the path of a file.\n",
    );
  });

  it("stores the best in the model file, with the language model", async () => {
    await copyFile(join(folder, "model.safetensors"), join(folder, "tuned.safetensors"));
    const own = ["-m", "tuned.safetensors"];
    const values = [
      "--alphas",
      "2",
      "--betas",
      "1",
      "--beams",
      "4",
      "--dictionary",
      "--unknown-penalties",
      "3",
    ];
    const { stdout } = await tune(...own, "--lm", "words.arpa", ...values, "--store", "--embed-lm", "--json");
    const [{ best, stored, split }] = jsonLines(stdout);
    expect({ best, stored, split }).toMatchObject({
      best: { alpha: 2, beta: 1, beam: 4, unknownWordPenalty: 3 },
      stored: "tuned.safetensors",
      split: null,
    });
    const [{ decoder }] = jsonLines((await run("inspect", "tuned.safetensors", "--json")).stdout);
    expect(decoder).toEqual({
      alpha: 2,
      beam: 4,
      beta: 1,
      dictionary: true,
      unknownWordPenalty: 3,
      languageModelBytes: expect.any(Number),
    });
    expect((await run("transcribe", "one.wav", ...own)).stdout).toMatch(/^b( b)*\n$/);
    expect((await run("transcribe", "one.wav", ...own, "--greedy")).stdout).toBe("a\n");
    const again = await tune(...own, "--alphas", "0.5", "--betas", "0", "--json");
    expect(jsonLines(again.stdout)).toMatchObject([{ best: { alpha: 0.5 }, stored: null }]);
  });

  it.each([
    ["MISSING_LANGUAGE_MODEL", "none was given", []],
    ["USAGE", "Both --alpha and --alphas", ["--alpha", "1", "--alphas", "1"]],
    ["USAGE", "a range such as 0:3:0.5", ["--alphas", "0:3"]],
    ["USAGE", "a list such as", ["--betas", "0,,3"]],
    ["USAGE", "--embed-lm goes with", ["--embed-lm"]],
    ["USAGE", "several are given", ["--store", "-m", "other.safetensors"]],
    ["USAGE", "nothing to tune", ["--greedy"]],
  ])("refuses as %s: %s", async (code, message, options) => {
    const { code: exit, stdout } = await tune("-m", "model.safetensors", ...options, "--json");
    expect(jsonLines(stdout)).toMatchObject([{ error: { code, message: expect.stringContaining(message) } }]);
    expect(exit).toBe(2);
  });

  it("stops at Ctrl-C with 130, and leaves the model file as it was", async () => {
    const before = await readFile(join(folder, "other.safetensors"));
    const argv = ["tune", "long.csv", "-m", "other.safetensors", "--lm", "words.arpa", "--store"];
    const { code, stdout } = await earshotUntil(/^evaluating/, folder, ...argv, "--threads", "1");
    expect({ code, stdout }).toEqual({ code: 130, stdout: "" });
    expect(await readFile(join(folder, "other.safetensors"))).toEqual(before);
  });
});

describe.concurrent("earshot align", () => {
  it("gives words with their times, to people and to programs", async () => {
    expect(await run("align", "one.wav", " A ", ...model)).toEqual({
      code: 0,
      stdout: "0.020\t0.500\t0.97\ta\n",
      stderr: "",
    });
    const [line] = jsonLines((await run("align", "one.wav", "a", ...model, "--json")).stdout);
    const symbol = { text: "a", startMs: 20, endMs: 500, probability: expect.any(Number) };
    expect(line).toMatchObject({ text: "a", words: [{ text: "a", endMs: 500, characters: [symbol] }] });
  });

  it("takes the text from a file, and writes two tiers of a TextGrid", async () => {
    await writeFile(join(folder, "said.txt"), "A\n");
    const { stdout } = await run("align", "one.wav", "said.txt", ...model, "--format", "textgrid");
    expect(stdout.match(/name = "\w+"/g)).toEqual(['name = "words"', 'name = "characters"']);
    const { stderr } = await run("align", "one.wav", "siad.txt", ...model);
    expect(stderr).toBe(
      'error: FILE_SYSTEM  siad.txt\n  There is no such file.\n  Did you mean "said.txt"?\n',
    );
  });

  it("names the recording that has too few steps for the text", async () => {
    const { code, stdout } = await run("align", "one.wav", "b".repeat(30), ...model, "--json");
    expect(code).toBe(3);
    expect(jsonLines(stdout)).toMatchObject([
      {
        error: {
          code: "IMPOSSIBLE_ALIGNMENT",
          message: expect.stringMatching(/^one\.wav: .* at least 59 steps/),
        },
      },
    ]);
  });
});

describe.concurrent("earshot inspect", () => {
  it("shows a model to people and to programs", async () => {
    const table = await run("inspect", "model.safetensors");
    expect(table.stdout).toMatch(/^architecture\n {2}name +deep-speech\n {2}width +8\n/m);
    expect(table.stdout).toMatch(/^alphabet +a b c .* z ␣ ' \(28, and the blank\)\n/m);
    const [description] = jsonLines((await run("inspect", "model.safetensors", "--json")).stdout);
    expect(description).toMatchObject({
      path: "model.safetensors",
      architecture: { name: "deep-speech", width: 8, features: 10, symbols: 29 },
      features: { kind: "log-mel", bins: 10 },
      metrics: { devWer: 0.25 },
      training: { seed: 1, epochs: 3 },
    });
    expect((await run("inspect", "long.safetensors")).stdout).toMatch(/^ {2}hours +0\.03947\n/m);
    const sizes = Array.from(constantModel("a").weights.values(), ({ data }) => data.length);
    expect(description.parameters).toBe(sizes.reduce((sum, size) => sum + size));
  });

  it("shows how far live text is behind its sound, of a model that can follow it", async () => {
    expect((await run("inspect", "model.safetensors")).stdout).not.toContain("delayMs");
    expect((await run("inspect", "live.safetensors")).stdout).toMatch(/^delayMs +60\n/m);
  });
});

describe.concurrent("docs/cli.md", async () => {
  const docs = await readFile(new URL("../../docs/cli.md", import.meta.url), "utf8");
  /** The first JSON of a section, or another. */
  const exampleOf = (section: string, index = 0): object => {
    const page = docs.split(/^## /m).find((part) => part.startsWith(`\`${section}\`\n`))!;
    return JSON.parse([...page.matchAll(/```json\n(.*?)```/gs)][index][1]) as object;
  };

  it.each([
    ["an error", exampleOf("--json"), ["inspect", "modle.safetensors"]],
    ["a test", exampleOf("earshot test"), ["test", "speech/manifest.csv", ...model]],
    [
      "a tuning",
      exampleOf("earshot tune"),
      ["tune", "speech/manifest.csv", ...model, "--lm", "words.arpa", "--alphas", "1"],
    ],
    ["a transcript", exampleOf("earshot transcribe"), ["transcribe", "one.wav", ...model]],
    ["a recording that failed", exampleOf("earshot transcribe", 1), ["transcribe", "gone.wav", ...model]],
    ["an alignment", exampleOf("earshot align"), ["align", "one.wav", "a", ...model]],
    ["a model", exampleOf("earshot inspect"), ["inspect", "model.safetensors"]],
  ])("shows the fields that %s has", async (_, example, argv) => {
    const [line] = jsonLines((await run(...argv, "--json")).stdout);
    expect(Object.keys(line)).toEqual(Object.keys(example));
    if ("error" in line) {
      const documented = example as { error: object };
      expect(Object.keys(line.error as object)).toEqual(Object.keys(documented.error));
    }
  });

  it("explains every condition of a stress test", () => {
    for (const { name } of CONDITIONS) expect(docs).toContain(`\`${name}\``);
  });

  it("has the whole grammar that --help knows", async () => {
    for (const command of ["train", "test", "tune", "transcribe", "align", "inspect"]) {
      const { stdout } = await run(command, "--help");
      const options = [...stdout.matchAll(/--([a-z]+)/g)].map(([, name]) => name);
      for (const name of options.filter((name) => name !== "help")) expect(docs).toContain(`--${name}`);
    }
  });
});
