// The codes of all checks: each once in the causal order, each a heading of docs/doctor.md.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { batchChecks } from "../../src/doctor/arrays/checks/checks.ts";
import { CAUSAL_ORDER } from "../../src/doctor/causal-order.ts";
import { settingsChecks } from "../../src/doctor/config/settings.ts";
import { curveChecks } from "../../src/doctor/curve/checks.ts";
import { featureChecks } from "../../src/doctor/data/features.ts";
import { frameChecks } from "../../src/doctor/data/frames.ts";
import { pairChecks } from "../../src/doctor/data/pairs.ts";
import { rateChecks } from "../../src/doctor/data/rates.ts";
import { soundChecks } from "../../src/doctor/data/sounds.ts";
import { splitChecks } from "../../src/doctor/data/splits.ts";
import { transcriptChecks } from "../../src/doctor/data/transcripts.ts";
import { causesFirst, examine, merge } from "../../src/doctor/examination.ts";
import { check, finding, type Severity } from "../../src/doctor/finding.ts";

const checks = [
  ...batchChecks,
  ...curveChecks,
  ...settingsChecks,
  ...featureChecks,
  ...frameChecks,
  ...pairChecks,
  ...rateChecks,
  ...soundChecks,
  ...splitChecks,
  ...transcriptChecks,
];
const codes = new Set(checks.flatMap((one) => [...one.codes]));
const path = (name: string) => fileURLToPath(new URL(`../../${name}`, import.meta.url));

/** Every code that the sources give to a finding. */
function codesInSources(): string[] {
  const folder = path("src/doctor");
  const files = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((name) =>
    name.endsWith(".ts"),
  );
  const texts = files.map((name) => readFileSync(join(folder, name), "utf8"));
  return texts.flatMap((text) =>
    [...text.matchAll(/finding\(\{\s*code: "([A-Z_]+)"/g)].map(([, code]) => code),
  );
}

describe("the codes of the doctor", () => {
  it("are all in the causal order, each once", () => {
    expect([...codes, ...codesInSources()].filter((code) => !CAUSAL_ORDER.includes(code))).toEqual([]);
    expect(new Set(CAUSAL_ORDER).size).toBe(CAUSAL_ORDER.length);
  });
  it("are all headings of docs/doctor.md", () => {
    const headings = [...readFileSync(path("docs/doctor.md"), "utf8").matchAll(/^### ([A-Z_]+)$/gm)].map(
      ([, code]) => code,
    );
    expect(CAUSAL_ORDER.filter((code) => !headings.includes(code))).toEqual([]);
    expect(headings.filter((code) => !CAUSAL_ORDER.includes(code))).toEqual([]);
  });
  it("belong to checks of different names", () => {
    expect(new Set(checks.map(({ name }) => name)).size).toBe(checks.length);
  });
});

const found = (code: string, severity: Severity) =>
  finding({ code, severity, diagnosis: "", evidence: [], remedy: "" });

describe("an examination", () => {
  it("tells the worst first, and of the same severity the cause", () => {
    const [cause, effect] = [CAUSAL_ORDER[3], CAUSAL_ORDER.at(-1)!];
    const sorted = causesFirst([found(cause, "note"), found(effect, "wrong"), found(cause, "wrong")]);
    expect(sorted.map(({ code, severity }) => `${code} ${severity}`)).toEqual([
      `${cause} wrong`,
      `${effect} wrong`,
      `${cause} note`,
    ]);
  });
  it("runs no check whose evidence is missing, and names the probe", async () => {
    interface Evidence {
      readonly losses?: readonly number[];
    }
    const never = check<Evidence, "losses">({
      name: "losses fall",
      codes: [],
      needs: ["losses"],
      run: ({ losses }) => (losses.length > 0 ? "healthy" : []),
    });
    const probes = { losses: "the losses" };
    expect(await examine([never], {}, probes)).toEqual({
      findings: [],
      healthy: [],
      untold: [{ check: "losses fall", probe: "the losses" }],
    });
    const both = merge([await examine([never], { losses: [1] }, probes), await examine([never], {}, probes)]);
    expect(both.healthy).toEqual(["losses fall"]);
    expect(both.untold).toHaveLength(1);
  });
});
