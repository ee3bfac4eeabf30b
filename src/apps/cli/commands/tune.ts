// `earshot tune`: the α and β, and the beam, with which a model and a language model make the fewest errors.

import { performance } from "node:perf_hooks";
import { InvalidArgumentError, Option } from "commander";
import type { Command } from "commander";
import type { Selection } from "../../../data/index.ts";
import type { Tuning, TuningGrid, TuningPoint } from "../../../evaluation/index.ts";
import type { DecodingOptions, Recognizer } from "../../../recognizer/index.ts";
import { checkOutputs, checkReplaceable, replaceFile } from "../../../platform/index.ts";
import { duration, percent } from "../../../figures.ts";
import { addDecoderOptions, readCompactLanguageModel, readDecoding } from "../decoding.ts";
import { complainOf } from "../failures.ts";
import { addRecognitionOptions, examples, modelOption, requireModels } from "../options.ts";
import { loadRecognizer } from "../recognizer.ts";
import { EXIT, usageFault } from "../session.ts";
import type { Session } from "../session.ts";
import { missingManifest, rejectOptions, tuneRejection, type RejectFlags } from "./tune-rejection.ts";
import { formatTuning } from "../tuning-table.ts";

interface TuneOptions extends RejectFlags {
  readonly split?: string;
  readonly alphas?: readonly number[];
  readonly betas?: readonly number[];
  readonly beams?: readonly number[];
  readonly unknownPenalty?: number;
  readonly unknownPenalties?: readonly number[];
  readonly heatMap?: string;
  readonly store?: true;
  readonly embedLm?: true;
}

export function addTune(program: Command, session: Session): void {
  const values = (flags: string, description: string) =>
    new Option(flags, description).argParser(parseValues);
  const command = program
    .command("tune")
    .description(
      "Find the weights of a language model with the fewest errors on recordings with known transcripts.",
    )
    .usage("[options] <manifest>") // optional to commander, so that what --reject took is told
    .argument("[manifest]", "CSV (path,transcript,speaker,split), JSON lines or a folder: docs/cli.md")
    .addOption(modelOption())
    .option("--split <name>", 'rows of this split; by default "dev" where there is one, else all rows')
    .addOption(values("--alphas <values>", "α to try: 0.5,1,1.5, or 0:3:0.5 (from, to, step)"))
    .addOption(values("--betas <values>", "β to try"))
    .addOption(values("--beams <values>", "beams to try"))
    .addOption(values("--unknown-penalties <values>", "penalties of unknown words to try"))
    .option("--heat-map <file>", "draw the WER over α and β (SVG)")
    .option(
      "--store",
      "write the best into the model file (of an ONNX model: into its description), as its defaults",
    )
    .option("--embed-lm", "with --store: write the language model into the model file too");
  for (const option of rejectOptions()) command.addOption(option);
  addRecognitionOptions(addDecoderOptions(command))
    .addHelpText(
      "after",
      examples(
        "earshot tune speech/manifest.csv -m model.safetensors --lm words.arpa.gz",
        "earshot tune speech/manifest.csv -m model.safetensors --lm words.arpa.gz --alphas 0:2:0.25 --betas 0,1,2",
        "earshot tune speech/manifest.csv -m model.safetensors --lm words.arpa.gz --store --embed-lm",
        "earshot tune commands/manifest.csv -m model.safetensors --reject television/ noise/ --false-accepts 0.5",
      ),
    )
    .action((manifest: string | undefined, options: TuneOptions) => {
      if (manifest === undefined) throw missingManifest(options.reject);
      return tuneModel(manifest, options, session);
    });
}

/** Numbers in a list, or from:to:step with both ends. */
function parseValues(text: string): readonly number[] {
  const parts = text.split(/[,:]/).map((part) => (part.trim() === "" ? NaN : Number(part)));
  const fail = () => new InvalidArgumentError("It is a list such as 0.5,1,1.5 or a range such as 0:3:0.5.");
  if (!parts.every(Number.isFinite)) throw fail();
  if (!text.includes(":")) return [...new Set(parts)];
  const [from, to, step] = parts;
  const count = Math.floor((to - from) / step + 1e-9) + 1;
  if (parts.length !== 3 || text.includes(",") || !(step > 0) || !(count >= 1 && count <= 1000)) throw fail();
  return Array.from({ length: count }, (_, i) => Number((from + i * step).toFixed(9)));
}

