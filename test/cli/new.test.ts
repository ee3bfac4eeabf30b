// `earshot new` from words to a model, with a script in the place of espeak-ng and a model that says "a" whatever it hears
// to begin with, which a rate of learning near nothing leaves as it is.

import { mkdir, mkdtemp, readdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { usualBase } from "../../src/apps/cli/new/base.ts";
import { estimate } from "../../src/apps/cli/new/estimate.ts";
import { negativeSentences } from "../../src/apps/cli/new/negative-sentences.ts";
import { outcomeOf } from "../../src/apps/cli/new/outcome.ts";
import { tooFewVoices, voicesNeeded } from "../../src/apps/cli/new/voices-needed.ts";
import type { NewRequest } from "../../src/apps/cli/new/plan.ts";
import { givenWords } from "../../src/apps/cli/new/words.ts";
import { newPlanOf } from "../../src/apps/cli/new/whole-plan.ts";
import { Output } from "../../src/apps/cli/output.ts";
import type { Session } from "../../src/apps/cli/session.ts";
import { USUAL_SPEECH } from "../../src/apps/cli/speak-options.ts";
import { encodeWav } from "../../src/audio/index.ts";
import { writeModelFile } from "../../src/model/index.ts";
import { castSpeakers, planSpeech } from "../../src/synthesis/index.ts";
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
  await writeFile(join(folder, "silent.safetensors"), writeModelFile(constantModel(" ")));
  await writeFile(join(folder, "few.txt"), "good night\na b\nyes\nno\n");
  await writeFile(join(folder, "others.txt"), "good night\nyes\nhow are you\nno\n");
  const list = (rows: string): string => `/bin/cat <<'E'\n${rows}\nE\n`;
  undo = await putOnPath({
    "espeak-ng": `case "$1" in --voices=variant) ${list(VARIANTS)};; --voices=*) ${list(VOICES)};;
      *) read text; [ "$text" = "mumble." ] && exit 1; /bin/cat ${folder}/hum.wav;; esac`,
  });
});
afterAll(async () => {
  await undo();
  await rm(folder, { recursive: true });
});

const make = (...flags: readonly string[]) => earshot(folder, "new", ...flags);
const SMALL = ["--from", "a.safetensors", "--others", "others.txt", "--voices", "6", "--threads", "1"];
const STILL = ["--set", "schedule.peak=1e-9", "--set", "data.augmentation=none", "--set", "epochs=1"];
const WHOLE = ["a", ...SMALL, ...STILL];

const requestOf = async (out: string): Promise<NewRequest> =>
  (JSON.parse(await readFile(join(folder, out, "new.json"), "utf8")) as { request: NewRequest }).request;

/** Of what was asked for there. */
const wholePlanOf = async (out: string) => newPlanOf(out, await requestOf(out));

/** Steps that tests have, as if done. */
const DONE = new Map(
  (["test", "test-strangers"] as const).map((name) => [
    name,
    { command: "", seconds: 1, result: { conditions: [], utterances: 1, acceptance: { recall: 1 } } },
  ]),
);

