// The curves of a run as a table for spreadsheets: a row for each epoch.

import type { Folder } from "../../platform/index.ts";
import type { Callback, EpochEnd } from "./callback.ts";
import { fileAt, lineWriter } from "./files.ts";

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

/** @param path in the folder, or of the platform where none is given */
export function csvLog(path: string, folder?: Folder): Callback {
  const file = fileAt(path, folder);
  const write = lineWriter(file);
  return {
    name: "CSV log",
    /** A resumed run writes again what its checkpoint does not cover, and what a crash cut. */
    async fitStart({ epoch }) {
      const table = new TextDecoder().decode(await file.folder.read(file.name));
      const [, ...rows] = table.split("\n").slice(0, -1);
      const covered = rows.filter((row) => Number.parseInt(row, 10) <= epoch);
      const text = [COLUMNS.join(","), ...covered].map((line) => `${line}\n`).join("");
      await file.folder.replace(file.name, new TextEncoder().encode(text));
    },
    epochEnd: (epoch: EpochEnd) => write(COLUMNS.map((column) => epoch[column] ?? "").join(",")),
  };
}
