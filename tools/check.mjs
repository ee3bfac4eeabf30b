// The one check, for people and for CI: format, lint, types, tests; with --all, those from end to end too; with --long, random
// tests draw more.
// Every step runs even when an earlier one failed. The last line counts tests: "N passed, N failed".

import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

process.chdir(join(dirname(fileURLToPath(import.meta.url)), ".."));
const reports = fs.mkdtempSync(join(tmpdir(), "earshot-check-"));

if (process.argv.includes("--long"))
  Object.assign(process.env, {
    EARSHOT_KILLS: "20",
    EARSHOT_SEEDS: "10",
    EARSHOT_EXECUTIONS: "20000",
    EARSHOT_DAMAGED: "200",
  });

const steps = [
  { name: "format", run: tool("prettier/bin/prettier.cjs", "--check", "--log-level", "warn", ".") },
  { name: "lint", run: tool("oxlint/bin/oxlint") },
  { name: "types", run: tool("typescript/bin/tsc", "-p", "tsconfig.test.json") },
  { name: "types of the page", run: tool("typescript/bin/tsc", "-p", "src/apps/page") },
  process.argv.includes("--all")
    ? { name: "tests", run: tests() }
    : { name: "unit tests", run: tests("--exclude", "test/end-to-end/**") },
];

const outcomes = steps.map(perform);
console.log();
for (const { name, ok, seconds } of outcomes)
  console.log(`${ok ? "ok    " : "FAILED"} ${name} (${seconds} s)`);
const total = (key) => outcomes.reduce((sum, outcome) => sum + (outcome[key] ?? 0), 0);
fs.rmSync(reports, { recursive: true, force: true });
process.exitCode = outcomes.every(({ ok }) => ok) ? 0 : 1;
console.log(`${total("passed")} passed, ${total("failed")} failed`);

function perform({ name, run }) {
  console.log(`\n── ${name}`);
  const start = performance.now();
  const outcome = run();
  return { name, ...outcome, seconds: ((performance.now() - start) / 1000).toFixed(1) };
}

function tool(program, ...parameters) {
  const command = [join("node_modules", program), ...parameters];
  return () => ({ ok: spawnSync(process.execPath, command, { stdio: "inherit" }).status === 0 });
}

function tests(...parameters) {
  return () => {
    const report = join(fs.mkdtempSync(join(reports, "run-")), "report.json");
    const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${report}`];
    const { ok } = tool("vitest/vitest.mjs", "run", ...parameters, ...reporters)();
    return { ok, ...count(report) };
  };
}

/** A run without a report, and a test file that could not even be loaded, count as one failure each. */
function count(report) {
  if (!fs.existsSync(report)) return { passed: 0, failed: 1 };
  const { numPassedTests, numFailedTests, testResults } = JSON.parse(fs.readFileSync(report, "utf8"));
  const unloaded = testResults.filter(
    (file) => file.status === "failed" && file.assertionResults.length === 0,
  );
  return { passed: numPassedTests, failed: numFailedTests + unloaded.length };
}
