// `earshot data import`: a corpus as it was published becomes a manifest.

import { basename } from "node:path";
import { stat } from "node:fs/promises";
import { InvalidArgumentError, Option } from "commander";
import type { Command } from "commander";
import type { ImportedCorpus, Importer, ImportProgress } from "../../../data/index.ts";
import { nearestName } from "../../../errors.ts";
import { count, duration } from "../../../figures.ts";
import { collect, examples, jsonOption, parseSeed } from "../options.ts";
import type { Output } from "../output.ts";
import { usageFault } from "../session.ts";
import type { Session } from "../session.ts";
import { parseShare } from "../split-options.ts";

interface ImportFlags {
  readonly out?: string;
  readonly part?: readonly string[];
  readonly checksum?: string;
  readonly dev: number;
  readonly test: number;
  readonly seed: number;
  readonly keepArchives?: true;
}

/** Listed here too, so that `--help` loads no room; a test compares them with the importers. */
export const CORPORA = ["an4", "librispeech", "commonvoice", "fsdd", "ljspeech", "voxforge", "hf"] as const;

export function addDataImport(data: Command, session: Session): void {
  data
    .command("import")
    .description("Bring in a corpus: fetch, check and unpack it, and write its manifest.")
    .argument("<corpus>", CORPORA.join(", "))
    .argument("[source...]", "archives, unpacked folders or a URL; by default what the corpus publishes")
    .option(
      "--out <folder>",
      "where the manifest goes, and what is fetched; by default named after the corpus",
    )
    .addOption(
      new Option("--part <name>", "a part of the corpus, or a configuration of hf; repeatable").argParser(
        collect,
      ),
    )
    .addOption(
      new Option("--checksum <algorithm:hex>", "of the one URL: sha256:… or md5:…").argParser(checkChecksum),
    )
    .addOption(
      new Option("--dev <share>", "of train, where there is no dev split").default(0.1).argParser(parseShare),
    )
    .addOption(
      new Option("--test <share>", "of train, where there is no test split")
        .default(0.1)
        .argParser(parseShare),
    )
    .addOption(new Option("--seed <n>", "of the splits that are made").default(1).argParser(parseSeed))
    .option("--keep-archives", "do not remove what was fetched once it is unpacked")
    .addOption(jsonOption())
    .addHelpText(
      "after",
      examples(
        "earshot data import an4",
        "earshot data import librispeech --part dev-clean --part test-clean --out librispeech",
        "earshot data import commonvoice cv-corpus-17.0-cy.tar.gz",
        "earshot data import voxforge https://example.org/16kHz_16bit/",
        "earshot data import hf PolyAI/minds14 --part en-US",
      ),
    )
    .action((corpus: string, sources: string[], flags: ImportFlags) =>
      importCommand(corpus, sources, flags, session),
    );
}

function checkChecksum(text: string): string {
  if (/^(?:sha256:[0-9a-f]{64}|md5:[0-9a-f]{32})$/i.test(text)) return text;
  throw new InvalidArgumentError("It is sha256: and 64 hexadecimal digits, or md5: and 32.");
}

async function importCommand(
  corpus: string,
  sources: readonly string[],
  flags: ImportFlags,
  session: Session,
): Promise<void> {
  const { output, signal } = session;
  const { importCorpus, importers } = await import("../../../data/index.ts");
  const importer = importers.find(({ name }) => name === corpus);
  if (importer === undefined) throw unknownCorpus(corpus, importers);
  if (flags.checksum !== undefined && !(sources.length === 1 && /^https?:/i.test(sources[0])))
    throw usageFault(
      "--checksum is of one URL, and that is not what is given.",
      "Give one URL, or leave it out.",
    );
  if (flags.part !== undefined && sources.length > 0 && (await areHere(sources)))
    throw usageFault(
      "--part chooses what is fetched, and nothing is to be fetched.",
      "Give only the archives or folders that you want, or no source at all.",
    );
  const [algorithm, hex] = flags.checksum?.toLowerCase().split(":") ?? [];
  const imported = await importCorpus({
    importer,
    sources,
    out: flags.out ?? (await usualFolder(importer, sources)),
    parts: flags.part,
    checksum: hex === undefined ? undefined : { algorithm: algorithm as "sha256" | "md5", hex },
    shares: { dev: flags.dev, test: flags.test },
    seed: flags.seed,
    keepArchives: flags.keepArchives,
    signal,
    onProgress: showImport(output, () => performance.now() / 1000),
  });
  report(output, corpus, imported);
}

