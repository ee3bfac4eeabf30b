// `earshot report`: the page of a run, made again.

import type { Command } from "commander";
import { examples, jsonOption } from "../options.ts";
import type { Session } from "../session.ts";

interface ReportFlags {
  readonly listen: boolean;
}

export function addReport(program: Command, session: Session): void {
  program
    .command("report")
    .description("Make report.html of a run again: curves, layers, confusions, examples, data.")
    .argument("<run>", "the run's folder, finished or not")
    .option("--no-listen", "curves and tables only: the model does not listen to the dev split again")
    .addOption(jsonOption())
    .addHelpText("after", examples("earshot report runs/first", "earshot report runs/first --no-listen"))
    .action((directory: string, flags: ReportFlags) => report(directory, flags, session));
}

async function report(
  directory: string,
  { listen }: ReportFlags,
  { output, signal }: Session,
): Promise<void> {
  const { writeReport } = await import("../../../report/index.ts");
  const { parseSettings } = await import("../../../settings.ts");
  const { trainingSettings } = await import("../../../training/index.ts");
  const defaults = parseSettings(trainingSettings, {}, "defaults");
  const onProgress = ({ done, total }: { readonly done: number; readonly total: number }) =>
    output.progress(`listening to dev ${done}/${total}`);
  const path = await writeReport({ directory, defaults, listen, signal, onProgress });
  if (output.json) output.object({ report: path });
  else output.write(`report ${path}\n`);
}