async function tuneModel(manifest: string, options: TuneOptions, session: Session): Promise<void> {
  const { output } = session;
  checkOptions(options);
  const { filesOf, readManifests, selectSplit } = await import("../../../data/index.ts");
  const { utterances, warnings } = await readManifests([manifest]);
  await checkWritten(options, [manifest, ...filesOf(utterances)]);
  for (const warning of warnings) output.warn(warning);
  const selection = selectSplit(utterances, options.split, "dev", manifest);
  if (options.reject) return tuneRejection(manifest, selection, options, session);
  const decoding = await readDecoding(options);
  const recognizer = await loadRecognizer({ ...options, reject: false }, "greedy", "tune", session);
  try {
    const start = performance.now();
    const found = await search(
      recognizer,
      selection,
      options,
      decoding as DecodingOptions | undefined,
      session,
    );
    const elapsedSeconds = (performance.now() - start) / 1000;
    const { heatMap } = await import("../../../evaluation/index.ts");
    const { split } = selection;
    const title = `${manifest}${split === null ? "" : `, split ${split}`}`;
    if (options.heatMap !== undefined)
      await replaceFile(options.heatMap, new TextEncoder().encode(heatMap(found.tuning, title)));
    const stored = options.store
      ? await store(found.tuning.best, options, decoding as DecodingOptions)
      : null;
    report({ ...found, manifest, split, elapsedSeconds, heatMap: options.heatMap ?? null, stored }, session);
  } finally {
    await recognizer.close();
  }
}

function checkOptions({
  model,
  greedy,
  reject,
  falseAccepts,
  tradeOff,
  store,
  embedLm,
  lm,
  alpha,
  alphas,
  beta,
  betas,
  beam,
  beams,
  unknownPenalty,
  unknownPenalties,
}: TuneOptions) {
  const models = requireModels(model, "tune");
  if (!reject && (falseAccepts ?? tradeOff) !== undefined)
    throw usageFault(
      "--false-accepts and --trade-off go with --reject PATH….",
      "Give it, or leave them out.",
    );
  if (reject && (store || alphas || betas || beams || unknownPenalties))
    throw usageFault(
      "--reject learns what to reject and stores that, and nothing else.",
      "Leave --store, --alphas, --betas, --beams and --unknown-penalties to a call of their own.",
    );
  if (greedy && !reject) throw usageFault("--greedy leaves nothing to tune.", "Leave it out.");
  for (const [name, one, names, many] of [
    ["alpha", alpha, "alphas", alphas],
    ["beta", beta, "betas", betas],
    ["beam", beam, "beams", beams],
    ["unknown-penalty", unknownPenalty, "unknown-penalties", unknownPenalties],
  ] as const)
    // prettier-ignore
    if (one !== undefined && many !== undefined)
      throw usageFault(`Both --${name} and --${names} are given.`, "Leave one out.");
  if (store && models.length > 1)
    throw usageFault("--store writes into one model file, but several are given.", "Give one -m.");
  if (embedLm && !(store && lm))
    throw usageFault("--embed-lm goes with --store and --lm FILE.", "Give both.");
  if (embedLm && models[0].toLowerCase().endsWith(".onnx"))
    throw usageFault(
      "An ONNX model has no room for a language model.",
      "Leave --embed-lm out, and give --lm with every command.",
    );
}

/** What is written at the end of a long search. */
async function checkWritten(
  { heatMap, store, model = [], lm, vocabulary }: TuneOptions,
  data: readonly string[],
): Promise<void> {
  const { checkNotBoxed, isOnnxPath, modelPathOf, onnxDescriptionPath } =
    await import("../../../model/index.ts");
  const paths = await Promise.all(model.map(modelPathOf));
  const models = paths.flatMap((path) => (isOnnxPath(path) ? [path, onnxDescriptionPath(path)] : [path]));
  const others = [lm, vocabulary].filter((path) => path !== undefined);
  if (heatMap !== undefined) await checkOutputs([heatMap], { inputs: [...data, ...models, ...others] });
  if (store) await checkNotBoxed(model[0]);
  if (store) await checkReplaceable(models.at(-1)!);
}

async function search(
  recognizer: Recognizer,
  { utterances }: Selection,
  options: TuneOptions,
  decoding: DecodingOptions | undefined,
  { output, signal }: Session,
) {
  const { rowsOfUtterances, tune } = await import("../../../evaluation/index.ts");
  const { settings, ...knowledge } = await withLanguageModel(recognizer, decoding);
  const onProgress = ({ done, total }: { done: number; total: number }) =>
    output.progress(`evaluating ${done}/${total}`);
  const read = await rowsOfUtterances(recognizer, utterances, { signal, onProgress });
  const onPoint = (point: TuningPoint, done: number, total: number) =>
    output.progress(`tuning ${done}/${total}  ${weightsOf(point)}  WER ${percent(point.wer)}`);
  const { grid, refine } = await gridOf(options);
  const tuning = await tune(recognizer, read.utterances, grid, refine, {
    ...knowledge,
    settings,
    signal,
    onPoint,
  });
  for (const warning of tuning.warnings) output.warn(warning);
  const { failures, seconds } = read;
  return { tuning, failures, utterances: read.utterances.length, seconds };
}

