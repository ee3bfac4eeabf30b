// `earshot plan`: how long an epoch takes on how many ranks, and what it costs, before anybody rents them. The predicting
// is in training/planning/; here are the options, what is measured for it, the table and what was assumed.

import type { Command } from "commander";
import { Option } from "commander";
import type {
  RankPlan,
  RankPlanRequest,
  StepCost,
  TrainingSettings,
  UtteranceLengths,
} from "../../../training/index.ts";
import { count, megabytes, percent } from "../../../figures.ts";
import { addSettingsOptions, engineOption, examples, jsonOption, threadsOption } from "../options.ts";
import {
  parseAmount,
  parsePositiveAmount,
  parseRanks,
  parseRate,
  parseShareOfStep,
} from "../plan-options.ts";
import { usageFault, type Session } from "../session.ts";
import type { SettingsFlags } from "../training-input.ts";

interface PlanFlags extends SettingsFlags {
  readonly hours?: number;
  readonly network?: string;
  readonly width?: string;
  readonly ranks: readonly number[];
  readonly link: number;
  readonly latency: number;
  readonly batch?: string;
  readonly bucket: number;
  readonly compress?: true;
  readonly overlap: number;
  readonly cost?: number;
  readonly stepSeconds?: number;
  readonly spread: number;
  readonly meanSeconds: number;
}

const amount = (flags: string, about: string, parse = parseAmount): Option =>
  new Option(flags, about).argParser(parse);

/** Of what sums the gradients of ranks. */
const addExchangeOptions = (command: Command): Command =>
  command
    .addOption(
      new Option("--link <rate>", "of each rank's network: GB/s, or with its unit, such as 10Gbit/s")
        .argParser(parseRate)
        .default(1.25e9, "1.25, which is 10Gbit/s"),
    )
    .addOption(amount("--latency <µs>", "of a small message between two ranks").default(50))
    .addOption(amount("--bucket <MB>", "of gradient that is summed at once", parsePositiveAmount).default(4))
    .option("--compress", "gradients travel in 16 bits: short for --set gradientCompression=float16")
    .addOption(
      amount(
        "--overlap <share>",
        "of a step in which buckets are sent already; 0: all at its end",
        parseShareOfStep,
      ).default(0),
    );

export function addPlan(program: Command, session: Session): void {
  const command = program
    .command("plan")
    .description(
      "Predict what training takes on many machines: hours an epoch, efficiency, cost. Runs some train steps here to know what they take.",
    )
    .argument("[manifest...]", "recordings whose lengths the corpus has; lengths are assumed without");
  addSettingsOptions(command)
    .addOption(
      amount("--hours <h>", "speech of the corpus; that of the manifest by default", parsePositiveAmount),
    )
    .option("--network <name>", "short for --set network.name=NAME")
    .option("--width <units>", "short for --set network.width=UNITS")
    .option("--batch <utterances>", "of one rank, at most: short for --set data.maxUtterances=…")
    .addOption(
      new Option("--ranks <list>", "how many ranks: 1,2,4, or 1..512 for the powers of two between them")
        .argParser(parseRanks)
        .default([1, 2, 4, 8, 16, 32, 64, 128, 256, 512], "1..512"),
    );
  addExchangeOptions(command)
    .addOption(amount("--cost <price>", "of a rank for an hour"))
    .addOption(
      amount(
        "--step-seconds <s>",
        "of a rank's mean batch, in place of measuring it here",
        parsePositiveAmount,
      ),
    )
    .addOption(
      amount("--spread <share>", "by which the seconds of equal steps differ between ranks").default(0.02),
    )
    .addOption(
      amount(
        "--mean-seconds <s>",
        "of an utterance, where there is no manifest",
        parsePositiveAmount,
      ).default(8),
    )
    .addOption(engineOption())
    .addOption(threadsOption())
    .addOption(jsonOption())
    .addHelpText(
      "after",
      examples(
        "earshot plan --hours 1000 --width 1024 --ranks 1..512 --link 1.25",
        "earshot plan speech/manifest.csv --config small.yaml --ranks 1,2,4 --link 1Gbit/s --threads 1",
        "earshot plan --hours 10000 --step-seconds 0.8 --cost 0.35 --json",
      ),
    )
    .action((manifests: string[], options: PlanFlags) => plan(manifests, options, session));
}

