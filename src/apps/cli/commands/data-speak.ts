// `earshot data speak`: sentences become a corpus, spoken by voices made by machine.

import { Option } from "commander";
import type { Command } from "commander";
import type { PlannedUtterance, Sentences, SpeechEngine, SpeechProgress } from "../../../synthesis/index.ts";
import { count, duration, megabytes } from "../../../figures.ts";
import { examples, jsonOption, parseSeed } from "../options.ts";
import type { Output } from "../output.ts";
import { interrupted, usageFault } from "../session.ts";
import type { Session } from "../session.ts";
import { withSpeechEngines } from "../speak-engines.ts";
import {
  collectEngine,
  collectPatterns,
  dryFetch,
  parseErrorShare,
  parseMixtures,
  parseSpeeds,
  parseWhole,
  USUAL_SPEECH,
  weightsOfEngines,
  type WeightedEngine,
} from "../speak-options.ts";
import { recognizingAudit } from "../speak-audit.ts";
import { listVoices, reportCorpus, reportEstimate } from "../speak-report.ts";
import { parseShare } from "../split-options.ts";

/** Of the characters. */
const MOST_ERRORS = 0.5;

interface SpeakFlags {
  readonly file?: string;
  readonly grammar?: string;
  readonly manifest?: string;
  readonly split?: string;
  readonly sentences?: number;
  readonly out?: string;
  readonly toReject?: true;
  readonly engine?: readonly WeightedEngine[];
  readonly voices: readonly string[];
  readonly language: string;
  readonly perSentence: number;
  readonly speeds: readonly [number, number];
  readonly mixtures: number;
  readonly dev: number;
  readonly test: number;
  readonly seed: number;
  readonly kokoro?: string;
  readonly fetch?: true;
  readonly check?: string;
  readonly checkCer?: number;
  readonly dryRun?: true;
  readonly listVoices?: true;
}

export function addDataSpeak(data: Command, session: Session): void {
  const command = data
    .command("speak")
    .description("Make a corpus of sentences, spoken by voices made by machine.")
    .argument("[text...]", "sentences, each in quotation marks");
  addSentenceOptions(command);
  addVoiceOptions(command)
    .option("--out <folder>", "where the manifest goes, and the recordings; run again, it goes on")
    .option("--to-reject", "write empty transcripts: of this speech nothing is to be recognized")
    .option("--check <model>", "recognize what was spoken, and leave out what is not understood")
    .addOption(
      new Option(
        "--check-cer <share>",
        "of characters in error, that a recording may have; 0.5 by default",
      ).argParser(parseErrorShare),
    )
    .option("--dry-run", "tell what would be made and how long it would take, and make nothing")
    .option("--list-voices", "list the voices of the engines, and make nothing")
    .addOption(jsonOption())
    .addHelpText(
      "after",
      examples(
        'earshot data speak "turn on the light" "turn off the light" --out commands',
        "earshot data speak --grammar home.yaml --sentences 1000 --per-sentence 5 --out home",
        "earshot data speak --file words.txt --engine espeak-ng --engine flite=0.2 --speeds 0.8..1.3 --out words",
        "earshot data speak --manifest an4/manifest.csv --per-sentence 3 --out an4-voices --dry-run",
        "earshot data speak --file words.txt --engine kokoro=3 --engine espeak-ng=1 --fetch --out words",
        "earshot data speak --list-voices --engine espeak-ng --language cy",
      ),
    )
    .action((texts: string[], flags: SpeakFlags) => speak(texts, flags, session));
}

const addSentenceOptions = (command: Command): Command =>
  command
    .option("--file <file>", "sentences, one a line")
    .option(
      "--grammar <file>",
      "sentences of phrases, JSGF or templates (YAML), slots filled: docs/grammars.md",
    )
    .option("--manifest <file>", "transcripts to be spoken anew")
    .option("--split <name>", "of the manifest; by default train, where there is one")
    .addOption(
      new Option(
        "--sentences <n>",
        "draw so many, where there are more; of a grammar 500 by default",
      ).argParser(parseWhole),
    );

const addVoiceOptions = (command: Command): Command =>
  command
    .addOption(
      new Option(
        "--engine <name[=weight]>",
        "what speaks, and how much of it (1 where another has a weight, else as much as it has speakers); repeatable; by default all that are there",
      ).argParser(collectEngine),
    )
    .addOption(
      new Option("--voices <pattern,…>", 'such as "af_*,espeak-ng:f*", or "!whisper*" for all others')
        .default([], "all")
        .argParser(collectPatterns),
    )
    .option("--kokoro <folder>", "of kokoro's model and voices; by default in the user's cache")
    .option("--fetch", "fetch first what kokoro needs (120 MB), where it is not there; not with --dry-run")
    .option("--language <code>", "of the sentences, such as en, en-gb or de", "en")
    .addOption(
      new Option("--per-sentence <n>", "how often each is spoken, each time by another speaker")
        .default(USUAL_SPEECH.perSentence)
        .argParser(parseWhole),
    )
    .addOption(
      new Option("--speeds <a..b>", "from the slowest to the fastest, as factors")
        .default(USUAL_SPEECH.speeds, USUAL_SPEECH.speeds.join(".."))
        .argParser(parseSpeeds),
    )
    .addOption(
      new Option("--mixtures <n>", "new voices mixed for each voice, where an engine can")
        .default(USUAL_SPEECH.mixtures)
        .argParser(parseMixtures),
    )
    .addOption(new Option("--dev <share>", "of the speakers").default(USUAL_SPEECH.dev).argParser(parseShare))
    .addOption(
      new Option("--test <share>", "of the speakers").default(USUAL_SPEECH.test).argParser(parseShare),
    )
    .addOption(
      new Option("--seed <n>", "another one, another corpus").default(USUAL_SPEECH.seed).argParser(parseSeed),
    );

