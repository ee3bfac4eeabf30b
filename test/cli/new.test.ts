// `earshot new` from words to a model, with a script in the place of espeak-ng and a model that says "a" whatever it hears
// to begin with, which a rate of learning near nothing leaves as it is.

import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { estimate } from "../../src/apps/cli/new/estimate.ts";
import { negativeSentences } from "../../src/apps/cli/new/negative-sentences.ts";
import { outcomeOf } from "../../src/apps/cli/new/outcome.ts";
import { tooFewVoices } from "../../src/apps/cli/new/voices-needed.ts";
import type { NewRequest } from "../../src/apps/cli/new/plan.ts";
import { Output } from "../../src/apps/cli/output.ts";
import type { Session } from "../../src/apps/cli/session.ts";
import { encodeWav } from "../../src/audio/index.ts";
import { writeModelFile } from "../../src/model/index.ts";
import { constantModel } from "../model/small-model.ts";
import { putOnPath } from "../synthesis/fake-programs.ts";
import { earshot, earshotAnswering, earshotUntil, jsonLines } from "./command-line.ts";

const VOICES = ` 2  en-us  --/M  English  gmw/en-US  (en 3)`;
const VARIANTS = ["adam", "belinda", "caleb", "david", "ed", "f1"]
  .map((name) => ` 5  variant  --/M  ${name}  !v/${name}`)
  .join("\n");

const folder = await mkdtemp(join(tmpdir(), "earshot-new-"));
let undo = async (): Promise<void> => {};
beforeAll(async () => {
  const hum = Float32Array.from({ length: 8000 }, (_, n) => 0.3 * Math.sin(n / 10));
  await writeFile(join(folder, "hum.wav"), encodeWav(hum, 16_000));
  await writeFile(join(folder, "a.safetensors"), writeModelFile(constantModel("a")));
  await writeFile(join(folder, "others.txt"), "good night\nyes\nhow are you\nno\n");
  const list = (rows: string): string => `/bin/cat <<'E'\n${rows}\nE\n`;
  undo = await putOnPath({
    "espeak-ng": `case "$1" in --voices=variant) ${list(VARIANTS)};; --voices=*) ${list(VOICES)};;
      *) /bin/cat >/dev/null; /bin/cat ${folder}/hum.wav;; esac`,
  });
});
afterAll(async () => {
  await undo();
  await rm(folder, { recursive: true });
});

const make = (...flags: readonly string[]) => earshot(folder, "new", ...flags);
const SMALL = ["--from", "a.safetensors", "--others", "others.txt", "--voices", "6", "--threads", "1"];
const STILL = ["--set", "epochs=1", "--set", "schedule.peak=1e-9", "--set", "data.augmentation=none"];
const WHOLE = ["a", ...SMALL, ...STILL];

const requestOf = async (out: string): Promise<NewRequest> =>
  (JSON.parse(await readFile(join(folder, out, "new.json"), "utf8")) as { request: NewRequest }).request;

/** Steps that tests have, as if done. */
const DONE = new Map(
  (["test", "test-strangers"] as const).map((name) => [
    name,
    { command: "", seconds: 1, result: { conditions: [], utterances: 1, acceptance: { recall: 1 } } },
  ]),
);