async function plan(manifests: readonly string[], flags: PlanFlags, session: Session): Promise<void> {
  const settings = await settingsOf(flags);
  const { lengths, hours } = await lengthsOf(manifests, flags, session);
  const steps = await stepsOf(settings, lengths, flags, session);
  const { parameterCount, planRanks, usableRate } = await import("../../../training/index.ts");
  const parameters = parameterCount(settings);
  const isCompressed = settings.gradientCompression === "float16";
  const request: RankPlanRequest = {
    hours,
    lengths,
    hopMs: settings.features.hopMs,
    batchFrames: settings.data.batchFrames,
    maxUtterances: settings.data.maxUtterances,
    accumulate: settings.accumulate,
    cost: steps.cost,
    spread: flags.spread,
    exchange: {
      bytes: parameters * (isCompressed ? 2 : 4),
      bucketBytes: 1e6 * flags.bucket,
      link: { bytesPerSecond: usableRate(flags.link), latencySeconds: flags.latency / 1e6 },
      overlap: flags.overlap,
    },
    price: flags.cost,
    seed: settings.seed,
  };
  const plans = planRanks(request, flags.ranks);
  const { network } = settings;
  if (session.output.json) {
    const assumed = "meanSeconds" in lengths ? lengths : { recordings: lengths.measuredSeconds.length };
    return session.output.object({ network, parameters, ...request, lengths: assumed, plans });
  }
  const facts = { parameters, flags, steps, isCompressed };
  session.output.write(`${tableOf(plans)}\n${await assumptionsOf(request, facts)}\n`);
}

async function settingsOf(flags: PlanFlags): Promise<TrainingSettings> {
  const { gatherSettings } = await import("../training-input.ts");
  const { settingsForCorpus } = await import("../../../training/index.ts");
  const short = {
    "network.name": flags.network,
    "network.width": flags.width,
    "data.maxUtterances": flags.batch,
    gradientCompression: flags.compress && "float16",
  };
  const given = Object.entries(short).filter(([, value]) => value !== undefined);
  const set = [...(flags.set ?? []), ...given.map(([name, value]) => `${name}=${value}`)];
  return settingsForCorpus(await gatherSettings({ ...flags, set }), []);
}

interface Corpus {
  readonly lengths: UtteranceLengths;
  readonly hours: number;
}

/** Spread of the logarithm of lengths: read speech has about this. */
const USUAL_SPREAD = 0.5;

async function lengthsOf(
  manifests: readonly string[],
  { hours, meanSeconds }: PlanFlags,
  { output, signal }: Session,
): Promise<Corpus> {
  if (manifests.length === 0) {
    if (hours === undefined) throw withoutHours();
    const { LONGEST_SECONDS, SHORTEST_SECONDS } = await import("../../../training/index.ts");
    if (meanSeconds < SHORTEST_SECONDS || meanSeconds > LONGEST_SECONDS)
      throw usageFault(
        `--mean-seconds ${meanSeconds} is no length of utterances that are trained on.`,
        `It is from ${SHORTEST_SECONDS} to ${LONGEST_SECONDS}.`,
      );
    return { hours, lengths: { meanSeconds, spread: USUAL_SPREAD } };
  }
  const { measureRecordings, readManifests } = await import("../../../data/index.ts");
  const { utterances, warnings } = await readManifests(manifests);
  for (const warning of warnings) output.warn(warning);
  const { measured } = await measureRecordings(utterances, {
    signal,
    onProgress: (done, of) => output.progress(`measuring recordings ${done}/${of}`),
  });
  const measuredSeconds = measured.map(({ seconds }) => seconds).filter((seconds) => seconds > 0);
  if (measuredSeconds.length === 0) throw withoutHours();
  const sum = measuredSeconds.reduce((total, seconds) => total + seconds, 0);
  return { hours: hours ?? sum / 3600, lengths: { measuredSeconds } };
}

interface Steps {
  readonly cost: StepCost;
  readonly measured?: number;
}

const REPEATS = 4;
/** Of the batches, by their size, those whose steps are measured. */
const MEASURED_QUANTILES = [0.1, 0.5, 0.9];