describe("earshot new", () => {
  it("goes from words to a model, and on where it was broken off, with other settings of training", async () => {
    const longer = [...WHOLE.slice(0, -1), "epochs=9", "--out", "one"];
    const broken = await earshotUntil(/^speaking \d/, folder, "new", ...longer);
    expect(broken).toMatchObject({ code: 130, stdout: "" });
    expect(broken.stderr).toContain(
      "Run the command again to go on where it was, or: earshot new --out one\n",
    );
    expect(await readdir(join(folder, "one"))).toContain("new.json");
    const training = await earshotUntil(/^epoch \d/, folder, "new", "--out", "one");
    expect(training).toMatchObject({ code: 130, stdout: "" });
    expect(training.stderr).toMatch(/3\/7[\s\S]*4\/7[\s\S]*Saving;/);

    await rename(join(folder, "one"), join(folder, "moved"));
    const moved = await earshotUntil(/^epoch \d/, folder, "new", "--out", "moved", "--threads", "1");
    expect(moved.stderr).toMatch(/^ +goes on: earshot train --resume moved --threads 1$/m);
    await rename(join(folder, "moved"), join(folder, "one"));
    const clips = join(folder, "one/spoken/clips");
    const lost = (await readdir(clips, { recursive: true })).find((name) => name.endsWith(".wav"))!;
    await rm(join(clips, lost));
    const again = await earshotUntil(/^epoch \d/, folder, "new", "--out", "one", "--threads", "1");
    expect(again.stderr).toMatch(/^1\/7 {2}speak the sentence in 6 voices each\n/m);
    expect(await readdir(clips, { recursive: true })).toContain(lost);
    expect(again.stderr).toMatch(/^ +goes on: earshot train --resume one --threads 1$/m);

    const { code, stdout, stderr } = await make(...WHOLE, "--out", "one", "--threads", "1");
    expect(stderr).not.toContain("error");
    expect(code).toBe(0);
    expect(stderr).toMatch(/^1\/7 {2}speak the sentence in 6 voices each: done before$/m);
    expect(stderr).toMatch(
      /^ +earshot data speak --grammar one\/words\.txt --sentences 500 --per-sentence 6 --out one\/spoken /m,
    );
    expect(stderr).toMatch(
      /^ +earshot train one\/spoken\/manifest.csv one\/others\/manifest.csv --config one\/train.yaml /m,
    );
    expect(stderr).toContain("Training was begun with other settings: it begins anew.\n");
    expect(stderr).not.toContain("goes on:");
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

  it("does nothing twice, has figures as JSON, and writes again what the commands read", async () => {
    await rm(join(folder, "one/words.txt"));
    const before = await readFile(join(folder, "one/model.safetensors"));
    const again = await make(...WHOLE, "--out", "one", "--json");
    const lines = jsonLines(again.stdout);
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatchObject({ done: true, model: "one/model.safetensors", utterances: 1 });
    expect(lines[0].conditions).toHaveLength(4);
    expect((await readFile(join(folder, "one/model.safetensors"))).equals(before)).toBe(true);
    expect((await make("--out", "one", "--threads", "2")).stderr).toMatch(
      /7\/7 .*: done before\n.*--threads 2\n/,
    );
    expect(await readFile(join(folder, "one/words.txt"), "utf8")).toBe("a\n");
  });

  it("knows what is done, however the folder is named", async () => {
    for (const out of ["./one/", join(folder, "one")]) {
      const again = await make("--out", out);
      expect(again.stderr.match(/: done before$/gm)).toHaveLength(7);
      const changed = await make("--out", out, "--set", "epochs=2");
      expect(changed.stderr).toContain("begun with other settings, and its training is done.\n");
    }
    expect(await readdir(join(folder, "one"))).toContain("model.safetensors");
  });

  it("writes its model again where that is gone, and what follows from it", async () => {
    await rm(join(folder, "one/model.safetensors"));
    const { code, stderr, stdout } = await make("--out", "one");
    expect(stderr).toMatch(/^4\/7 {2}train.*\n.*\n +goes on: earshot train --resume one$/m);
    expect(stderr).toContain("MODEL_GONE");
    expect(stdout).toContain("one/model.safetensors  ");
    expect(code).toBe(0);
  });

  it("needs neither its recordings nor the model that it began with when all is done, from wherever it is called", async () => {
    await rename(join(folder, "a.safetensors"), join(folder, "gone.safetensors"));
    await rename(join(folder, "one/spoken"), join(folder, "spoken"));
    const { code, stderr } = await earshot(join(folder, "one"), "new", "--out", ".");
    expect(code).toBe(0);
    expect(stderr.match(/: done before$/gm)).toHaveLength(7);
    await rename(join(folder, "spoken"), join(folder, "one/spoken"));
    await rename(join(folder, "gone.safetensors"), join(folder, "a.safetensors"));
  });

  it("takes settings for the same whatever their order, and words whatever their line ends", async () => {
    const settings = STILL.filter((flag) => flag !== "--set").toReversed();
    await writeFile(join(folder, "one/words.txt"), "a\r\n");
    const flags = ["epochs=7", ...settings].flatMap((setting) => ["--set", setting]);
    const again = await make("--out", "one", ...flags);
    expect(again.stderr.match(/: done before$/gm)).toHaveLength(7);
    await rm(join(folder, "one/words.txt"));
  });

  it("does not overlook that the words were edited", async () => {
    await writeFile(join(folder, "one/words.txt"), "a\nb\n");
    const { code, stderr } = await make("--out", "one");
    expect(code).toBe(2);
    expect(stderr).toMatch(
      /REQUEST_CHANGED {2}one\/words\.txt\n {2}The words were changed after the folder was begun with others\.\n {2}Delete the file, and go on with those before; or .*, with your other options: earshot new --words one\/words\.txt --out OTHER\n/,
    );
    await rm(join(folder, "one/words.txt"));
  });

  it("asked for another network by --set later, begins from nothing, and puts settings aside", async () => {
    const begun = ["a", "--others", "others.txt", "--voices", "6", "--set", "epochs=1", "--out", "other"];
    expect((await earshotUntil(/^speaking \d/, folder, "new", ...begun, "--yes")).code).toBe(130);
    await writeFile(join(folder, "other/train.yaml"), "epochs: 9\n");
    const smaller = ["--set", "network.width=8", "--set", "epochs=1", "--threads", "1"];
    await mkdir(join(folder, "other/train.before.yaml"));
    expect((await make("--out", "other", ...smaller)).stderr).toContain("FILE_SYSTEM");
    expect(await requestOf("other")).toMatchObject({ from: "commands-en", set: ["epochs=1"] });
    await rm(join(folder, "other/train.before.yaml"), { recursive: true });
    const { code, stderr } = await make("--out", "other", ...smaller);
    expect(stderr).toContain(
      "It begins from nothing: commands-en has another network than --set asks for.\n",
    );
    expect(stderr).toContain("train.yaml is written anew; what it was is train.before.yaml.\n");
    expect(code).toBeLessThan(2);
    expect(await readFile(join(folder, "other/train.before.yaml"), "utf8")).toBe("epochs: 9\n");
    expect(await readFile(join(folder, "other/train.yaml"), "utf8")).toContain("recurrentLayers: 2");
  });

  it.each([
    [["--set", "epoch=2"], "UNKNOWN_SETTING"],
    [["--from", "nomodel"], "UNREADABLE_MODEL"],
    [
      ["--set", "devSplit=all"],
      'What is spoken has no split "all": it has train, dev, test.\n  Leave the setting out.',
    ],
    [["--from", ""], "--from names no model.\n  Give a file, a name of earshot models, or nothing."],
    [
      ["--set", "initialModel=a"],
      "--set initialModel is not what it begins with here.\n  Give --from MODEL.",
    ],
  ])("says what is wrong with %j before anything is spoken", async (flags, code) => {
    const { stderr } = await make("a", "--out", "wrong", "--yes", ...flags);
    expect(stderr).toContain(code);
    expect(stderr).not.toContain("1/7");
    await expect(readFile(join(folder, "wrong/new.json"))).rejects.toThrow("ENOENT");
  });

  it.each([
    [["b"], "other words"],
    [["a", "--voices", "7"], "other voices"],
    [["a", "--set", "epochs=2"], "other settings, and its training is done"],
    [["--seed", "2"], "other seeds"],
    [["--from", "nothing"], "other models, and its training is done"],
  ])("does not mix what was begun with %j", async (flags, message) => {
    const { code, stderr } = await make(...flags, "--out", "one");
    expect(code).toBe(2);
    expect(stderr).toMatch(/REQUEST_CHANGED {2}one/);
    expect(stderr).toContain(`begun with ${message}.`);
  });

  it("prints the commands, and makes nothing", async () => {
    const { code, stdout, stderr } = await make("stop", "turn it off", "Stop!", "--out", "dry", "--dry-run");
    expect(code).toBe(0);
    expect(stderr).toMatch(/2 sentences in 60 voices each: about /);
    expect(stderr).toContain("It begins with the model commands-en; --from nothing does without.\n");
    expect(stdout).toContain(" --model commands-en --out dry\n");
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
    [["a", "--dry-run", "--fetch"], 2, /--dry-run makes nothing, and --fetch fetches/],
    [
      ["a", "--others", "few.txt"],
      2,
      /--others has 3 of the 4 lines that are needed at least[^\n]*\n {2}Give some hundred/,
    ],
    [["🙂"], 3, /NO_SENTENCES {2}words\n {2}In "🙂" there is no letter and no digit/],
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

  it("is refused while another works in the folder", async () => {
    const first = earshotUntil(/^speaking \d/, folder, "new", ...WHOLE, "--out", "race");
    while (!(await readdir(join(folder, "race")).catch((): string[] => [])).includes("new.lock"))
      await new Promise((resolve) => setTimeout(resolve, 1));
    const second = await make("b", ...SMALL, "--yes", "--out", "race");
    expect(second.code).toBe(2);
    expect(second.stderr).toMatch(
      /FOLDER_IN_USE {2}race\n {2}Another earshot new \(process \d+\) works in this folder\.\n {2}Wait for it/,
    );
    expect((await first).code).toBe(130);
    expect(await readdir(join(folder, "race"))).not.toContain("new.lock");
    expect(await readFile(join(folder, "race/words.txt"), "utf8")).toBe("a\n");
  });

  it("says what came of it where nothing is recognized, and how to train for longer", async () => {
    const silent = ["a", "--from", "silent.safetensors", ...SMALL.slice(2), ...STILL, "--out", "vain"];
    const { code, stdout, stderr } = await make(...silent);
    expect(stderr).toContain("nothing was recognized, so nothing can be rejected");
    expect(stderr).not.toContain("7/7");
    expect(stdout).toMatch(/^vain\/model.safetensors {2}.*\nvain\/report.html\n/m);
    expect(stdout).toMatch(/, nothing rejected:\n {2}WER, as they are +\d/);
    expect(stdout).not.toContain("accepted");
    const longer = /^ {2}earshot (new --out vain .*--set epochs=2)$/m.exec(stdout)?.[1].split(" ") ?? [];
    expect(code).toBe(1);
    const again = await make("--out", "vain", "--json");
    expect(jsonLines(again.stdout)).toEqual([expect.objectContaining({ done: true, utterances: 1 })]);
    const state = JSON.parse(await readFile(join(folder, "vain/new.json"), "utf8")) as { done: object };
    const { reject: _, test: __, ...done } = state.done as Record<string, object>;
    await writeFile(join(folder, "vain/new.json"), JSON.stringify({ ...state, done }));
    expect((await make("--out", "vain")).stdout).toContain(longer.join(" "));
    const plan = await earshot(folder, ...longer, "--dry-run");
    const model = join(folder, "silent.safetensors");
    expect(plan.stdout).toContain(`--set data.augmentation=none --set epochs=2 --model ${model}`);
    expect(plan.code).toBe(0);
  });

  it("names what no voice can say, and ends before training where nothing is left to learn a sentence from", async () => {
    const { code, stderr } = await make("a", "mumble", ...SMALL, ...STILL, "--out", "mute");
    expect(code).toBe(3);
    expect(stderr).toMatch(/left out: clips\/\S+ "mumble": It did not speak/);
    expect(stderr).toMatch(
      /UNSPOKEN_SENTENCE {2}mute\/spoken\/manifest.csv\n {2}Of "mumble" there is no recording to learn from: It did not speak "mumble\."/,
    );
    expect(stderr).not.toContain("2/7");
    expect(stderr).not.toContain("goes on with");
  });

  it("warns once of digits, which commands-en cannot spell", async () => {
    const { stdout, stderr } = await make("5 lamps", "--out", "dry", "--dry-run");
    expect(stderr.match(/UNSPELLABLE_SENTENCES/g)).toHaveLength(1);
    expect(stderr).toContain('"5 lamps": digits and signs are learned as letters of their own');
    expect(stderr).toContain('It begins from nothing: commands-en cannot spell "5".\n');
    expect(stderr).toContain("1 sentence in 60 voices: about ");
    expect(stdout).not.toContain("--model commands-en");
  });

  it("broken off while it estimates, says to run it again", async () => {
    const { stderr } = await earshotUntil(/^trying/, folder, "new", ...WHOLE, "--out", "x");
    expect(stderr).toContain("Interrupted. Run the command again.");
    expect(await readdir(folder)).not.toContain("x");
  });

  it("fetches voices when it is asked to, though the folder was begun without", async () => {
    const before = process.env.XDG_CACHE_HOME;
    process.env.XDG_CACHE_HOME = join(folder, "others.txt"); // where nothing can be written, so that nothing is fetched
    const { code, stderr } = await make("--out", "one", "--fetch").finally(() => {
      if (before === undefined) delete process.env.XDG_CACHE_HOME;
      else process.env.XDG_CACHE_HOME = before;
    });
    expect(code).toBe(3);
    expect(stderr).toMatch(/FILE_SYSTEM\n.*others\.txt/);
    expect(stderr).not.toContain("1/7");
  });

  it("quotes a folder wherever it says how to go on", async () => {
    const out = ["--out", "real run"];
    const broken = await earshotUntil(/^speaking \d/, folder, "new", ...WHOLE, ...out);
    expect(broken.stderr).toContain("or: earshot new --out 'real run'\n");
    const changed = await make("b", ...out);
    expect(changed.stderr).toContain("go on with what was begun: earshot new --out 'real run'\n");
    const { next, report } = await outcomeOf("real run", await wholePlanOf("real run"), DONE);
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

  it("wants a speaker of train for each sentence", async () => {
    const voices = Array.from({ length: 20 }, (_, n) => ({
      name: `v${n}`,
      speaker: `v${n}`,
      language: "en",
    }));
    const speakers = castSpeakers({ name: "tone", mixes: false, voices }, { ...USUAL_SPEECH, seed: 1 });
    const cast = { engines: [{ name: "tone" }], speakers };
    const words = Array.from({ length: 30 }, (_, n) => `word ${n}`);
    const needed = (await voicesNeeded(words, 1, cast, 1))!;
    const unlearned = words.find(
      (text) =>
        planSpeech([text], speakers, { ...USUAL_SPEECH, perSentence: 1 })[0].speaker.split !== "train",
    );
    expect(needed.why).toBe(`no speaker of train says "${unlearned}"`);
    expect(await voicesNeeded(words, needed.enough, cast, 1)).toBeUndefined();
    expect(await voicesNeeded(words, needed.enough - 1, cast, 1)).toEqual(
      expect.objectContaining({ enough: needed.enough }),
    );
    expect(tooFewVoices(1, needed, cast)).toMatchObject({
      problem: `With --voices 1, ${needed.why}: each of these splits has speakers of its own.`,
    });
  });

  it("asks for another engine where no number of voices is enough", async () => {
    const engine = { name: "flite", mixes: false, voices: [{ name: "slt", speaker: "slt", language: "en" }] };
    const speakers = castSpeakers(engine, { ...USUAL_SPEECH, seed: 1 });
    await expect(voicesNeeded(["a"], 3, { engines: [{ name: "flite" }], speakers }, 1)).rejects.toMatchObject(
      {
        code: "TOO_FEW_VOICES",
        where: "flite",
        problem: "It has too few speakers for all of train, dev and test.",
        remedy: "Give --engine another, or several: those with three speakers or more will do.",
      },
    );
  });

  it("estimates what is to be rejected by itself, not by a start times a factor", async () => {
    const given: Record<string, number> = { own: 1000, others: 2 };
    const dryRuns: (readonly string[])[] = [];
    const run = (argv: readonly string[], { output }: Session): Promise<void> => {
      dryRuns.push(argv);
      const seconds = given[argv.includes("a") ? "own" : "others"];
      output.object({ seconds });
      return Promise.resolve();
    };
    const amounts = { sentences: ["a"], negativesTrain: ["yes", "-x"], negativesTest: ["nod"] };
    const session = { output: new Output(true), signal: new AbortController().signal, exitCode: 0 };
    const plan = { ...(await wholePlanOf("real run")), amounts };
    const { speakSeconds } = await estimate("x", plan, run, session);
    expect(dryRuns).toHaveLength(2);
    expect(dryRuns[1].slice(2, 6)).toEqual(["yes", "nod", "--per-sentence", "1"]);
    expect(speakSeconds).toBeCloseTo(1000 + (2 * (2 * 3 + 6 * 3)) / 6, 6);
  });

  it("estimates training by its epochs and weights", async () => {
    const run = (_: readonly string[], { output }: Session): Promise<void> =>
      Promise.resolve(output.object({ seconds: 0 }));
    const session = { output: new Output(true), signal: new AbortController().signal, exitCode: 0 };
    const request = await requestOf("real run");
    const secondsOf = async (changes: Partial<NewRequest>): Promise<number> =>
      (await estimate("x", await newPlanOf("x", { ...request, set: [], ...changes }), run, session))
        .trainSeconds;
    const usual = await secondsOf({ from: undefined });
    expect(await secondsOf({ from: undefined, set: ["epochs=4"] })).toBeCloseTo((4 / 40) * usual, 6);
    expect(await secondsOf({ from: "commands-en" })).toBeGreaterThan(1.2 * usual);
  });

  it("tells of a damaged state", async () => {
    await mkdir(join(folder, "damaged"));
    await writeFile(join(folder, "damaged/new.json"), "{");
    expect((await make("--out", "damaged")).stderr).toMatch(
      /INVALID_CONFIG {2}damaged\/new.json[\s\S]*not JSON/,
    );
    await writeFile(join(folder, "damaged/new.json"), '{"request":{"threads":2},"done":{}}');
    expect((await make("--out", "damaged")).stderr).toMatch(
      /INVALID_CONFIG {2}damaged\/new.json\n {2}It is damaged, or of another version of Earshot: .*request\..*\n {2}Delete it and what is beside it, or give another --out\.\n/,
    );
  });
});

function sessionNoting(notes: string[]): Session {
  const status = { interactive: false, write: () => {}, note: (text: string) => void notes.push(text) };
  const output = new Output(false, { ...status, progress: () => {}, clear: () => {} });
  return { output, signal: new AbortController().signal, exitCode: 0 };
}

describe("what training begins with", () => {
  const REQUEST = {
    grammar: "stop\n",
    format: "phrases",
    voices: 1,
    language: "en",
    seed: 1,
    engines: [],
    set: [],
  } as const;
  const AMOUNTS = { sentences: ["stop"], negativesTrain: ["go"], negativesTest: ["no"] };

  it.each([
    [{}, {}, "commands-en", "It begins with the model commands-en; --from nothing does without."],
    [{ set: ["epochs=3"] }, {}, "commands-en", "It begins with the model"],
    [{ language: "de" }, {}, undefined, "from nothing: commands-en is English, and --language is de."],
    [{}, { negativesTrain: ["café"] }, undefined, 'from nothing: commands-en cannot spell "é".'],
    [{ set: ["network.width=64"] }, {}, undefined, "has another network than --set asks for."],
    [{ set: ["features.kind=mfcc"] }, {}, undefined, "does not go with what --set asks for."],
    [{ set: ['alphabet=["s","t","o","ß"]'] }, {}, undefined, 'from nothing: commands-en cannot spell "ß".'],
    [{ set: ["alphabet=extended"] }, { sentences: ["café"] }, "commands-en", "It begins with the model"],
  ])("of %j and %j", async (changes, amounts, base, told) => {
    const notes: string[] = [];
    const session = sessionNoting(notes);
    const chosen = usualBase("x", { ...REQUEST, ...changes }, { ...AMOUNTS, ...amounts }, session);
    expect(await chosen).toBe(base);
    expect(notes).toEqual([expect.stringContaining(told)]);
  });

  it("is named by its path where a folder of its name is written", async () => {
    const session = sessionNoting([]);
    expect(await usualBase("./commands-en", REQUEST, AMOUNTS, session)).toMatch(
      /models\/commands-en\/model\.safetensors$/,
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

  it("and the words are the same whatever their capitals", async () => {
    await writeFile(join(folder, "twice.txt"), "Stop\n\ngo on\nstop\n");
    expect((await givenWords([], join(folder, "twice.txt")))?.grammar).toBe("Stop\n\ngo on\n");
  });

  it("may be given", () => {
    expect(negativeSentences(["ja"], "nein\nja bitte\n\nvielleicht\ndoch\n")).toEqual({
      negativesTrain: ["nein", "doch"],
      negativesTest: ["vielleicht"],
    });
  });
});
