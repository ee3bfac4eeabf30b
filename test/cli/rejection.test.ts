// What a model is to reject, from the command line: learned, stored, obeyed and overruled.

import { copyFile, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { writeModelFile } from "../../src/model/index.ts";
import { constantModel } from "../model/small-model.ts";
import { sweep, waveFile } from "../recognizer/wave-file.ts";
import { earshot, jsonLines } from "./command-line.ts";

const folder = await mkdtemp(join(tmpdir(), "earshot-rejection-"));
afterAll(() => rm(folder, { recursive: true }));
const model = writeModelFile(constantModel("a")); // hears "a" in everything
const run = (...argv: string[]) => earshot(folder, ...argv, "--threads", "1");
const OWN = ["-m", "model.safetensors"];

beforeAll(async () => {
  await mkdir(join(folder, "noise"));
  for (const name of ["one.wav", "noise/b.wav", "noise/c.wav"])
    await writeFile(join(folder, name), waveFile(sweep(0.5)));
  await writeFile(join(folder, "model.safetensors"), model);
  await writeFile(join(folder, "spoken.csv"), "path,transcript,speaker,split\none.wav,a,x,dev\n");
  await writeFile(
    join(folder, "both.csv"),
    "path,transcript,speaker,split\none.wav,a,x,test\nnoise/b.wav,,,test\nnoise/c.wav,,,test\n",
  );
});

describe("earshot tune --reject", () => {
  it("learns a threshold, stores it in the model file, and draws what it brings and costs", async () => {
    const learning = ["tune", "spoken.csv", ...OWN, "--reject", "noise", "--false-accepts", "2"];
    const { code, stdout, stderr } = await run(...learning, "--trade-off", "page.html", "--json");
    expect(code).toBe(0);
    expect(stderr).toContain("SHORT_CALIBRATION  Only 1.0 s of what is to be rejected");
    expect(stderr).toContain("whether no more than 2 texts an hour will be accepted. Give 30:00 or more.");
    const [found] = jsonLines(stdout);
    expect(found).toMatchObject({
      rejection: { weights: { spelling: 0, certainty: 0 }, falseAcceptsPerHour: 2 },
      chosen: { falseAccepts: 0 }, // in a second of noise not one is allowed
      utterances: 1,
      others: 2,
      stored: "model.safetensors",
      failures: [],
    });
    expect(await readFile(join(folder, "page.html"), "utf8")).toContain("<svg");
    const [{ rejection }] = jsonLines((await earshot(folder, "inspect", OWN[1], "--json")).stdout);
    expect(rejection).toEqual((found as { rejection: object }).rejection);
    const one = await run("tune", "spoken.csv", ...OWN, "--reject", "noise");
    expect(one.stderr).toContain(
      "whether no more than 1 text an hour will be accepted. Give 1:00:00 or more.",
    );
  });

  it("takes of a manifest what is of the split of the utterances", async () => {
    const rows = "noise/b.wav,,,dev\nnoise/c.wav,,,train\n";
    await writeFile(join(folder, "others.csv"), `path,transcript,speaker,split\n${rows}`);
    await copyFile(join(folder, "model.safetensors"), join(folder, "copy.safetensors"));
    const { stdout } = await run(
      "tune",
      "spoken.csv",
      "-m",
      "copy.safetensors",
      "--reject",
      "others.csv",
      "--json",
    );
    expect(jsonLines(stdout)).toMatchObject([{ others: 1 }]);
  });

  it("is obeyed by transcribe and test, unless they are told otherwise", async () => {
    const hear = async (...options: string[]) =>
      jsonLines((await run("transcribe", "one.wav", ...OWN, "--json", ...options)).stdout)[0];
    expect(await hear()).toMatchObject({
      text: "",
      words: [],
      rejected: { reason: "noise", best: "a", confidence: 0.5 },
    });
    expect(await hear("--reject-threshold", "0.4")).toMatchObject({ text: "a", confidence: 0.5 });
    const all = await hear("--no-reject");
    expect(all).toMatchObject({ text: "a" });
    expect(all).not.toHaveProperty("confidence");
    const tested = (await run("test", "both.csv", ...OWN)).stdout;
    expect(tested).toContain("accepted 0.0 % of 1 utterances; 0 false accepts in");
    const [{ acceptance }] = jsonLines(
      (await run("test", "both.csv", ...OWN, "--no-reject", "--json")).stdout,
    );
    expect(acceptance).toMatchObject({
      utterances: 1,
      recall: 1,
      falseAccepts: 2,
      falseAcceptsPerHour: 7200,
    });
  });

  it("leaves the model as it was where it cannot learn, and says why", async () => {
    await copyFile(join(folder, "model.safetensors"), join(folder, "before.safetensors"));
    const missing = await run("tune", "spoken.csv", ...OWN, "--reject", "noise", "nowhere.csv");
    expect(missing).toMatchObject({ code: 3, stderr: expect.stringContaining("There is no such file.") });
    const contradictory = await run("tune", "spoken.csv", ...OWN, "--reject", "noise", "./one.wav");
    expect(contradictory).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("one.wav is an utterance of the manifest, and is to be rejected."),
    });
    const several = await run("tune", "spoken.csv", ...OWN, ...OWN, "--reject", "noise");
    expect(several).toMatchObject({ code: 2, stderr: expect.stringContaining("Give one -m.") });
    const rate = await run("tune", "spoken.csv", ...OWN, "--reject", "noise", "--false-accepts", "few");
    expect(rate).toMatchObject({ code: 2, stderr: expect.stringContaining("at least 0") });
    const alone = await run("tune", "spoken.csv", ...OWN, "--trade-off", "a.html");
    expect(alone).toMatchObject({ code: 2, stderr: expect.stringContaining("go with --reject") });
    const both = await run("tune", "spoken.csv", ...OWN, "--reject", "noise", "--store");
    expect(both).toMatchObject({ code: 2, stderr: expect.stringContaining("a call of their own") });
    const over = await run("tune", "spoken.csv", ...OWN, "--reject", "noise", "--trade-off", "noise/b.wav");
    expect(over.code).not.toBe(0);
    await writeFile(join(folder, "fresh.safetensors"), model);
    const uncalibrated = await run(
      "transcribe",
      "one.wav",
      "-m",
      "fresh.safetensors",
      "--reject-threshold",
      "0.5",
    );
    expect(uncalibrated.stderr).toContain("error: MISSING_CALIBRATION");
    const bytes = await Promise.all(
      ["model", "before"].map((name) => readFile(join(folder, `${name}.safetensors`))),
    );
    expect(bytes[0].equals(bytes[1])).toBe(true);
  });
});