async function speak(texts: readonly string[], flags: SpeakFlags, session: Session): Promise<void> {
  const { gatherSentences, unspellable } = await import("../../../synthesis/index.ts");
  checkFlags(flags);
  const { sentences, warnings }: Sentences = flags.listVoices
    ? { sentences: [], warnings: [] }
    : await gatherSentences({ ...flags, texts, most: flags.sentences });
  for (const warning of [...warnings, ...(flags.toReject ? [] : unspellable(sentences, flags.language))])
    session.output.warn(warning);
  if (flags.fetch) await fetchFiles(flags.engine, flags.kokoro, session);
  const choice = { ...flags, engines: flags.engine, signal: session.signal };
  await withSpeechEngines(choice, async (opened) => {
    const engines = await chosenVoices(opened, flags.voices);
    if (flags.listVoices) listVoices(engines, session.output);
    else await speakWith(engines, sentences, flags, session);
  });
}

/** @throws USAGE */
function checkFlags({
  out,
  listVoices,
  split,
  manifest,
  check,
  checkCer,
  toReject,
  dryRun,
  fetch,
}: SpeakFlags): void {
  if (dryRun && fetch) throw dryFetch();
  if (!listVoices && out === undefined)
    throw usageFault("There is no --out: the folder of the corpus.", "See: earshot data speak --help");
  if (toReject && check !== undefined)
    throw usageFault(
      "--check compares with the transcripts, which --to-reject leaves empty.",
      "Leave one out.",
    );
  if (split !== undefined && manifest === undefined)
    throw usageFault(
      "--split is for --manifest FILE, whose rows it chooses.",
      "Give --manifest, or leave it out.",
    );
  if (checkCer !== undefined && check === undefined)
    throw usageFault("--check-cer is for --check MODEL, which recognizes.", "Give --check, or leave it out.");
}

/** The engines with the voices that the patterns leave. */
async function chosenVoices(
  engines: readonly SpeechEngine[],
  patterns: readonly string[],
): Promise<SpeechEngine[]> {
  const { chooseVoices } = await import("../../../synthesis/index.ts");
  const voices = chooseVoices(engines, patterns);
  return engines
    .map((engine, index): SpeechEngine => ({ ...engine, voices: voices[index] }))
    .filter((engine) => engine.voices.length > 0);
}

async function fetchFiles(
  asked: SpeakFlags["engine"],
  folder: string | undefined,
  { output, signal }: Session,
): Promise<void> {
  const { speechEngines } = await import("../../../synthesis/index.ts");
  for (const kind of speechEngines)
    if (asked === undefined || asked.some(({ name }) => name === kind.name))
      await kind.fetchFiles?.(folder, {
        signal,
        onProgress: (what, { bytes, ofBytes }) => {
          const of = ofBytes === undefined ? "" : ` of ${megabytes(ofBytes)}`;
          output.progress(`fetching the ${what} of ${kind.name}  ${megabytes(bytes)}${of}`);
        },
      });
}

async function speakWith(
  engines: readonly SpeechEngine[],
  sentences: readonly string[],
  flags: SpeakFlags,
  session: Session,
): Promise<void> {
  const { output, signal } = session;
  const { SpeechJob } = await import("../../../synthesis/index.ts");
  const audit =
    flags.check === undefined
      ? undefined
      : await recognizingAudit(flags.check, flags.checkCer ?? MOST_ERRORS, session);
  const plan = await planFor(engines, sentences, flags);
  const [out, onProgress] = [flags.out!, showProgress(output)];
  const { language, toReject } = flags;
  const job = await SpeechJob.open({ plan, engines, language, out, toReject, signal, onProgress });
  const estimate = await job.estimate();
  reportEstimate(
    { out, sentences: sentences.length, clips: job.clips, estimate },
    flags.dryRun === true,
    output,
  );
  const alike = plan.length - job.clips.length;
  if (alike > 0)
    output.note(
      `${count(alike, "more utterance")} would be the same recordings again: more voices or speeds make them others`,
    );
  if (flags.dryRun) return;
  const corpus = await job.speak(audit).catch((error: unknown) => {
    throw signal.aborted ? interrupted("What was spoken is kept: run the command again to go on.") : error;
  });
  reportCorpus(corpus, !toReject && flags.dev > 0 && flags.dev + flags.test < 1, session);
}

async function planFor(
  engines: readonly SpeechEngine[],
  sentences: readonly string[],
  { engine = [], ...flags }: SpeakFlags,
): Promise<PlannedUtterance[]> {
  const { castSpeakers, planSpeech } = await import("../../../synthesis/index.ts");
  const speakers = engines.flatMap((each) => castSpeakers(each, flags));
  return planSpeech(sentences, speakers, { ...flags, weights: weightsOfEngines(engine) });
}

const STAGES = {
  look: "looking at what is there",
  try: "trying how fast it goes",
  speak: "speaking",
} as const;

const showProgress =
  (output: Output) =>
  ({ stage, done, total, secondsLeft }: SpeechProgress): void => {
    const left = secondsLeft === undefined ? "" : `  ETA ${duration(secondsLeft)}`;
    output.progress(`${STAGES[stage]} ${done}/${total}${left}`);
  };
