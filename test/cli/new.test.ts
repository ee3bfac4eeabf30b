// `earshot new` from words to a model, with a script in the place of espeak-ng and a model that says "a" whatever it hears
// to begin with, which a rate of learning near nothing leaves as it is.

import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { otherSpeech } from "../../src/apps/cli/new/other-speech.ts";
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

describe("earshot new", () => {
  it("goes from words to a model, and on where it was broken off", async () => {
    const broken = await earshotUntil(/^speaking \d/, folder, "new", ...WHOLE, "--out", "one");
    expect(broken).toMatchObject({ code: 130, stdout: "" });
    expect(broken.stderr).toContain("earshot new --out one");
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
    expect(stdout).toContain("--engine espeak-ng --language en --seed 1");
    const asJson = jsonLines((await make("stop", "--out", "dry", "--dry-run", "--json")).stdout);
    expect(asJson).toMatchObject([
      { steps: expect.arrayContaining([]) as unknown, trainSeconds: expect.any(Number) as unknown },
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
    [["a", "--language", "cy"], 2, /English only[\s\S]*--others FILE/],
    [["a", "--engine", "espeak"], 3, /Did you mean "espeak-ng"/],
    [["a", "--engine", "flite"], 3, /SPEECH_ENGINE_ABSENT {2}flite/],
    [["a", "--voices", "1"], 2, /TOO_FEW_VOICES[\s\S]*more --voices/],
    [["a", "--voices", "none"], 2, /whole number/],
    [["a", "--out", "busy"], 2, /FOLDER_IN_USE {2}busy/],
  ])("of %j says what is wrong", async (flags, code, message) => {
    await mkdir(join(folder, "busy"), { recursive: true });
    await writeFile(join(folder, "busy/precious.txt"), "mine");
    const out = flags.includes("--out") ? [] : ["--out", "x"];
    const run = await make(...flags, ...out, "--yes");
    expect(run.stderr).toMatch(message);
    expect(run.code).toBe(code);
    expect(await readdir(folder)).not.toContain("x");
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
  it("holds no command, and learned and measured have nothing in common", () => {
    const { learned, measured } = otherSpeech(["yes", "wait a minute", "the door"]);
    expect(learned).not.toContain("yes");
    expect(learned).not.toContain("wait a minute");
    expect(learned.length).toBeGreaterThan(250);
    expect(measured.length).toBeGreaterThan(250);
    const both = new Set(learned);
    expect(measured.filter((text) => both.has(text))).toEqual([]);
  });

  it("may be given", () => {
    expect(otherSpeech(["ja"], "nein\nja bitte\n\nvielleicht\ndoch\n")).toEqual({
      learned: ["nein", "doch"],
      measured: ["vielleicht"],
    });
  });
});