describe("earshot new", () => {
  it("goes from words to a model, and on where it was broken off", async () => {
    const broken = await earshotUntil(/^speaking \d/, folder, "new", ...WHOLE, "--out", "one");
    expect(broken).toMatchObject({ code: 130, stdout: "" });
    expect(broken.stderr).toContain(
      "Run the command again to go on where it was, or: earshot new --out one\n",
    );
    expect(await readdir(join(folder, "one"))).toContain("new.json");
    const training = await earshotUntil(/^epoch \d/, folder, "new", "--out", "one");
    expect(training).toMatchObject({ code: 130, stdout: "" });
    expect(training.stderr).toMatch(/3\/7[\s\S]*4\/7[\s\S]*Saving;/);

    const { code, stdout, stderr } = await make("--out", "one");
    expect(stderr).not.toContain("error");
    expect(code).toBe(0);
    expect(stderr).toMatch(/^1\/7 {2}speak the sentence in 6 voices each: done before$/m);
    expect(stderr).toMatch(
      /^ +earshot data speak --grammar one\/words\.txt --sentences 500 --per-sentence 6 --out one\/spoken /m,
    );
    expect(stderr).toMatch(
      /^ +earshot train one\/spoken\/manifest.csv one\/others\/manifest.csv --config one\/train.yaml /m,
    );
    expect(stderr).toMatch(/^ +goes on: earshot train --resume one$/m);
    expect(stderr).not.toContain("NO_WORDS");
    expect(stdout).toMatch(/WER, as they are +\d+\.0 %\n/);
    expect(stdout).toMatch(/accepted of other words +\d+ in /);
    expect(stdout).toContain("\none/report.html, one/rejection.html\n");
    expect(stdout).toContain("held back (1 utterance), what");
    expect(stdout).toContain("People are not machine voices");
    expect(stdout).toContain("earshot listen -m one --grammar one/words.txt --save one/heard");
    for (const name of ["model.safetensors", "report.html", "rejection.html", "words.txt", "train.yaml"])
      expect(await readdir(join(folder, "one"))).toContain(name);
  });

  it("does nothing twice, and has figures as JSON", async () => {
    const before = await readFile(join(folder, "one/model.safetensors"));
    const again = await make(...WHOLE, "--out", "one", "--json");
    const lines = jsonLines(again.stdout);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatchObject({ done: true, model: "one/model.safetensors", utterances: 1 });
    expect(lines[0].conditions).toHaveLength(4);
    expect((await readFile(join(folder, "one/model.safetensors"))).equals(before)).toBe(true);
    expect((await make("--out", "one")).stderr).toMatch(/7\/7 .*: done before/);
  });

  it.each([
    [["--set", "epoch=2"], "UNKNOWN_SETTING"],
    [["--from", "nomodel"], "UNREADABLE_MODEL"],
  ])("says what is wrong with %j before anything is spoken", async (flags, code) => {
    const { stderr } = await make("a", "--out", "wrong", "--yes", ...flags);
    expect(stderr).toContain(code);
    expect(stderr).not.toContain("1/7");
    await expect(readFile(join(folder, "wrong/new.json"))).rejects.toThrow("ENOENT");
  });

  it.each([
    [["b"], "other words"],
    [["a", "--voices", "7"], "other voices"],
    [["a", "--set", "epochs=2"], "other settings"],
    [["--seed", "2"], "other seeds"],
  ])("does not mix what was begun with %j", async (flags, message) => {
    const { code, stderr } = await make(...flags, "--out", "one");
    expect(code).toBe(2);
    expect(stderr).toMatch(/REQUEST_CHANGED {2}one/);
    expect(stderr).toContain(`begun with ${message}.`);
  });

  it("prints the commands, and makes nothing", async () => {
    const { code, stdout, stderr } = await make("stop", "turn it off", "--out", "dry", "--dry-run");
    expect(code).toBe(0);
    expect(stderr).toMatch(/2 sentences in 60 voices each: about /);
    expect(stdout.match(/^earshot .*$/gm)).toHaveLength(7);
    expect(stdout).toContain(
      "# These commands read dry/words.txt, dry/others.txt, dry/strangers.txt, dry/train.yaml, which earshot new writes when it begins, without --dry-run.\n",
    );
    expect(stdout).toContain("--engine espeak-ng --language en --seed 1");
    const asJson = jsonLines((await make("stop", "--out", "dry", "--dry-run", "--json")).stdout);
    expect(asJson).toMatchObject([
      {
        steps: expect.arrayContaining([]) as unknown,
        missing: expect.arrayContaining(["dry/words.txt"]) as unknown,
        trainSeconds: expect.any(Number) as unknown,
      },
    ]);
    expect(await readdir(folder)).not.toContain("dry");
  });

  it("asks for words and voices, and whether to begin", async () => {
    const answers = ["asked", "", "Open the door!", "stop", "", "many", "30", "n"];
    const { code, asked, stderr } = await earshotAnswering(answers, folder, "new");
    expect(code).toBe(130);
    expect(asked).toHaveLength(8);
    expect(asked.at(-2)).toBe("In how many voices shall each be spoken? [60] ");
    expect(stderr).toContain("2 sentences in 30 voices each");
    expect(await readdir(folder)).not.toContain("asked");
  });

  it.each([
    [[], 2, /no words to understand[\s\S]*--words FILE/],
    [["a", "--words", "others.txt"], 2, /both as they are and as a file/],
    [["--words", "none.txt"], 3, /none\.txt[\s\S]*no such file/],
    [
      ["a", "--language", "cy"],
      2,
      /The built-in negative sentences are English, and --language is cy\.[\s\S]*--others FILE/,
    ],
    [["a", "--engine", "espeak"], 3, /Did you mean "espeak-ng"/],
    [["a", "--engine", "flite"], 3, /SPEECH_ENGINE_ABSENT {2}flite/],
    [
      ["a", "--voices", "1"],
      2,
      /TOO_FEW_VOICES {2}espeak-ng\n.*With --voices 1, not all of train, dev and test have a recording[^\n]*\n {2}Give --voices \d+, or more\.\n/,
    ],
    [["a", "--voices", "none"], 2, /whole number/],
    [["a", "--out", "busy"], 2, /FOLDER_IN_USE {2}busy/],
    [
      ["a", "--out", "others.txt"],
      2,
      /FOLDER_IN_USE {2}others\.txt\n {2}It is a file\.\n {2}Give --out a folder/,
    ],
  ])("of %j says what is wrong", async (flags, code, message) => {
    await mkdir(join(folder, "busy"), { recursive: true });
    await writeFile(join(folder, "busy/precious.txt"), "mine");
    const out = flags.includes("--out") ? [] : ["--out", "x"];
    const run = await make(...flags, ...out, "--yes");
    expect(run.stderr).toMatch(message);
    expect(run.code).toBe(code);
    expect(await readdir(folder)).not.toContain("x");
  });

  it("quotes a folder wherever it says how to go on", async () => {
    const out = ["--out", "real run"];
    const broken = await earshotUntil(/^speaking \d/, folder, "new", ...WHOLE, ...out);
    expect(broken.stderr).toContain("or: earshot new --out 'real run'\n");
    const changed = await make("b", ...out);
    expect(changed.stderr).toContain("go on with what was begun: earshot new --out 'real run'\n");
    const { next, report } = await outcomeOf("real run", await requestOf("real run"), DONE);
    expect(report).toBeUndefined();
    expect(next).toEqual([
      "earshot listen -m 'real run' --grammar 'real run/words.txt'",
      "earshot listen -m 'real run' --grammar 'real run/words.txt' --save 'real run/heard' --speaker me",
      "earshot train 'real run/heard/manifest.csv' -m 'real run' --replay 'real run/spoken/manifest.csv' --replay 'real run/others/manifest.csv' --out 'real run-mine'",
    ]);
  });

  it("says which number of voices is enough, and it is: one fewer is not", async () => {
    const dry = (voices: number) =>
      make("open", "shut", "stop", "--voices", `${voices}`, "--out", "few", "--dry-run");
    const enough = Number(/Give --voices (\d+), or more\./.exec((await dry(1)).stderr)?.[1]);
    expect(enough).toBeGreaterThan(1);
    expect((await dry(enough)).code).toBe(0);
    expect((await dry(enough - 1)).stderr).toContain(`Give --voices ${enough}, or more.`);
  });

  it("asks for another engine where no number of voices is enough", async () => {
    const restore = await putOnPath({ flite: `echo "Voices available: slt kal kal16"` });
    const request = { ...(await requestOf("real run")), engines: [{ name: "flite" }] };
    const session = { output: new Output(true), signal: new AbortController().signal, exitCode: 0 };
    const error = await tooFewVoices(request, ["a"], session);
    await restore();
    expect(error).toMatchObject({
      where: "flite",
      problem: "It has too few speakers for all of train, dev and test.",
      remedy: "Give --engine another, or several: those with three speakers or more will do.",
    });
  });

  it("estimates what is to be rejected by itself, not by a start times a factor", async () => {
    const given: Record<string, number> = { own: 1000, others: 2 };
    const dryRuns: (readonly string[])[] = [];
    const run = (argv: readonly string[], { output }: Session): Promise<void> => {
      dryRuns.push(argv);
      const seconds = given[argv.includes("a") ? "own" : "others"];
      output.object({ splits: { train: 1, dev: 1, test: 1 }, seconds });
      return Promise.resolve();
    };
    const amounts = { sentences: ["a"], negativesTrain: ["yes", "-x"], negativesTest: ["nod"] };
    const session = { output: new Output(true), signal: new AbortController().signal, exitCode: 0 };
    const { speakSeconds } = await estimate("x", await requestOf("real run"), amounts, run, session);
    expect(dryRuns).toHaveLength(2);
    expect(dryRuns[1].slice(2, 6)).toEqual(["yes", "nod", "--per-sentence", "1"]);
    expect(speakSeconds).toBeCloseTo(1000 + (2 * (2 * 3 + 6 * 3)) / 6, 6);
  });

  it("tells of a damaged state", async () => {
    await mkdir(join(folder, "damaged"));
    await writeFile(join(folder, "damaged/new.json"), "{");
    expect((await make("--out", "damaged")).stderr).toMatch(
      /INVALID_CONFIG {2}damaged\/new.json[\s\S]*not JSON/,
    );
  });
});

describe("what is to be rejected", () => {
  it("holds no command, and the two splits have nothing in common", () => {
    const { negativesTrain, negativesTest } = negativeSentences(["yes", "wait a minute", "the door"]);
    expect(negativesTrain).not.toContain("yes");
    expect(negativesTrain).not.toContain("wait a minute");
    expect(negativesTrain.length).toBeGreaterThan(250);
    expect(negativesTest.length).toBeGreaterThan(250);
    const both = new Set(negativesTrain);
    expect(negativesTest.filter((text) => both.has(text))).toEqual([]);
  });

  it("may be given", () => {
    expect(negativeSentences(["ja"], "nein\nja bitte\n\nvielleicht\ndoch\n")).toEqual({
      negativesTrain: ["nein", "doch"],
      negativesTest: ["vielleicht"],
    });
  });
});
