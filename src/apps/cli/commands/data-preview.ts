// `earshot data preview`: a page with what augmentation makes of some recordings, to listen to.

import type { Command } from "commander";
import type { EarshotError } from "../../../errors.ts";
import type { PreviewedTexts, Utterance } from "../../../data/index.ts";
import { count } from "../../../figures.ts";
import { checkOutputs } from "../../../platform/index.ts";
import type { TrainingSettings } from "../../../training/index.ts";
import { examples, jsonOption, parseAtLeastOne, parseSeed, addSettingsOptions } from "../options.ts";
import { EXIT, usageFault } from "../session.ts";
import type { Session } from "../session.ts";
import type { SettingsFlags } from "../training-input.ts";

interface PreviewFlags extends Pick<SettingsFlags, "config" | "set" | "seed"> {
  readonly out: string;
  readonly count: number;
  readonly occasions: number;
}

export function addDataPreview(data: Command, session: Session): void {
  const command = data
    .command("preview")
    .description("Make a page with recordings before and after augmentation, to listen to and to look at.")
    .argument("<manifest...>", "tables, JSON lines or folders");
  addSettingsOptions(command)
    .option("--out <file>", "where the page goes", "preview.html")
    .option("--count <n>", "recordings, from all over the training split", parseAtLeastOne, 4)
    .option("--occasions <n>", "epochs in which each is augmented", parseAtLeastOne, 3)
    .option("--seed <n>", "in place of that of the settings", parseSeed)
    .addOption(jsonOption())
    .addHelpText(
      "after",
      examples(
        "earshot data preview an4/manifest.csv",
        "earshot data preview an4/manifest.csv --config noise.yaml",
        "earshot data preview an4/manifest.csv --set 'data.augmentation.noise.paths=[noises]' --count 8",
        "earshot data preview an4/manifest.csv --set data.augmentation.timeMasks=2 --out masks.html",
      ),
    )
    .action((manifests: string[], flags: PreviewFlags) => preview(manifests, flags, session));
}

async function preview(manifests: readonly string[], flags: PreviewFlags, session: Session): Promise<void> {
  const { output, signal } = session;
  const { AugmentationPreview, FeatureStore, filesOf, readManifests, selectSplit } =
    await import("../../../data/index.ts");
  const { writePreview } = await import("../../../report/index.ts");
  const { rampEpochsOf, settingsForCorpus, settingsWithoutEffect, withAlphabet } =
    await import("../../../training/index.ts");
  const { gatherSettings } = await import("../training-input.ts");
  const given = await gatherSettings(flags);
  const { utterances: all, warnings } = await readManifests(manifests);
  const settings = withAlphabet(settingsForCorpus(given, all), all);
  await requireAugmentation(settings);
  const { preset } = settings.data.augmentation;
  for (const warning of [...settingsWithoutEffect(settings), ...warnings]) output.warn(warning);
  const inputs = [...manifests, ...filesOf(all), ...(flags.config === undefined ? [] : [flags.config])];
  await checkOutputs([flags.out], { inputs });
  const { utterances } = selectSplit(all, undefined, settings.trainSplit, manifests.join(", "));
  const store = await FeatureStore.open(settings.features, settings.data, (warning) => output.warn(warning));
  try {
    const texts = await textsOf(settings);
    const augmentation = await AugmentationPreview.open(settings.data.augmentation, store, {
      texts,
      corpus: utterances,
      batchFrames: settings.data.batchFrames,
      signal,
    });
    for (const warning of augmentation.warnings) output.warn(warning);
    const { utterances: shown, unreadable } = await writePreview({
      preview: augmentation,
      utterances: chooseFrom(utterances, flags.count),
      occasions: flags.occasions,
      firstEpoch: rampEpochsOf(settings),
      seed: settings.seed,
      about: [...manifests, flags.config, ...(flags.set ?? []), `augmentation: ${preset}`]
        .filter(Boolean)
        .join(" · "),
      out: flags.out,
      signal,
      onProgress: (done, total) => output.progress(`augmenting ${done}/${total}`),
    });
    tell({ page: flags.out, augmentation: preset, shown, unreadable }, session);
  } finally {
    await store.close();
  }
}

interface Shown {
  readonly page: string;
  /** The preset that was decided on. */
  readonly augmentation: string;
  readonly shown: number;
  readonly unreadable: readonly EarshotError[];
}

function tell({ page, augmentation, shown, unreadable }: Shown, session: Session): void {
  const { output } = session;
  for (const error of unreadable) output.complain(error);
  if (unreadable.length > 0) session.exitCode = EXIT.findings;
  if (output.json) output.object({ preview: page, augmentation, utterances: shown, unreadable });
  else output.write(`${count(shown, "recording")}, augmentation: ${augmentation}  ${page}\n`);
}

async function requireAugmentation({ data: { augmentation } }: TrainingSettings): Promise<void> {
  const { augmentationSettings } = await import("../../../data/index.ts");
  const none = augmentationSettings.parse("none");
  if (JSON.stringify({ ...augmentation, preset: none.preset }) !== JSON.stringify(none)) return;
  throw usageFault(
    "The settings ask for no augmentation: there is nothing to hear.",
    "Give --set data.augmentation=real-world, which training takes by itself from 100 utterances on, or --config; docs/settings.md lists all settings.",
  );
}

/** What training knows of texts: it keeps the frames that they need. */
async function textsOf(settings: TrainingSettings): Promise<PreviewedTexts> {
  const { networkOf } = await import("../../../training/index.ts");
  const { outputSteps } = await import("../../../network/index.ts");
  const { alphabet, architecture } = networkOf(settings);
  const { transcript } = settings;
  return { alphabet, transcript, outputSteps: (frames) => outputSteps(architecture, frames) };
}

/** Evenly apart, each with its index. */
function chooseFrom(utterances: readonly Utterance[], most: number) {
  const count = Math.min(most, utterances.length);
  return Array.from({ length: count }, (_, i) => {
    const index = Math.floor((i * utterances.length) / count);
    return { utterance: utterances[index], index };
  });
}