async function areHere(paths: readonly string[]): Promise<boolean> {
  const found = await Promise.all(paths.map((path) => stat(path).catch(() => undefined)));
  return found.every((each) => each !== undefined);
}

/** The folder that was given, where it is the only source; else one named after the corpus or the data set. */
async function usualFolder({ name }: Importer, sources: readonly string[]): Promise<string> {
  const [source] = sources;
  if (source === undefined) return name;
  const found = await stat(source).catch(() => undefined);
  if (sources.length === 1 && found?.isDirectory()) return source;
  return name === "hf" && found === undefined && !/^https?:/i.test(source) ? basename(source) : name;
}

function unknownCorpus(given: string, importers: readonly Importer[]) {
  const names = importers.map(({ name }) => name);
  const near = nearestName(given, names);
  const listed = importers.map(({ name, description }) => `\n    ${name.padEnd(12)} ${description}`).join("");
  return usageFault(
    `There is no importer for "${given}".`,
    near === undefined ? `There are:${listed}` : `Did you mean ${near}?`,
  );
}

/** @param clock in seconds */
function showImport(output: Output, clock: () => number): (progress: ImportProgress) => void {
  let begun: { readonly name: string; readonly seconds: number; readonly bytes: number } | undefined;
  return (progress) => {
    if (progress.stage === "read") return output.progress("reading transcripts");
    if (progress.stage === "unpack")
      return output.progress(
        `unpacking ${progress.name}  ${progress.files} files, ${megabytes(progress.bytes)}`,
      );
    const { name, index, count, bytes, ofBytes } = progress;
    if (begun?.name !== name) begun = { name, seconds: clock(), bytes };
    const perSecond = (bytes - begun.bytes) / (clock() - begun.seconds);
    const left = ofBytes === undefined ? undefined : (ofBytes - bytes) / perSecond;
    const of = ofBytes === undefined ? "" : ` of ${megabytes(ofBytes)}`;
    const which = count > 1 ? ` ${index + 1}/${count}` : "";
    const speed = Number.isFinite(perSecond) ? `  ${megabytes(perSecond)}/s` : "";
    output.progress(`fetching${which} ${name}  ${megabytes(bytes)}${of}${speed}  ETA ${duration(left)}`);
  };
}

const megabytes = (bytes: number): string => `${(bytes / 1e6).toFixed(1)} MB`;

function report(output: Output, corpus: string, { manifest, rows, warnings }: ImportedCorpus): void {
  const splits: Record<string, { utterances: number; speakers: number }> = {};
  for (const name of new Set(["train", "dev", "test", ...rows.map(({ split }) => split)])) {
    const members = rows.filter(({ split }) => split === name);
    if (members.length === 0) continue;
    const speakers = new Set(members.map(({ speaker }) => speaker).filter((speaker) => speaker !== ""));
    splits[name] = { utterances: members.length, speakers: speakers.size };
  }
  if (output.json) return output.object({ corpus, manifest, utterances: rows.length, splits, warnings });
  for (const warning of warnings) output.warn(warning);
  const listed = Object.entries(splits).map(
    ([name, { utterances, speakers }]) => `${name} ${utterances} (${count(speakers, "speaker")})`,
  );
  output.note(`${manifest}: ${count(rows.length, "utterance")}: ${listed.join(", ")}`);
  output.note(`Next: earshot data stats ${manifest}`);
}
