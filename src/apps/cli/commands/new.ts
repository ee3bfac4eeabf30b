// `earshot new`: from a list of words to a recognizer, without a recording.

import type { Command } from "commander";
import { duration } from "../../../figures.ts";
import { join, openFolder } from "../../../platform/index.ts";
import type { RunCommandLine } from "../new/command.ts";
import type { Estimate } from "../new/estimate.ts";
import type { Amounts, NewRequest, Step } from "../new/plan.ts";
import type { NewFlags } from "../new/request.ts";
import type { NewState } from "../new/state.ts";
import { collect, examples, jsonOption, parseSeed, threadsOption } from "../options.ts";
import { interrupted, type Session } from "../session.ts";
import { commandLine } from "../shell-words.ts";
import { collectEngine, parseWhole } from "../speak-options.ts";

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
        "earshot new yes no --from commands-en --out yes-no",
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
    .option("--fetch", "fetch first what kokoro needs (120 MB), where it is not there")
    .option("--language <code>", "of the words, such as en-gb or de; by default en")
    .option("--others <file>", "words and sentences to be rejected, one a line; by default some in English");

const addTrainingOptions = (command: Command): Command =>
  command
    .option(
      "--from <model>",
      "begin with this model, a file or a name of earshot models, and not with nothing",
    )
    .option(
      "--set <key=value>",
      "a setting of training in place of ours: docs/settings.md (repeatable)",
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
  const { beginRequest, checkSameRequest, outFolder } = await import("../new/request.ts");
  const { NewState } = await import("../new/state.ts");
  const out = await outFolder(flags, session);
  const begun = await NewState.open(out);
  if (begun) await checkSameRequest(begun, words, flags, out);
  if (!begun && flags.fetch) await fetchVoices(flags, run, session);
  const request = begun?.request ?? (await beginRequest(words, flags, session));
  const amounts = await amountsOf(request);
  const { newSteps } = await import("../new/plan.ts");
  const steps = newSteps(out, request, amounts);
  const texts = await filesReadBy(request, amounts);
  if (!begun) {
    const { estimate } = await import("../new/estimate.ts");
    const expected = await estimate(out, request, amounts, run, session);
    tellPlan(request, amounts, expected, session);
    if (flags.dryRun)
      return tellSteps(
        steps,
        Object.keys(texts).map((name) => join(out, name)),
        expected,
        session,
      );
    if (!flags.yes) await confirm(session);
  } else if (flags.dryRun) return tellSteps(steps, [], undefined, session);
  const state = begun ?? (await NewState.begin(out, request)); // before its texts, so that a folder that was broken off is known
  await writeTexts(out, texts);
  await makeAndTell(out, steps, state, run, session);
}

/** By the command that lists what is fetched. */
async function fetchVoices(
  { kokoro, language = "en" }: NewFlags,
  run: RunCommandLine,
  session: Session,
): Promise<void> {
  const { runCommand } = await import("../new/command.ts");
  const folder = kokoro === undefined ? [] : ["--kokoro", kokoro];
  const listed = ["data", "speak", "--list-voices", "--engine", "kokoro", "--language", language];
  await runCommand([...listed, ...folder, "--fetch"], run, session);
}

async function amountsOf(request: NewRequest): Promise<Amounts> {
  const { negativeSentences } = await import("../new/negative-sentences.ts");
  const { sentencesOf } = await import("../new/words.ts");
  const sentences = await sentencesOf(request, "words");
  return { sentences, ...negativeSentences(sentences, request.others) };
}

/** What the commands read, where it is not there yet. */
async function writeTexts(out: string, texts: Texts): Promise<void> {
  const folder = openFolder(out);
  for (const [name, text] of Object.entries(texts))
    if ((await folder.read(name)) === undefined) await folder.replace(name, new TextEncoder().encode(text));
}

type Texts = Readonly<Record<string, string>>;

/** The files that the commands read, by name. */
async function filesReadBy(request: NewRequest, amounts: Amounts): Promise<Texts> {
  const { grammarPath, NEW_FILES } = await import("../new/plan.ts");
  const { utterancesPerEpoch } = await import("../new/estimate.ts");
  const { epochsFor, settingsYaml } = await import("../new/training-settings.ts");
  const { seed, threads, from } = request;
  const isEnglish = [...amounts.sentences, ...amounts.negativesTrain].every((text) =>
    /^[a-z' ]*$/i.test(text),
  );
  const epochs = epochsFor(utterancesPerEpoch(request, amounts));
  const settings = settingsYaml({ epochs, seed, threads, isFromModel: from !== undefined, isEnglish });
  return {
    [grammarPath("", request)]: request.grammar,
    [NEW_FILES.negativesTrainText]: amounts.negativesTrain.join("\n"),
    [NEW_FILES.negativesTestText]: amounts.negativesTest.join("\n"),
    [NEW_FILES.settings]: settings,
  };
}

function tellPlan(
  { voices }: NewRequest,
  { sentences }: Amounts,
  { speakSeconds, trainSeconds, testSeconds }: Estimate,
  { output }: Session,
): void {
  if (output.json) return;
  const all = speakSeconds + trainSeconds + testSeconds;
  output.note(
    `${sentences.length} sentences in ${voices} voices each: about ${duration(all)}` +
      ` (speaking ${duration(speakSeconds)}, training ${duration(trainSeconds)}, tuning and tests ${duration(testSeconds)})`,
  );
}

/** @param missing files that the commands read, and nobody has written yet */
function tellSteps(
  steps: readonly Step[],
  missing: readonly string[],
  expected: Estimate | undefined,
  { output }: Session,
): void {
  if (output.json) {
    const commands = steps.map(({ name, argv }) => ({
      step: name,
      command: commandLine(["earshot", ...argv]),
    }));
    output.object({ steps: commands, missing, ...expected });
  } else {
    if (missing.length > 0)
      output.write(
        `# These commands read ${missing.join(", ")}, which earshot new writes when it begins, without --dry-run.\n`,
      );
    for (const { about, argv } of steps) output.write(`# ${about}\n${commandLine(["earshot", ...argv])}\n`);
  }
}

async function confirm({ questions }: Session): Promise<void> {
  const answer = (await questions?.ask("Begin? [Y/n] ")) ?? "";
  if (!/^(y.*)?$/i.test(answer)) throw interrupted("Nothing was made.");
}

async function makeAndTell(
  out: string,
  steps: readonly Step[],
  state: NewState,
  run: RunCommandLine,
  session: Session,
): Promise<void> {
  const { makeAll } = await import("../new/make.ts");
  const { formatOutcome, outcomeOf } = await import("../new/outcome.ts");
  const done = await makeAll(out, steps, state, run, session);
  const outcome = await outcomeOf(out, state.request, done);
  if (session.output.json) session.output.object({ done: true, ...outcome });
  else session.output.write(formatOutcome(outcome));
}
