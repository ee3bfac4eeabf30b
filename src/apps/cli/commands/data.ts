// `earshot data`: corpora, brought in, made, described, divided and previewed. Each command has a file of its own.

import type { Command } from "commander";
import { addGroup } from "../command-group.ts";
import type { Session } from "../session.ts";
import { addDataImport } from "./data-import.ts";
import { addDataPreview } from "./data-preview.ts";
import { addDataSpeak } from "./data-speak.ts";
import { addDataSplit } from "./data-split.ts";
import { addDataStats } from "./data-stats.ts";

export function addData(program: Command, session: Session): void {
  const text = {
    name: "data",
    description: "Bring in, make, describe, divide and preview corpora of recordings.",
    commands: "import, speak, stats, split or preview",
    examples: [
      "earshot data import an4",
      'earshot data speak "turn on the light" "turn off the light" --out commands',
      "earshot data stats an4/manifest.csv",
      "earshot data split mine.csv --dev 0.1 --test 0.1",
      "earshot data preview an4/manifest.csv --config noise.yaml",
    ],
  };
  addGroup(program, session, text, [addDataImport, addDataSpeak, addDataStats, addDataSplit, addDataPreview]);
}
