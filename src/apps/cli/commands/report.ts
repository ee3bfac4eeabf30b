// `earshot report`: the page of a run, made again.

import { Option, type Command } from "commander";
import { examples, jsonOption } from "../options.ts";
import type { Session } from "../session.ts";

interface ReportFlags {
  readonly evaluate: boolean;
  /** The same under the name that it had before. */
  readonly listen: boolean;
}

export function addReport(program: Command, session: Session): void {
  program
    .command("report")
    .description("Make report.html of a run again: curves, layers, confusions, examples, data.")
    .argument("<run>", "the run's folder, finished or not")
    .option("--no-evaluate", "curves and tables only: the model is not evaluated on the dev split again")
    .addOption(new Option("--no-listen").hideHelp())
    .addOption(jsonOption())
    .addHelpText("after", examples("earshot report runs/first", "earshot report runs/first --no-evaluate"))
    .action((directory: string, flags: ReportFlags) => report(directory, flags, session));
}

async function report(directory: string, flags: ReportFlags, { output, signal }: Session): Promise<void> {
  const { writeReport } = await import("../../../report/index.ts");
  const onProgress = ({ done, total }: { readonly done: number; readonly total: number }) =>
    output.progress(`evaluating dev ${done}/${total}`);
  const evaluate = flags.evaluate && flags.listen;
  const path = await writeReport({ directory, evaluate, signal, onProgress });
  if (output.json) output.object({ report: path });
  else output.write(`report ${path}\n`);
}
