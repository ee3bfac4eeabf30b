// Engines that are programs: their protocol against scripts that stand in for them, and the programs themselves where they
// are installed.

import { spawnSync } from "node:child_process";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, describe, expect, it } from "vitest";
import { encodeWav, SAMPLE_RATE_HZ } from "../../src/audio/index.ts";
import { runExecutable } from "../../src/platform/index.ts";
import { openSpeechEngine } from "../../src/synthesis/index.ts";
import { putOnPath } from "./fake-programs.ts";

const VOICES = `Pty Language       Age/Gender VoiceName          File                 Other Languages
 2  en-gb           --/M      English_(Great_Britain) gmw/en               (en 2)
 3  en-uk           --/M      english-mb-en1     mb/mb-en1            (en-gb 3)(en 2)
 2  en-US           --/M      English_(America)  gmw/en-US            (en 3)
 5  variant         --/M      Storm              !v/Storm             (en-us 5)`;
const VARIANTS = `Pty Language       Age/Gender VoiceName          File                 Other Languages
 5  variant         --/M      Adam               !v/adam
 5  variant         --/M      Mr_Serious         !v/Mr serious        `;

const nothing = async (): Promise<void> => {};
let undo = nothing;
afterEach(async () => {
  await undo();
  undo = nothing;
});

const tone = (): Float32Array => Float32Array.from({ length: 1600 }, (_, n) => 0.5 * Math.sin(n / 5));

describe("espeak-ng", () => {
  it("lists variants as speakers with the accents of the language, and speaks by stdin", async () => {
    const folder = await mkdtemp(join(tmpdir(), "earshot-fake-"));
    await writeFile(join(folder, "tone.wav"), encodeWav(tone(), SAMPLE_RATE_HZ));
    undo = await putOnPath({
      "espeak-ng": `case "$1" in
        --voices=variant) /bin/cat <<'E'\n${VARIANTS}\nE\n;;
        --voices=*) /bin/cat <<'E'\n${VOICES}\nE\n;;
        *) echo "$@" > ${folder}/parameters; /bin/cat > ${folder}/text; /bin/cat ${folder}/tone.wav;;
      esac`,
    });
    const engine = await openSpeechEngine("espeak-ng", { language: "en" });
    expect(engine.voices).toEqual([
      { name: "en-gb+adam", speaker: "adam", language: "en-gb" },
      { name: "en-us+adam", speaker: "adam", language: "en-us" },
      { name: "en-gb+Mr serious", speaker: "Mr serious", language: "en-gb" },
      { name: "en-us+Mr serious", speaker: "Mr serious", language: "en-us" },
    ]);
    const { samples, rateHz } = await engine.speak("-v $(ls)", [{ voice: "en-us+adam", share: 1 }], {
      speed: 1.2,
    });
    expect(rateHz).toBe(SAMPLE_RATE_HZ);
    expect(samples[100]).toBeCloseTo(tone()[100], 3);
    expect(await readFile(join(folder, "parameters"), "utf8")).toBe(
      "-v en-us+adam -s 210 --stdin --stdout\n",
    );
    expect(await readFile(join(folder, "text"), "utf8")).toBe("-v $(ls)");
    await rm(folder, { recursive: true });
  });

  it("names the remedy where it is absent, fails, or does not speak the language", async () => {
    undo = await putOnPath({});
    await expect(openSpeechEngine("espeak-ng", { language: "en" })).rejects.toMatchObject({
      code: "SPEECH_ENGINE_ABSENT",
      problem: 'There is no program "espeak-ng" on the PATH.',
      remedy:
        "Install espeak-ng (on the PATH), for example: apt-get install espeak-ng; or choose another engine.",
    });
    await undo();
    undo = await putOnPath({ "espeak-ng": `echo "no data" >&2; exit 1` });
    await expect(openSpeechEngine("espeak-ng", { language: "en" })).rejects.toMatchObject({
      code: "SPEECH_ENGINE_ABSENT",
      problem: "The program does not name its voices: no data.",
    });
    await undo();
    undo = await putOnPath({ "espeak-ng": `/bin/cat <<'E'\n${VOICES}\nE\n` });
    await expect(openSpeechEngine("espeak-ng", { language: "en-gp" })).rejects.toMatchObject({
      code: "LANGUAGE_NOT_SPOKEN",
      problem: 'It has no voice that speaks "en-gp".',
      remedy: 'Did you mean "en-gb"?',
    });
  });
});

