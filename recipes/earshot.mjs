// What recipes share: the data folder, the command line as a function, and the table that a recipe ends with.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = join(dirname(fileURLToPath(import.meta.url)), "..");

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

/** The same, where it is no failure that some of many items failed, such as a clip that no voice spoke well. */
export const earshotForMost = (...parameters) => runEarshot(parameters, [0, 1]);

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
        ...settings.flatMap((s) => ["--set", s]),
      );
  return events.at(-1);
}

export const percent = (rate) => `${(100 * rate).toFixed(1)} %`;
export const minutes = (seconds) => `${(seconds / 60).toFixed(1)} min`;

export function printTable(head, rows) {
  const line = (cells) => `| ${cells.join(" | ")} |`;
  console.log([line(head), line(head.map(() => "---")), ...rows.map(line)].join("\n"));
}
