// `earshot new`: from a list of words to a recognizer, without a recording.

import type { Command } from "commander";
import type { RunCommandLine } from "../new/command.ts";
import type { Making } from "../new/make.ts";
import type { NewFlags } from "../new/request.ts";
import type { NewState } from "../new/state.ts";
import type { NewPlan } from "../new/whole-plan.ts";
import { collect, examples, jsonOption, parseSeed, threadsOption } from "../options.ts";
import { EXIT, type Session } from "../session.ts";
import { collectEngine, dryFetch, parseWhole } from "../speak-options.ts";

export function addNew(program: Command, session: Session, run: RunCommandLine): void {
  const command = program
    .command("new")
    .description(
      "Make a recognizer of your words without a recording: machine voices speak them, a network learns.",
    )
    .argument("[words...]", "what it shall understand: words and phrases, each in quotation marks")
    .option(
      "--words <file>",
      "phrases, JSGF or sentence templates (YAML), as --grammar takes: docs/grammars.md",
    )
    .option(
      "--out <folder>",
      "where all of it goes; by default recognizer; given again, it goes on where it was",
    );
  addTrainingOptions(addVoiceOptions(command))
    .option("-y, --yes", "ask nothing")
    .option(
      "--dry-run",
      "print the commands and how long they would take, and make nothing, not even the files that they read",
    )
    .addOption(jsonOption())
    .addHelpText(
      "after",
      examples(
        "earshot new",
        'earshot new "turn on the light" "turn off the light" stop --out lights',
        "earshot new --words home.yaml --voices 10 --fetch --yes --out home",
        "earshot new yes no --from nothing --out yes-no",
        "earshot new --out lights --set epochs=40",
        "earshot new --out lights",
      ),
    )
    .action(async (words: string[], flags: NewFlags) => {
      try {
        await makeNew(words, flags, run, session);
      } finally {
        session.questions?.close();
      }
    });
}

const addVoiceOptions = (command: Command): Command =>
  command
    .option(
      "--voices <n>",
      "in which each sentence is spoken; by default by how many sentences there are",
      parseWhole,
    )
    .option(
      "--engine <name[=weight]>",
      "what speaks, and how much of it; repeatable; by default all that are there",
      collectEngine,
    )
    .option("--kokoro <folder>", "of kokoro's model and voices; by default in the user's cache")
    .option("--fetch", "fetch first what kokoro needs (120 MB), where it is not there; not with --dry-run")
    .option("--language <code>", "of the words, such as en-gb or de; by default en")
    .option("--others <file>", "words and sentences to be rejected, one a line; by default some in English");

const addTrainingOptions = (command: Command): Command =>
  command
    .option(
      "--from <model>",
      "begin with this model, a file or a name of earshot models, or with nothing; by default with commands-en, where it is English and spells the words",
    )
    .option(
      "--set <key=value>",
      "a setting of training in place of ours: docs/settings.md (repeatable); may change until training is done",
      collect,
    )
    .option("--seed <n>", "another one, another recognizer; by default 1", parseSeed)
    .addOption(threadsOption());

async function makeNew(
  words: readonly string[],
  flags: NewFlags,
  run: RunCommandLine,
  session: Session,
): Promise<void> {
  if (flags.dryRun && flags.fetch) throw dryFetch();
  const { outFolder } = await import("../new/request.ts");
  const { NewState } = await import("../new/state.ts");
  const { withFolderAlone } = await import("../new/lock.ts");
  const out = await outFolder(flags, session);
  const begun = await NewState.open(out); // a folder of somebody else is left as it is
  const call = { out, words, flags, run, session };
  if (flags.dryRun) return planAlone(begun, call);
  await withFolderAlone(out, async () => makeAlone(await NewState.open(out), call));
}

interface Call {
  readonly out: string;
  readonly words: readonly string[];
  readonly flags: NewFlags;
  readonly run: RunCommandLine;
  readonly session: Session;
}

async function planAlone(begun: NewState | undefined, call: Call): Promise<void> {
  const { out, words, flags, session } = call;
  const { goOnWith } = await import("../new/go-on.ts");
  const { tellSteps } = await import("../new/tell.ts");
  if (begun) return tellSteps(out, await goOnWith(begun, words, flags, out, session), undefined, session);
  const { plan, expected } = await newPlan(call);
  tellSteps(out, plan, expected, session);
}

async function makeAlone(begun: NewState | undefined, call: Call): Promise<void> {
  const { out, words, flags, run, session } = call;
  const { goOnWith } = await import("../new/go-on.ts");
  const { writeTexts } = await import("../new/texts.ts");
  if (flags.fetch) await fetchVoices(begun?.request ?? flags, run, session);
  const plan = begun ? await goOnWith(begun, words, flags, out, session) : (await newPlan(call)).plan;
  if (!begun && !flags.yes) await (await import("../new/tell.ts")).confirm(session);
  const { NewState } = await import("../new/state.ts");
  const state = begun ?? (await NewState.begin(out, plan.request)); // before its texts, so that a folder that was broken off is known
  await writeTexts(out, plan.texts);
  await makeAndTell(plan, { out, state, run, session });
}

/** Of what was not begun, told with how long it takes. */
async function newPlan({ out, words, flags, run, session }: Call) {
  const { beginRequest } = await import("../new/request.ts");
  const { newPlanOf } = await import("../new/whole-plan.ts");
  const { estimate } = await import("../new/estimate.ts");
  const { tellPlan } = await import("../new/tell.ts");
  const plan = await newPlanOf(out, await beginRequest(out, words, flags, session), flags);
  const expected = await estimate(out, plan, run, session);
  tellPlan(plan, expected, session);
  return { plan, expected };
}

/** By the command that lists what is fetched. */
async function fetchVoices(
  { kokoro, language = "en" }: Pick<NewFlags, "kokoro" | "language">,
  run: RunCommandLine,
  session: Session,
): Promise<void> {
  const { runCommand } = await import("../new/command.ts");
  const folder = kokoro === undefined ? [] : ["--kokoro", kokoro];
  const listed = ["data", "speak", "--list-voices", "--engine", "kokoro", "--language", language];
  await runCommand([...listed, ...folder, "--fetch"], run, session);
}

async function makeAndTell(plan: NewPlan, making: Making): Promise<void> {
  const { makeAll } = await import("../new/make.ts");
  const { formatOutcome, outcomeOf } = await import("../new/outcome.ts");
  const { out, session } = making;
  const outcome = await outcomeOf(out, plan, await makeAll(plan.steps, making));
  if (session.output.json) session.output.object({ done: true, ...outcome });
  else session.output.write(formatOutcome(outcome));
  if (outcome.rejectionReport === undefined) session.exitCode = EXIT.findings;
}
