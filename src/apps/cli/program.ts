// The program behind the command line, as docs/cli.md describes it: argv in, results to the session's output, an exit code
// in the session. Commands are one file each in commands/; they load the rooms that they need when they run, so that
// `--help` and typing mistakes answer at once. It does not know the process that it runs in.

import { inspect } from "node:util";
import { Command, CommanderError } from "commander";
import { nearestName } from "../../errors.ts";
import { afterRankZero } from "./as-rank.ts";
import { addAlign } from "./commands/align.ts";
import { addCompare } from "./commands/compare.ts";
import { addData } from "./commands/data.ts";
import { addDoctor } from "./commands/doctor.ts";
import { addExport } from "./commands/export.ts";
import { addImport } from "./commands/import.ts";
import { addInspect } from "./commands/inspect.ts";
import { addListen } from "./commands/listen.ts";
import { addLm } from "./commands/lm.ts";
import { addModels } from "./commands/models.ts";
import { addNew } from "./commands/new.ts";
import { addPage } from "./commands/page.ts";
import { addPlan } from "./commands/plan.ts";
import { addReport } from "./commands/report.ts";
import { addServe } from "./commands/serve.ts";
import { addTest } from "./commands/test.ts";
import { addTrain } from "./commands/train.ts";
import { addTranscribe } from "./commands/transcribe.ts";
import { addTune } from "./commands/tune.ts";
import { exitCodeOf, faultOf } from "./faults.ts";
import { examples } from "./options.ts";
import { EXIT, usageFault } from "./session.ts";
import type { Session } from "./session.ts";
import { version } from "./version.ts";

/** Runs one command to its end. */
export async function runProgram(argv: readonly string[], session: Session): Promise<void> {
  const program = buildProgram(session);
  if (argv.length === 0) {
    program.outputHelp({ error: true });
    session.exitCode = EXIT.usage;
  } else await runCommand(program, argv, session);
  session.output.clearProgress();
}

function buildProgram(session: Session): Command {
  const program = new Command("earshot")
    .description("Train your own speech recognizer, and run it anywhere, from one model file.")
    .version(version())
    .exitOverride()
    .configureOutput({
      writeOut: (text) => session.output.write(text),
      writeErr: (text) => session.output.note(text.replace(/\n$/, "")),
      outputError: () => undefined, // reported with all other errors, below
    })
    .addHelpText(
      "after",
      examples(
        "earshot train speech/manifest.csv --out runs/first",
        "earshot transcribe hello.wav -m runs/first/model.safetensors",
      ),
    );
  addNew(program, session, runProgram);
  for (const add of [
    addTrain,
    addPlan,
    addTest,
    addCompare,
    addTune,
    addTranscribe,
    addListen,
    addServe,
    addPage,
    addAlign,
    addModels,
    addInspect,
    addExport,
    addImport,
    addDoctor,
    addReport,
    addData,
    addLm,
  ])
    add(program, session);
  return program;
}

async function runCommand(program: Command, argv: readonly string[], session: Session): Promise<void> {
  const { output } = session;
  try {
    if (argv[0] === "help") checkTopic(program, argv[1]);
    // as `earshot transcribe --help`, which gives a command time to load the tables that its options come from
    const isTopic = argv[0] === "help" && argv.length > 1;
    await program.parseAsync(isTopic ? [...argv.slice(1), "--help"] : argv, { from: "user" });
  } catch (thrown) {
    if (thrown instanceof CommanderError && thrown.exitCode === 0) return; // --help, --version
    await afterRankZero();
    const fault = await faultOf(thrown, [...namesOf(program, argv), "--help"].join(" "));
    output.fail(fault);
    if (process.env.EARSHOT_DEBUG === "1") output.note(inspect(thrown));
    session.exitCode = exitCodeOf(fault);
  }
}

/** The command that argv begins with, as far as there is one: "earshot", "data", "speak". */
function namesOf(command: Command, [first, ...rest]: readonly string[]): string[] {
  const next = command.commands.find((each) => each.name() === first);
  return [command.name(), ...(next ? namesOf(next, rest) : [])];
}

/** `earshot help` answers for an unknown command as that command itself does. */
function checkTopic(program: Command, topic: string | undefined): void {
  const names = [...program.commands.map((command) => command.name()), "help"];
  if (topic === undefined || topic.startsWith("-") || names.includes(topic)) return;
  const near = nearestName(topic, names);
  throw usageFault(
    `Unknown command '${topic}'.`,
    near === undefined ? "See: earshot --help" : `Did you mean ${near}?`,
  );
}
