// The folder of a run, as far as the report reads it: run.json, and what log.jsonl says of it.

import { basename, fileFacts, join, openFolder, readWholeText, resolve } from "../platform/index.ts";
import { featureSettings, featureSize } from "../audio/index.ts";
import { augmentationSettings } from "../data/index.ts";
import { EarshotError } from "../errors.ts";
import { streamDelayMs } from "../model/index.ts";
import { resolveArchitecture } from "../network/index.ts";
import { parseSettings, z } from "../settings.ts";
import { readAnyRunFile, RUN_FILES } from "../training/index.ts";
import { readRunLog, type RunLog } from "./run-log.ts";

/** Of the settings, what the report itself goes by; what is not there is as it usually is. */
const usedSettings = z.object({
  seed: z.number().optional(),
  epochs: z.number().optional(),
  trainSplit: z.string().catch("train"),
  devSplit: z.string().catch("dev"),
  gradientCap: z.number().optional(),
  engine: z.string().optional(),
  threads: z.number().optional(),
  data: z.object({ augmentation: augmentationSettings }).optional().catch(undefined),
  network: z.looseObject({ name: z.string() }).optional().catch(undefined),
});
export interface Run {
  readonly directory: string;
  readonly name: string;
  readonly manifests: readonly string[];
  /** As they were given to the run, with the defaults of that time. */
  readonly settings: Readonly<Record<string, unknown>>;
  readonly used: z.output<typeof usedSettings>;
  readonly log: RunLog;
  /** How far live text will be behind its sound; undefined where the whole utterance is needed, or it cannot be told. */
  readonly delayMs?: number;
  /** When the log was last written to. */
  readonly date?: Date;
  /** Undefined before the first epoch has ended. */
  readonly modelPath?: string;
}

/** @throws EarshotError NOT_A_RUN */
export async function readRunRecord(directory: string): Promise<Run> {
  const { manifests, settings } = await readAnyRunFile(openFolder(directory));
  const [logPath, modelPath] = [join(directory, RUN_FILES.log), join(directory, RUN_FILES.model)];
  const [log, logFacts, model] = await Promise.all([
    readWholeText(logPath).catch(() => ""), // a run that was only begun has none
    fileFacts(logPath),
    fileFacts(modelPath),
  ]);
  return {
    directory,
    name: basename(resolve(directory)),
    manifests,
    settings,
    used: usedSettings.parse(settings),
    log: readRunLog(log),
    delayMs: delayOf(settings),
    date: logFacts && new Date(Math.round(logFacts.modifiedMs)),
    modelPath: model && modelPath,
  };
}

/** By the settings, whatever version wrote them. */
function delayOf({ network, features }: Run["settings"]): number | undefined {
  try {
    const read = parseSettings(featureSettings, features, "features");
    const sizes = { features: featureSize(read), symbols: 2 }; // the delay does not depend on the alphabet
    const architecture = resolveArchitecture({ ...Object(network) }, sizes, "network");
    return streamDelayMs({ features: read, architecture });
  } catch (error) {
    if (error instanceof EarshotError) return undefined; // such as a network that nobody registered here
    throw error;
  }
}
