// The curves of a run as a table for spreadsheets: a row for each epoch.

import { readFile } from "node:fs/promises";
import { replaceFile } from "../../platform/index.ts";
import type { Callback, EpochEnd } from "./callback.ts";
import { appendLine } from "./jsonl-log.node.ts";

const COLUMNS = [
  "epoch",
  "step",
  "learningRate",
  "trainLoss",
  "devLoss",
  "devWer",
  "devCer",
  "best",
] as const;

export function csvLog(path: string): Callback {
  return {
    name: "CSV log",
    /** A resumed run writes again what its checkpoint does not cover. */
    async fitStart({ epoch }) {
      const [, ...rows] = (await readFile(path, "utf8").catch(() => "")).split("\n");
      const covered = rows.filter((row) => row !== "" && Number.parseInt(row, 10) <= epoch);
      const text = [COLUMNS.join(","), ...covered].map((line) => `${line}\n`).join("");
      await replaceFile(path, new TextEncoder().encode(text));
    },
    epochEnd: (epoch: EpochEnd) => appendLine(path, COLUMNS.map((column) => epoch[column] ?? "").join(",")),
  };
}
