// A small run of recipes/damage, with a network that has learned nothing: what it hears is arbitrary, but always the same.

import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import { saveModelFile } from "../../src/model/index.ts";
import { untrainedModel } from "../model/small-model.ts";

const DAMAGED = process.env.EARSHOT_DAMAGED ?? "24"; // each kind of damage once
const program = fileURLToPath(new URL("../../recipes/damage/run.mjs", import.meta.url));
const isMissing = ["ffmpeg", "ffprobe"].some((name) => spawnSync(name, ["-version"]).error !== undefined);
const folder = mkdtempSync(join(tmpdir(), "earshot-damage-test-"));
afterAll(() => rmSync(folder, { recursive: true }));

describe.skipIf(isMissing)("damaged recordings among intact ones (skipped without ffmpeg)", () => {
  it(`${DAMAGED} of them leave 12 others as they are, and each gives its text or a named error`, async () => {
    const model = join(folder, "model.safetensors");
    await saveModelFile(model, untrainedModel());
    const sizes = ["--damaged", DAMAGED, "--intact", "12"];
    const parameters = [program, "--model", model, "--folder", join(folder, "files"), ...sizes];
    const { stdout, stderr } = spawnSync(process.execPath, parameters, { encoding: "utf8" });
    expect([stdout.split("\n").at(-2), stderr]).toEqual(["0 wrong", ""]);
  });
});
