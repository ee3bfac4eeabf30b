// What recipes share: the data folder, the command line as a function, and the table that a recipe ends with.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = join(dirname(fileURLToPath(import.meta.url)), "..");
/** With EARSHOT_TRIAL set a recipe goes through all of its steps with one epoch and two voices each: whether it runs, not what it gives. */
const TRIAL = Boolean(process.env.EARSHOT_TRIAL);

/** The manifest of a corpus in the folder that EARSHOT_DATA names. */
export function manifestOf(corpus) {
  const folder = process.env.EARSHOT_DATA;
  const manifest = folder && join(folder, corpus, "manifest.csv");
  if (manifest && existsSync(manifest)) return manifest;
  console.error(
    `Set EARSHOT_DATA to the folder that holds ${corpus}/manifest.csv (path,transcript,speaker,split).`,
  );
  process.exit(3);
}

/** Runs `earshot … --json`; gives the objects that it printed. Progress stays visible. */
export const earshot = (...parameters) => runEarshot(parameters, [0]);

async function runEarshot(parameters, accepted) {
  console.error(`$ npx earshot ${parameters.join(" ")}`);
  const command = [join(ROOT, "dist/apps/cli/main.js"), ...parameters, "--json"];
  const child = spawn(process.execPath, command, { stdio: ["ignore", "pipe", "inherit"] });
  let text = "";
  child.stdout.setEncoding("utf8").on("data", (part) => (text += part));
  const [code] = await once(child, "close");
  if (!accepted.includes(code)) process.exit(code ?? 1);
  return text
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
}

/**
 * `earshot data speak`; that no voice spoke one of many clips well is no failure.
 * @param what texts, voices and speeds, as options @param times how often each sentence is spoken @returns the manifest
 */
export async function speak(out, what, times) {
  const often = ["--per-sentence", String(TRIAL ? Math.min(times, 2) : times)];
  await runEarshot(["data", "speak", ...what, ...often, "--test", "0", "--out", out], [0, 1]);
  return join(out, "manifest.csv");
}

/** Trains into a folder, or continues what is there; gives the run's last event, `done` (its seconds count all sessions). */
export async function train(manifests, config, out, ...settings) {
  const started = existsSync(join(out, "run.json"));
  const events = started
    ? await earshot("train", "--resume", out)
    : await earshot(
        "train",
        ...[manifests].flat(),
        "--config",
        config,
        "--out",
        out,
        ...[...settings, ...(TRIAL ? ["epochs=1"] : [])].flatMap((s) => ["--set", s]),
      );
  return events.at(-1);
}

export const percent = (rate) => `${(100 * rate).toFixed(1)} %`;
export const minutes = (seconds) => `${(seconds / 60).toFixed(1)} min`;

export function printTable(head, rows) {
  const line = (cells) => `| ${cells.join(" | ")} |`;
  console.log([line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n"));
}
