// `earshot data speak` with a script in the place of espeak-ng.

import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { encodeWav } from "../../src/audio/index.ts";
import { putOnPath } from "../synthesis/fake-programs.ts";
import { earshot, earshotUntil } from "./command-line.ts";

const VOICES = ` 2  en-us  --/M  English  gmw/en-US  (en 3)`;
const VARIANTS = ["adam", "belinda", "caleb", "david", "ed", "f1"]
  .map((name) => ` 5  variant  --/M  ${name}  !v/${name}`)
  .join("\n");

const folder = await mkdtemp(join(tmpdir(), "earshot-data-speak-"));
let undo = async (): Promise<void> => {};
beforeAll(async () => {
  const hum = Float32Array.from({ length: 16_000 }, (_, n) => 0.3 * Math.sin(n / 10));
  await writeFile(join(folder, "hum.wav"), encodeWav(hum, 16_000));
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

const speak = (...flags: readonly string[]) => earshot(folder, "data", "speak", ...flags);

describe("earshot data speak", () => {
  it("makes a corpus, and goes on with it", async () => {
    const first = await speak(
      "turn on the light",
      "stop it now",
      "--out",
      "a",
      "--per-sentence",
      "4",
      "--json",
    );
    expect(first.stderr).toBe("");
    const made = JSON.parse(first.stdout);
    expect(made).toMatchObject({ manifest: "a/manifest.csv", utterances: 8, kept: 0, leftOut: [] });
    expect(made.splits.train).toMatchObject({ seconds: made.splits.train.utterances });
    const again = await speak("turn on the light", "stop it now", "--out", "a", "--per-sentence", "4");
    expect(again).toMatchObject({ code: 0, stdout: "" });
    expect(again.stderr).toContain("2 sentences, 8 utterances, 8 of them there already: train ");
    expect(again.stderr).toContain("Next: earshot train a/manifest.csv");
  });

  it("tells what it leaves out, by its exit code too", async () => {
    const { code, stderr } = await speak("turn on the light", "mumble", "--out", "b", "--per-sentence", "2");
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /left out: clips\/espeak-ng-\S+ "mumble": It did not speak "mumble\.": the program failed/,
    );
    expect(await readFile(join(folder, "b/manifest.csv"), "utf8")).not.toContain("mumble");
  });

  it("says which splits have nothing, unless nobody wants any", async () => {
    const few = ["turn on the light", "--per-sentence", "1"];
    const { stderr } = await speak(...few, "--out", "f");
    expect(stderr).toMatch(/There is no recording of the split (train|dev): take more voices/);
    const wanted = await speak(...few, "--out", "f", "--dev", "0", "--test", "0");
    expect(wanted.stderr).not.toContain("no recording of");
  });

  it("of what is to be rejected leaves the transcripts empty", async () => {
    const flags = ["good night", "--out", "r", "--to-reject", "--per-sentence", "3"];
    expect(await speak(...flags)).toMatchObject({ code: 0 });
    const rows = (await readFile(join(folder, "r/manifest.csv"), "utf8")).trim().split("\n").slice(1);
    expect(rows).toHaveLength(3);
    for (const row of rows) expect(row.split(",")[1]).toBe("");
    const { code, stderr } = await speak(...flags, "--check", "m.safetensors");
    expect(code).toBe(2);
    expect(stderr).toContain("which --to-reject leaves empty");
  });

  it("plans without making anything", async () => {
    const plan = await speak("turn on the light", "--out", "c", "--dry-run", "--json");
    expect(JSON.parse(plan.stdout)).toMatchObject({ sentences: 1, utterances: 10, toMake: 10, kept: 0 });
    expect(await readdir(folder)).not.toContain("c");
  });

  it("takes sentences of files, grammars and manifests", async () => {
    await writeFile(join(folder, "words.txt"), "# two of them\nyes\n\nno\n");
    await writeFile(join(folder, "home.jsgf"), "public <a> = lamp (on | off);");
    await writeFile(
      join(folder, "old.csv"),
      "path,transcript,split\nx.wav,good night,train\ny.wav,never,test\n",
    );
    const sources = ["--file", "words.txt", "--grammar", "home.jsgf", "--manifest", "old.csv"];
    const plan = await speak(...sources, "yes", "--out", "d", "--dry-run", "--json", "--per-sentence", "1");
    expect(JSON.parse(plan.stdout)).toMatchObject({ sentences: 5, utterances: 5 });
  });

  it("lists voices", async () => {
    const { stdout, stderr } = await speak("--list-voices", "--voices", "!f*,!en-us+ed");
    expect(
      stdout
        .trim()
        .split("\n")
        .map((line) => line.split(/\s+/)[1]),
    ).toEqual(["adam", "belinda", "caleb", "david"].map((name) => `en-us+${name}`));
    expect(stderr).toBe("espeak-ng 4 voices of 4 speakers\n");
  });

  it("warns once of what the alphabet cannot spell", async () => {
    const odd = ["set it to 20 %", "turn on the light", "hello, you"];
    const { stderr } = await speak(...odd, "--out", "w", "--dry-run", "--per-sentence", "1");
    expect(stderr.match(/UNSPELLABLE_SENTENCES/g)).toHaveLength(1);
    expect(stderr).toMatch(
      /UNSPELLABLE_SENTENCES {2}2 of 3 sentences cannot be spelled by the usual alphabet, the first: "set it to 20 %": The alphabet cannot spell "2" .* Write it as it is spoken, numbers in words; or train with/,
    );
    const plain = await speak("turn on the light", "--out", "w", "--dry-run", "--per-sentence", "1");
    expect(plain.stderr).not.toContain("UNSPELLABLE");
  });

  it("keeps what was made when it is interrupted", async () => {
    const flags = ["turn on the light", "--out", "e", "--per-sentence", "30"];
    const run = await earshotUntil(/^speaking 1\d/, folder, "data", "speak", ...flags);
    expect(run).toMatchObject({ code: 130 });
    expect(await readdir(join(folder, "e"))).toEqual(["clips"]);
    const names = await readdir(join(folder, "e/clips"), { recursive: true });
    expect(names.filter((name) => name.endsWith(".wav")).length).toBeGreaterThan(9);
    expect(names.filter((name) => name.endsWith(".part"))).toEqual([]);
  });

  it.each([
    [["hello"], /no --out/],
    [["hello", "--out", "x", "--dry-run", "--fetch"], /--dry-run makes nothing, and --fetch fetches/],
    [["--out", "x"], /NO_SENTENCES.*\n.*nothing to be spoken/],
    [["hello", "--out", "x", "--engine", "kokoro", "--kokoro", "nowhere"], /no model.onnx[\s\S]*--fetch/],
    [["hello", "--out", "x", "--engine", "espeak"], /Did you mean "espeak-ng"/],
    [["hello", "--out", "x", "--engine", "espeak-ng=much"], /such as kokoro=3/],
    [
      ["hello", "--out", "x", "--engine", "flite"],
      /no program "flite" on the PATH[\s\S]*apt-get install flite/,
    ],
    [["hello", "--out", "x", "--voices", "!*"], /UNKNOWN_VOICE[\s\S]*leave no voice/],
    [["hello", "--out", "x", "--check", "none.safetensors"], /none\.safetensors/],
    [["hello", "--out", "x", "--voices", "bellinda"], /UNKNOWN_VOICE[\s\S]*Did you mean "belinda"/],
    [["hello", "--out", "x", "--language", "xx"], /None of the speech engines[\s\S]*speaks "xx"/],
    [["hello", "--out", "x", "--speeds", "2..1"], /from 0.5 to 2/],
    [["hello", "--out", "x", "--grammar", "none.jsgf"], /none.jsgf[\s\S]*no such file/],
    [["hello", "--out", "hum.wav"], /hum.wav is a file, and a folder is needed there/],
  ])("of %j says what is wrong", async (flags, message) => {
    const { code, stderr } = await speak(...flags);
    expect(code).toBeGreaterThan(1);
    expect(stderr).toMatch(message);
    expect(await readdir(folder)).not.toContain("x");
  });
});