async function stepsOf(
  settings: TrainingSettings,
  lengths: UtteranceLengths,
  { stepSeconds }: PlanFlags,
  { output, signal }: Session,
): Promise<Steps> {
  const { batchShapes, fastestSteps, fitStepCost, measureSteps } = await import("../../../training/index.ts");
  const { batchFrames, maxUtterances } = settings.data;
  const plan = { lengths, hopMs: settings.features.hopMs, batchFrames, maxUtterances, seed: settings.seed };
  const shapes = batchShapes(plan);
  if (stepSeconds !== undefined) {
    const frames = shapes.reduce((sum, { B, T }) => sum + B * T, 0) / shapes.length;
    const cost = { secondsPerStep: 0, secondsPerFrame: stepSeconds / frames };
    return { cost };
  }
  const chosen = MEASURED_QUANTILES.map((share) => shapes[Math.floor(share * shapes.length)]);
  const measured = await measureSteps(settings, chosen, {
    repeats: REPEATS,
    signal,
    onProgress: (done, of) => output.progress(`measuring train steps ${done}/${of}`),
  });
  output.clearProgress();
  return { cost: fitStepCost(fastestSteps(measured)), measured: measured.length };
}

const withoutHours = () =>
  usageFault("It is not said how much speech the corpus has.", "Give --hours, or a manifest of recordings.");

// ── What is written ─────────────────────────────────────────────────────────────────────────────────────────────

function tableOf(plans: readonly RankPlan[]): string {
  const priced = plans.some(({ price }) => price !== undefined);
  const head = ["ranks", "updates", "utterances", "compute", "wait", "exchange", "hours/epoch", "efficiency"];
  const rows = plans.map((plan) => [
    `${plan.ranks}`,
    `${plan.updates}`,
    plan.utterances.toFixed(0),
    milliseconds(plan.computeSeconds),
    milliseconds(plan.waitSeconds),
    milliseconds(plan.exchangeSeconds),
    plan.hoursPerEpoch.toPrecision(3),
    percent(plan.efficiency),
    ...(priced ? [(plan.price ?? 0).toFixed(2)] : []),
  ]);
  const all = [priced ? [...head, "cost/epoch"] : head, ...rows];
  const widths = all[0].map((_, column) => Math.max(...all.map((row) => row[column].length)));
  return all.map((row) => row.map((cell, column) => cell.padStart(widths[column])).join("  ")).join("\n");
}

const milliseconds = (seconds: number): string => `${(1000 * seconds).toFixed(0)} ms`;

interface PlanFacts {
  readonly parameters: number;
  readonly flags: PlanFlags;
  readonly steps: Steps;
  readonly isCompressed: boolean;
}

async function assumptionsOf(
  request: RankPlanRequest,
  { parameters, flags, steps, isCompressed }: PlanFacts,
): Promise<string> {
  const { LONGEST_SECONDS, SHORTEST_SECONDS } = await import("../../../training/index.ts");
  const { hours, lengths, batchFrames, maxUtterances, exchange, cost } = request;
  const { link, bytes, bucketBytes, overlap } = exchange;
  const known = "measuredSeconds" in lengths;
  const many = known ? count(lengths.measuredSeconds.length, "recording") : "";
  const how = known
    ? `drawn from ${many}`
    : `log-normal, mean ${lengths.meanSeconds} s, spread ${lengths.spread}, cut off to ${SHORTEST_SECONDS} … ${LONGEST_SECONDS} s`;
  const measured =
    steps.measured === undefined ? "given" : `measured here, the fastest of ${count(steps.measured, "step")}`;
  const lines = [
    `${hours.toPrecision(3)} hours of speech; lengths ${how}`,
    `${(parameters / 1e6).toFixed(1)} million weights: ${megabytes(bytes)} of gradient in buckets of ${megabytes(bucketBytes)}${isCompressed ? ", in 16 bits" : ""}`,
    `a step of one rank (at most ${maxUtterances} utterances, ${batchFrames} padded frames): ${milliseconds(cost.secondsPerStep)} and ${(1e6 * cost.secondsPerFrame).toFixed(1)} µs a frame, ${measured}; between ranks ± ${percent(request.spread)}`,
    `each rank computes as this machine does, and has a link of ${(flags.link / 1e9).toPrecision(3)} GB/s and ${flags.latency} µs of its own, of which sums over TCP get ${(link.bytesPerSecond / 1e9).toPrecision(3)} GB/s`,
    `sums in a ring, of N ranks 2(N − 1) messages a bucket; ${overlap === 0 ? "none of it while a step is computed" : `sent from the last ${percent(overlap)} of a step on`}`,
    `an update learns from a batch of each rank${request.accumulate > 1 ? `, and from ${request.accumulate} at least` : ""}: more ranks make fewer and larger updates, which may want more epochs`,
    "not counted: the first epoch's features, the dev split, checkpoints, faults",
  ];
  return `\nAssumed:\n${lines.map((line) => `  ${line}`).join("\n")}`;
}
