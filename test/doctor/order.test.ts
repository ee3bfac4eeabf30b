// The codes of all checks: each has one place in the causal order, and is a heading of docs/doctor.md.

import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { batchChecks } from "../../src/doctor/arrays/checks/checks.ts";
import { byCause, type CausalPlace } from "../../src/doctor/causal-order.ts";
import { settingsChecks } from "../../src/doctor/config/settings.ts";
import { curveChecks } from "../../src/doctor/curve/checks.ts";
import { cutChecks } from "../../src/doctor/data/cuts.ts";
import { featureChecks } from "../../src/doctor/data/features.ts";
import { fragilityChecks } from "../../src/doctor/data/fragility.ts";
import { frameChecks } from "../../src/doctor/data/frames.ts";
import { pairChecks } from "../../src/doctor/data/pairs.ts";
import { rateChecks } from "../../src/doctor/data/rates.ts";
import { soundChecks } from "../../src/doctor/data/sounds.ts";
import { splitChecks } from "../../src/doctor/data/splits.ts";
import { transcriptChecks } from "../../src/doctor/data/transcripts.ts";
import { conclude, examine } from "../../src/doctor/examination.ts";
import { RUNGS } from "../../src/doctor/ladder/ladder.ts";
import { check, finding, type Severity } from "../../src/doctor/finding.ts";

const checks = [
  ...batchChecks,
  ...curveChecks,
  ...settingsChecks,
  ...cutChecks,
  ...featureChecks,
  ...fragilityChecks,
  ...frameChecks,
  ...pairChecks,
  ...rateChecks,
  ...soundChecks,
  ...splitChecks,
  ...transcriptChecks,
];
/** Of rungs of the ladder and of settings that are refused, which no check finds. */
const OTHERS = ["INVALID_SETTINGS", "LADDER_GRADIENT", ...RUNGS.map(({ code }) => code)];
const places = [
  ...checks.flatMap(({ finds }) => Object.entries(finds)),
  ...RUNGS.map(({ code, place }): [string, CausalPlace] => [code, place]),
];
const codes = new Set([...places.map(([code]) => code), ...OTHERS]);
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
  it("have each one place in the causal order, whichever check finds them", () => {
    expect(codesInSources().filter((code) => !codes.has(code))).toEqual([]);
    const one = new Map(places);
    expect(places.filter(([code, place]) => place.join() !== one.get(code)!.join())).toEqual([]);
    expect(new Set([...one.values()].map((place) => place.join())).size).toBe(one.size);
  });
  it("lead from the recordings over network and update to what is concluded", () => {
    const sorted = [...new Map(places)].toSorted(([, a], [, b]) => byCause(a, b)).map(([code]) => code);
    const some = ["MALFORMED_ROWS", "UNREADABLE_RECORDINGS", "LABEL_OUT_OF_RANGE", "MISMATCHED_PAIRS"];
    const more = ["UNNORMALIZED_FEATURES", "NO_TIME_AXIS", "DETACHED_LOSS", "FLAT_LOSS", "WAITING_FOR_DATA"];
    expect(sorted.filter((code) => [...some, ...more].includes(code))).toEqual([...some, ...more]);
  });
  it("are all headings of docs/doctor.md", () => {
    const headings = [...readFileSync(path("docs/doctor.md"), "utf8").matchAll(/^### ([A-Z_]+)$/gm)].map(
      ([, code]) => code,
    );
    expect([...codes].filter((code) => !headings.includes(code))).toEqual([]);
    expect(headings.filter((code) => !codes.has(code))).toEqual([]);
  });
  it("belong to checks of different names", () => {
    expect(new Set(checks.map(({ name }) => name)).size).toBe(checks.length);
  });
});

const found = (code: string, severity: Severity) =>
  finding({ code, severity, diagnosis: "", evidence: [], remedy: "" });

describe("an examination", () => {
  it("tells the worst first, and of the same severity the cause", () => {
    const cause: CausalPlace = ["recordings", 20];
    const effect: CausalPlace = ["outcome", 10];
    const placed = [
      { found: found("CAUSE", "note"), place: cause },
      { found: found("EFFECT", "wrong"), place: effect },
      { found: found("CAUSE", "wrong"), place: cause },
    ];
    const { findings } = conclude({ placed, healthy: [], untold: [] });
    expect(findings.map(({ code, severity }) => `${code} ${severity}`)).toEqual([
      "CAUSE wrong",
      "EFFECT wrong",
      "CAUSE note",
    ]);
  });
  it("runs no check whose evidence is missing, and names the probe", async () => {
    interface Evidence {
      readonly losses?: readonly number[];
    }
    const never = check<Evidence, "losses">({
      name: "losses fall",
      finds: {},
      needs: ["losses"],
      run: ({ losses }) => (losses.length > 0 ? "healthy" : []),
    });
    const probes = { losses: "the losses" };
    expect(conclude(await examine([never], {}, probes))).toEqual({
      findings: [],
      healthy: [],
      untold: [{ check: "losses fall", probe: "the losses" }],
    });
    const both = conclude(
      await examine([never], { losses: [1] }, probes),
      await examine([never], {}, probes),
    );
    expect(both.healthy).toEqual(["losses fall"]);
    expect(both.untold).toHaveLength(1);
  });
});
