// `earshot data split`: a manifest whose train, dev and test share no speaker.

import { stat } from "node:fs/promises";
import { extname, join } from "node:path";
import { Option } from "commander";
import type { Command } from "commander";
import type { Measured } from "../../../data/index.ts";
import { count, duration } from "../../../figures.ts";
import { checkOutputs } from "../../../platform/index.ts";
import { examples, jsonOption, parseSeed } from "../options.ts";
import { EXIT, usageFault } from "../session.ts";
import type { Session } from "../session.ts";
import { parseShare } from "../split-options.ts";

interface SplitFlags {
  readonly dev: number;
  readonly test: number;
  readonly by: "speaker" | "utterance";
  readonly seed: number;
  readonly out?: string;
}

export function addDataSplit(data: Command, session: Session): void {
  data
    .command("split")
    .description("Divide recordings into train, dev and test by hours, each speaker in one of them only.")
    .argument("<manifest>", "a table, JSON lines or a folder; splits in it are not looked at")
    .addOption(new Option("--dev <share>", "of all hours; 0 for no dev").default(0.1).argParser(parseShare))
    .addOption(new Option("--test <share>", "of all hours; 0 for no test").default(0.1).argParser(parseShare))
    .addOption(
      new Option("--by <what>", "what is never divided").choices(["speaker", "utterance"]).default("speaker"),
    )
    .addOption(new Option("--seed <n>", "another one, other splits").default(1).argParser(parseSeed))
    .option("--out <file>", "the new manifest; by default beside the old one, as NAME-split.csv")
    .addOption(jsonOption())
    .addHelpText(
      "after",
      examples(
        "earshot data split mine.csv --dev 0.1 --test 0.1",
        "earshot data split recordings/ --by utterance --seed 7 --out recordings/manifest.csv",
      ),
    )
    .action((manifest: string, flags: SplitFlags) => split(manifest, flags, session));
}

async function split(manifest: string, flags: SplitFlags, session: Session): Promise<void> {
  const { output, signal } = session;
  const { assignSplits, filesOf, measureRecordings, readManifests, writeManifest } =
    await import("../../../data/index.ts");
  const { utterances, warnings } = await readManifests([manifest]);
  for (const warning of warnings) output.warn(warning);
  const path = flags.out ?? (await besides(manifest));
  await checkOutputs([path], { inputs: [manifest, ...filesOf(utterances)], makesFolders: true });
  const nameless = utterances.find(({ speaker }) => speaker === "");
  if (flags.by === "speaker" && nameless !== undefined) throw speakerless(nameless.where);
  const { measured, unreadable } = await measureRecordings(utterances, {
    signal,
    onProgress: (done, total) => output.progress(`measuring ${done}/${total}`),
  });
  for (const { error } of unreadable) output.complain(error);
  if (unreadable.length > 0) session.exitCode = EXIT.findings;
  const items = measured.map(({ utterance, seconds }) => {
    return { group: flags.by === "speaker" ? utterance.speaker : undefined, weight: seconds };
  });
  const splits = assignSplits(items, { dev: flags.dev, test: flags.test }, flags.seed);
  await writeManifest(
    path,
    measured.map(({ utterance }, index) => ({ ...utterance, split: splits[index] })),
  );
  report(path, measured, splits, unreadable.length, session);
}

async function besides(manifest: string): Promise<string> {
  if ((await stat(manifest)).isDirectory()) return join(manifest, "split.csv");
  return `${manifest.slice(0, manifest.length - extname(manifest).length)}-split.csv`;
}

function speakerless(where: string) {
  return usageFault(
    `${where} does not say who speaks.`,
    "Fill in the column speaker, or split --by utterance.",
  );
}

function report(
  path: string,
  measured: readonly Measured[],
  splits: readonly string[],
  unreadable: number,
  { output }: Session,
): void {
  const parts = ["train", "dev", "test"].map((name) => {
    const members = measured.filter((_, index) => splits[index] === name);
    const speakers = new Set(
      members.map(({ utterance }) => utterance.speaker).filter((speaker) => speaker !== ""),
    );
    const seconds = members.reduce((sum, member) => sum + member.seconds, 0);
    return { name, utterances: members.length, speakers: speakers.size, seconds };
  });
  if (output.json) {
    output.object({
      manifest: path,
      splits: Object.fromEntries(parts.map(({ name, ...part }) => [name, part])),
      unreadable,
    });
    return;
  }
  for (const { name, utterances, speakers, seconds } of parts)
    if (utterances > 0)
      output.write(
        `${name.padEnd(6)} ${duration(seconds)}, ${count(utterances, "utterance")}, ${count(speakers, "speaker")}\n`,
      );
  output.note(`written to ${path}`);
}
