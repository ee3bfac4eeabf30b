// The faults of a real notebook that would not train, re-created with PyTorch 2.15 by make.py: the doctor names each
// that the export determines, and for the rest the probe that would.

import { readdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { batchChecks } from "../../../src/doctor/arrays/checks/checks.ts";
import { BATCH_PROBES } from "../../../src/doctor/arrays/evidence/batch-evidence.ts";
import { readBatchEvidence } from "../../../src/doctor/arrays/evidence/read.ts";
import { conclude, examine } from "../../../src/doctor/examination.ts";

const folder = fileURLToPath(new URL(".", import.meta.url));

const examineFile = async (name: string) =>
  conclude(await examine(batchChecks, await readBatchEvidence([`${folder}${name}.npz`]), BATCH_PROBES));

const NAMED: Readonly<Record<string, string>> = {
  "hidden-state-kept": "STATE_CARRIED_OVER",
  "no-time-axis": "NO_TIME_AXIS",
  "softmax-over-time": "SOFTMAX_OVER_WRONG_AXIS",
  probabilities: "PROBABILITIES_NOT_LOGS",
  "constant-lengths": "LABELS_PADDED_WITH_SYMBOL",
  "detached-loss": "DETACHED_LOSS",
  "nonzero-counted": "TARGET_LENGTHS_COUNT_NONZERO",
  "lengths-from-argmax": "LENGTHS_FROM_ARGMAX",
  "rnn-without-batch-first": "RECURRENCE_OVER_BATCH",
  "layer-5-as-output": "OUTPUT_CLIPPED",
  "unknown-mapped-to-blank": "UNKNOWN_MAPPED_TO_BLANK",
  "mel-above-nyquist": "MEL_ABOVE_NYQUIST",
};

it.each(Object.entries(NAMED))("%s is named %s, before anything else", async (name, code) => {
  const { findings } = await examineFile(name);
  expect(findings[0]?.code).toBe(code);
});

it("constant labels of 100 hide constant lengths, which are named too", async () => {
  const { findings } = await examineFile("constant-lengths");
  expect(findings.map(({ code }) => code)).toContain("CONSTANT_LENGTHS");
});

const UNTOLD: Readonly<Record<string, string>> = {
  "arrays-only-hidden-state": "the same batch again",
  "arrays-only-detached": "probe.py: parameters, step",
  "arrays-only-rnn-over-batch": "the utterances in another order",
};

it.each(Object.entries(UNTOLD))(
  "%s cannot be told from arrays alone, and the doctor asks for %s",
  async (name, probe) => {
    const { findings, untold } = await examineFile(name);
    expect(findings).toEqual([]);
    expect(untold.map((each) => each.probe).join("\n")).toContain(probe);
  },
);

it.each(["healthy-early", "healthy-late"])("%s has nothing to tell", async (name) => {
  expect((await examineFile(name)).findings).toEqual([]);
});

it("every export of the folder is looked at", () => {
  const exports = readdirSync(folder).filter((name) => name.endsWith(".npz"));
  const known = [...Object.keys(NAMED), ...Object.keys(UNTOLD), "healthy-early", "healthy-late"];
  expect(exports.toSorted()).toEqual(known.map((name) => `${name}.npz`).toSorted());
});