describe("flite", () => {
  it("passes over the voice that tells the time, and knows two recordings of one speaker", async () => {
    undo = await putOnPath({ flite: `[ "$1" = -lv ] && echo "Voices available: kal awb_time kal16 slt "` });
    const engine = await openSpeechEngine("flite", { language: "en" });
    expect(engine.voices.map(({ name, speaker }) => `${name} by ${speaker}`)).toEqual([
      "kal by kal",
      "kal16 by kal",
      "slt by slt",
    ]);
    await expect(engine.speak("hello", [{ voice: "slt", share: 1 }], { speed: 1 })).rejects.toMatchObject({
      code: "SPEECH_FAILED",
      problem: 'It did not speak "hello": the program failed.',
    });
    await expect(openSpeechEngine("flite", { language: "de" })).rejects.toMatchObject({
      code: "LANGUAGE_NOT_SPOKEN",
    });
  });
});

describe("the table of engines", () => {
  it("suggests the name that was meant", async () => {
    await expect(openSpeechEngine("espeak", { language: "en" })).rejects.toMatchObject({
      code: "UNKNOWN_SPEECH_ENGINE",
      remedy: 'Did you mean "espeak-ng"?',
    });
  });
});

const isInstalled = (name: string): boolean =>
  spawnSync(name, ["--version"], { stdio: "ignore" }).error === undefined;

describe.each(["espeak-ng", "flite"])("%s itself", (name) => {
  it.skipIf(!isInstalled(name))(
    `speaks, faster when asked to (skipped where ${name} is absent)`,
    async () => {
      const engine = await openSpeechEngine(name, { language: "en" });
      const mix = [{ voice: engine.voices[0].name, share: 1 }];
      const seconds = async (speed: number): Promise<number> => {
        const { samples, rateHz } = await engine.speak("turn on the light", mix, { speed });
        return samples.length / rateHz;
      };
      const [usual, fast] = [await seconds(1), await seconds(1.5)];
      expect(usual).toBeGreaterThan(0.8);
      expect(usual).toBeLessThan(2.5);
      expect(fast).toBeLessThan(0.85 * usual);
    },
  );
});

describe("a program that does not end by itself", () => {
  it("is told of by what ended it", async () => {
    undo = await putOnPath({
      flite: `if [ "$1" = -lv ]; then echo "Voices available: slt"; else echo "oh" >&2; kill -SEGV $$; fi`,
      slow: "exec /bin/sleep 20",
    });
    const engine = await openSpeechEngine("flite", { language: "en" });
    await expect(engine.speak("hello", [{ voice: "slt", share: 1 }], { speed: 1 })).rejects.toMatchObject({
      problem: 'It did not speak "hello": it was ended by SIGSEGV.',
    });
    expect(await runExecutable("slow", [], { limitSeconds: 0.1 })).toMatchObject({
      exitCode: undefined,
      endedBy: "it ran longer than 0.1 s",
    });
  });
});

describe("a program that is interrupted", () => {
  it("is ended, and the reason is the signal's", async () => {
    undo = await putOnPath({
      flite: `if [ "$1" = -lv ]; then echo "Voices available: slt"; else exec /bin/sleep 20; fi`,
    });
    const engine = await openSpeechEngine("flite", { language: "en" });
    const reason = new Error("stop");
    const controller = new AbortController();
    const speaking = engine.speak("hello", [{ voice: "slt", share: 1 }], {
      speed: 1,
      signal: controller.signal,
    });
    setTimeout(() => controller.abort(reason), 50);
    await expect(speaking).rejects.toBe(reason);
  });
});
