// `earshot data`: corpora, brought in, described and divided. Each command has a file of its own.

import type { Command } from "commander";
import { addGroup } from "../command-group.ts";
import type { Session } from "../session.ts";
import { addDataImport } from "./data-import.ts";
import { addDataSplit } from "./data-split.ts";
import { addDataStats } from "./data-stats.ts";

export function addData(program: Command, session: Session): void {
  const text = {
    name: "data",
    description: "Bring in, describe and divide corpora of recordings.",
    commands: "import, stats or split",
    examples: [
      "earshot data import an4",
      "earshot data stats an4/manifest.csv",
      "earshot data split mine.csv --dev 0.1 --test 0.1",
    ],
  };
  addGroup(program, session, text, [addDataImport, addDataStats, addDataSplit]);
}