const weightsOf = ({ alpha, beta, unknownWordPenalty, beam }: TuningPoint): string =>
  `α ${alpha}  β ${beta}  penalty ${unknownWordPenalty}  beam ${beam}`;

/** The language model given, or the one that travels in the model file. */
async function withLanguageModel(
  recognizer: Recognizer,
  decoding: DecodingOptions = {},
): Promise<DecodingOptions> {
  if (decoding.scorer) return decoding;
  const { missingLanguageModel } = await import("../../../recognizer/index.ts");
  const { languageModel } = recognizer.model.decoding;
  if (!languageModel) throw missingLanguageModel();
  const { openLanguageModel } = await import("../../../lm/index.ts");
  return { ...decoding, scorer: await openLanguageModel(languageModel, "language model in the model file") };
}

async function gridOf(options: TuneOptions): Promise<{ grid: TuningGrid; refine: boolean }> {
  const { COARSE_ALPHAS, COARSE_BETAS } = await import("../../../evaluation/index.ts");
  const { decoderSettings } = await import("../../../ctc/index.ts");
  const fixed = (value: number | undefined) => (value === undefined ? undefined : [value]);
  const alphas = options.alphas ?? fixed(options.alpha);
  const betas = options.betas ?? fixed(options.beta);
  const beams = options.beams ?? fixed(options.beam) ?? [decoderSettings.parse({}).beam];
  const penalties = options.unknownPenalties ?? fixed(options.unknownPenalty);
  const grid = { alphas: alphas ?? COARSE_ALPHAS, betas: betas ?? COARSE_BETAS, beams, penalties };
  return { grid, refine: alphas === undefined && betas === undefined };
}

/** The model's file as it is, or the description of an ONNX model, with the settings found and those given. @returns its path */
async function store(best: TuningPoint, options: TuneOptions, decoding: DecodingOptions): Promise<string> {
  const { isOnnxPath, loadModelFile, modelPathOf, saveModelFile, saveOnnxSettings } =
    await import("../../../model/index.ts");
  const path = await modelPathOf(requireModels(options.model, "tune")[0]);
  const { nBest: _, ...given } = decoding?.settings ?? {};
  const { alpha, beta, beam, unknownWordPenalty } = best;
  const decoder = { ...given, alpha, beta, beam, unknownWordPenalty };
  if (isOnnxPath(path)) return saveOnnxSettings(path, { decoder });
  const embedded =
    options.embedLm && options.lm ? { languageModel: await readCompactLanguageModel(options.lm) } : {};
  await saveModelFile(path, { ...(await loadModelFile(path)), decoder, ...embedded });
  return path;
}

type Report = Awaited<ReturnType<typeof search>> & {
  readonly manifest: string;
  readonly split: string | null;
  readonly elapsedSeconds: number;
  readonly heatMap: string | null;
  readonly stored: string | null;
};

function report({ tuning, failures, utterances, seconds, ...circumstances }: Report, session: Session): void {
  const { output } = session;
  if (failures.length > 0) session.exitCode = EXIT.findings;
  const { best, greedy, stages } = tuning;
  if (output.json) {
    const points = stages.flatMap(({ points }) => points);
    const failed = failures.map(({ utterance, error }) => ({ path: utterance.path, error }));
    const rates = { wer: greedy.wer, cer: greedy.cer };
    output.object({ best, greedy: rates, points, utterances, seconds, ...circumstances, failures: failed });
    return;
  }
  complainOf(failures, output);
  output.write(formatTuning(tuning as Tuning));
  const { alpha, beta, beam, unknownWordPenalty, wer, cer } = best;
  const { stored, heatMap, elapsedSeconds } = circumstances;
  output.write(`greedy  WER ${percent(greedy.wer)}  CER ${percent(greedy.cer)}\n`);
  output.write(
    `best    WER ${percent(wer)}  CER ${percent(cer)}  --alpha ${alpha} --beta ${beta} --unknown-penalty ${unknownWordPenalty} --beam ${beam}\n`,
  );
  output.write(`${utterances} utterances, ${duration(seconds)} of audio in ${duration(elapsedSeconds)}\n`);
  if (heatMap !== null) output.write(`heat map: ${heatMap}\n`);
  if (stored !== null) output.write(`stored in ${stored}\n`);
}
