// `earshot doctor`, called in this process, on files as people have them: manifests with recordings, settings, a run.

import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Command } from "commander";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { addDoctor } from "../../src/apps/cli/commands/doctor.ts";
import { Output } from "../../src/apps/cli/output.ts";
import type { Session } from "../../src/apps/cli/session.ts";
import { encodeWav } from "../../src/audio/index.ts";
import { diagnose, type Diagnosis } from "../../src/doctor/index.ts";
import { hearDemo, settingsOf } from "./corpus.ts";

const folder = mkdtempSync(join(tmpdir(), "earshot-doctor-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const file = (name: string) => join(folder, name);

/** Runs the command; what it wrote on stdout and its exit code. */
async function doctor(...argv: string[]): Promise<{ text: string; code: number }> {
  const output = new Output(argv.includes("--json"));
  let text = "";
  output.write = (more) => void (text += more);
  const session: Session = { output, signal: new AbortController().signal, exitCode: 0 };
  const program = new Command("earshot").exitOverride().configureOutput({ outputError: () => undefined });
  addDoctor(program, session);
  await program.parseAsync(["doctor", ...argv], { from: "user" });
  return { text, code: session.exitCode };
}

const asJson = ({ text }: { text: string }): Diagnosis => JSON.parse(text) as Diagnosis;
const codesOf = ({ findings }: Diagnosis): string[] => findings.map(({ code }) => code);

beforeAll(async () => {
  const rows = (await hearDemo(14, 4)).map((row, i) => ({ ...row, path: file(`${i}.wav`) }));
  for (const { path, samples } of rows) writeFileSync(path, encodeWav(samples, 16_000)); // read faster than MP3
  const lines = rows.map(
    ({ path, transcript, speaker, split }) => `${path},${transcript},${speaker},${split}`,
  );
  const write = (name: string, body: readonly string[]) =>
    writeFileSync(file(name), ["path,transcript,speaker,split", ...body].join("\n"));
  write("healthy.csv", lines);
  write("many.csv", Array.from({ length: 8 }, () => lines).flat());
  write("numbers.csv", [...lines, `${rows[0].path},room 101,${rows[0].speaker},train`]);
  write("gone.csv", [...lines, `gone.wav,hello,x,train`, `,no path,x,train`]);
  mkdirSync(file("run"));
  const settings = settingsOf({ epochs: 20, network: { width: 64 } });
  writeFileSync(file("run/run.json"), JSON.stringify({ manifests: [file("healthy.csv")], settings }));
});

/** A log of a run as training writes it. */
function writeLog(losses: readonly (number | null)[]): void {
  const events = losses.flatMap((loss, i) => [
    {
      type: "batch",
      epoch: i + 1,
      epochs: 20,
      batch: 1,
      batches: 1,
      step: i + 1,
      loss,
      gradientNorm: loss && 5,
    },
    {
      type: "epoch",
      epoch: i + 1,
      epochs: 20,
      step: i + 1,
      trainLoss: loss,
      best: false,
      seconds: 1,
      waiting: 0,
    },
  ]);
  writeFileSync(file("run/log.jsonl"), events.map((event) => `${JSON.stringify(event)}\n`).join(""));
}

describe("earshot doctor", () => {
  it("finds nothing wrong with a healthy manifest, says what it looked at, and exits with 0", async () => {
    const { text, code } = await doctor(file("healthy.csv"));
    expect(text).not.toContain("✗");
    expect(text).toMatch(/✓ \d+ checks healthy/);
    expect(text).toContain("every recording gives steps enough for its text");
    expect(text).toContain("? cannot be told from this:");
    expect(text).toContain("a manifest of at least 30 recordings with words");
    const untold = text.split("\n").filter((line) => line.includes("needs a trained model"));
    expect(untold).toEqual([
      expect.stringMatching(
        /the model bears silence before and after speech; soft, loud.*; rooms; telephones; /,
      ),
    ]);
    expect(code).toBe(0);
  });

  it("names file and line, says what to do and where more is said, and exits with 1", async () => {
    const { text, code } = await doctor(file("numbers.csv"));
    expect(text).toMatch(/✗ UNKNOWN_LETTERS {2}Transcripts hold characters that the alphabet cannot spell/);
    expect(text).toMatch(/"1" {2}.*numbers\.csv:20/);
    expect(text).toMatch(/remedy {4}Add them to the alphabet/);
    expect(text).toContain("docs/doctor.md#unknown_letters");
    expect(code).toBe(1);
  });

  it("goes on where recordings are missing and rows are malformed", async () => {
    const { findings } = asJson(await doctor(file("gone.csv"), "--json"));
    expect(findings.map(({ code, severity }) => `${code} ${severity}`).slice(0, 2)).toEqual([
      "MALFORMED_ROWS warning",
      "UNREADABLE_RECORDINGS warning",
    ]);
  });

  it("looks at settings with a manifest and alone", async () => {
    writeFileSync(file("fast.yaml"), "schedule: { peak: 0.5 }\n");
    expect(codesOf(asJson(await doctor(file("healthy.csv"), file("fast.yaml"), "--json")))).toContain(
      "LEARNING_RATE_TOO_HIGH",
    );
    const alone = asJson(await doctor("--set", "network.dropout=0.8", "--json"));
    expect(codesOf(alone)).toEqual(["DROPOUT_TOO_HIGH"]);
    expect(alone.untold.map(({ probe }) => probe).join()).toContain("the manifest: earshot doctor");
  });

  it("judges a manifest by what training would do with it, and by what it is told not to do", async () => {
    const codes = async (...argv: string[]) => codesOf(asJson(await doctor(...argv, "--json")));
    expect(await codes(file("many.csv"))).not.toContain("CUT_ALIKE");
    expect(await codes(file("many.csv"), "--set", "data.augmentation=none")).toContain("CUT_ALIKE");
  });

  it("makes a finding of a setting that does not exist", async () => {
    const { findings } = asJson(await doctor(file("healthy.csv"), "--set", "network.widht=3", "--json"));
    expect(findings[0]).toMatchObject({ code: "INVALID_SETTINGS", severity: "wrong" });
    expect(findings[0].remedy).toContain("network.width");
  });

  it("refuses to look at nothing, at what is not there and at different kinds", async () => {
    await expect(doctor()).rejects.toMatchObject({ code: "USAGE" });
    await expect(doctor(file("none.csv"))).rejects.toMatchObject({ code: "SUBJECT_NOT_FOUND" });
    await expect(doctor(file("healthy.csv"), file("run"))).rejects.toMatchObject({ code: "MIXED_SUBJECTS" });
  });
});

describe("a run", () => {
  it("is looked at with its data and its curve", async () => {
    writeLog([300, 160, 90, 40, 12]);
    const diagnosis = await diagnose([file("run")]);
    expect(diagnosis.findings.filter(({ severity }) => severity === "wrong")).toEqual([]);
    expect(diagnosis.healthy).toContain("every loss and gradient is a number");
    expect(diagnosis.healthy).toContain("every transcript has words");
  });

  it("whose loss became NaN names step, epoch and batch", async () => {
    writeLog([300, 160, null, null]);
    const { findings } = await diagnose([file("run")]);
    expect(findings[0]).toMatchObject({ code: "LOSS_NOT_FINITE", severity: "wrong" });
    expect(findings[0].evidence[0]).toContain("step 3 (epoch 3, batch 1)");
  });

  it("whose loss stands still says at which level", async () => {
    writeLog([71, 71.1, 71, 70.9, 71]);
    const { findings } = await diagnose([file("run")]);
    expect(findings[0].code).toBe("FLAT_LOSS");
    expect(findings[0].evidence.join("\n")).toMatch(/uniform outputs \(\d+/);
  });

  it("without a run.json is no run", async () => {
    mkdirSync(file("broken"));
    writeFileSync(file("broken/run.json"), "{");
    await expect(diagnose([file("broken")])).rejects.toMatchObject({ code: "NOT_A_RUN" });
  });
});

it("docs/cli.md shows the shape that --json writes", async () => {
  const diagnosis = asJson(await doctor(file("numbers.csv"), "--json"));
  const page = readFileSync(new URL("../../docs/cli.md", import.meta.url), "utf8");
  const section = page.slice(page.indexOf("## `earshot doctor`"));
  const shown = JSON.parse(/```json\n([\s\S]*?)```/.exec(section)![1]) as Diagnosis;
  expect(Object.keys(diagnosis).toSorted()).toEqual(Object.keys(shown).toSorted());
  expect(Object.keys(diagnosis.findings[0]).toSorted()).toEqual(Object.keys(shown.findings[0]).toSorted());
});
