// `earshot data stats`: what a corpus is like, before anything is trained on it.

import type { Command } from "commander";
import type { CorpusStatistics, Distribution, SplitStatistics, Unreadable } from "../../../data/index.ts";
import { count, duration, percent } from "../../../figures.ts";
import { examples, jsonOption } from "../options.ts";
import type { Output } from "../output.ts";
import { EXIT } from "../session.ts";
import type { Session } from "../session.ts";

export function addDataStats(data: Command, session: Session): void {
  data
    .command("stats")
    .description("Hours, speakers, rate of speech, lengths, vocabulary, and what the splits share.")
    .argument("<manifest...>", "tables, JSON lines or folders")
    .addOption(jsonOption())
    .addHelpText(
      "after",
      examples("earshot data stats an4/manifest.csv", "earshot data stats train.csv dev.csv test.csv --json"),
    )
    .action((manifests: string[]) => stats(manifests, session));
}

async function stats(manifests: readonly string[], session: Session): Promise<void> {
  const { output, signal } = session;
  const { describeCorpus, measureRecordings, readManifests } = await import("../../../data/index.ts");
  const { utterances, warnings } = await readManifests(manifests);
  for (const warning of warnings) output.warn(warning);
  const { measured, unreadable } = await measureRecordings(utterances, {
    signal,
    onProgress: (done, total) => output.progress(`measuring ${done}/${total}`),
  });
  if (unreadable.length > 0) session.exitCode = EXIT.findings;
  const statistics = describeCorpus(measured);
  for (const warning of statistics.warnings) output.warn(warning);
  if (output.json) {
    const failures = unreadable.map(({ utterance, error }) => ({
      where: utterance.where,
      path: utterance.path,
      error,
    }));
    return output.object({ manifests, ...statistics, failures });
  }
  report(output, statistics, unreadable);
}

function report(
  output: Output,
  { all, splits, overlaps }: CorpusStatistics,
  unreadable: readonly Unreadable[],
): void {
  for (const { error } of unreadable) output.complain(error);
  const write = (text: string): void => output.write(`${text}\n`);
  for (const part of splits.length > 1 ? [...splits, all] : [all]) write(formatSplit(part));
  write("");
  write(formatHistogram("seconds", all.seconds));
  write(formatHistogram("characters a second", all.charactersPerSecond));
  write(formatSymbols(all));
  for (const { splits: names, speakers, transcripts, recordings } of overlaps) {
    const shared = [
      count(speakers, "speaker"),
      count(transcripts, "transcript"),
      count(recordings, "recording"),
    ].join(", ");
    write(`${names.join(" and ")} share ${shared}`);
  }
  if (unreadable.length > 0)
    write(`${count(unreadable.length, "recording")} could not be read, and in no number`);
}

// ── One split ───────────────────────────────────────────────────────────────────────────────────────────────────

function formatSplit(part: SplitStatistics): string {
  const { split = "all", utterances, speakers, seconds, characters, charactersPerSecond, rates } = part;
  const { words, distinctWords } = part.vocabulary;
  const isMixed = part.sources.some(([source]) => source !== "human");
  const rows = [
    `${duration(seconds?.sum)} in ${count(utterances, "utterance")} of ${count(speakers, "speaker")}, ${rates.map(formatRate).join(", ")}`,
    ...(isMixed ? [`sources             ${part.sources.map((entry) => entry.join(" ")).join(", ")}`] : []),
    `seconds             ${formatRange(seconds)}`,
    `ms before speech    ${formatRange(part.msBefore)}`,
    `ms after speech     ${formatRange(part.msAfter)}`,
    `level in dB         ${formatRange(part.levelDb)}`,
    `characters          ${formatRange(characters)}`,
    `characters a second ${formatRange(charactersPerSecond)}`,
    `words               ${words}, ${distinctWords} different${formatUnknown(part)}`,
  ];
  return rows.map((row, index) => `${(index === 0 ? split : "").padEnd(6)} ${row}`).join("\n");
}

const formatRate = ([rateHz, count]: readonly [number, number], index: number): string =>
  `${rateHz / 1000} kHz${index === 0 ? "" : ` (${count})`}`;

function formatRange(distribution: Distribution | undefined): string {
  if (distribution === undefined) return "–";
  const { min, p5, median, p95, max } = distribution;
  const [least, low, middle, high, most] = [min, p5, median, p95, max].map((value) => value.toFixed(1));
  return `${middle}, of most ${low} to ${high}, of all ${least} to ${most}`;
}

function formatUnknown({ unknownWords }: SplitStatistics): string {
  if (unknownWords === undefined || unknownWords.words === 0) return "";
  const { words, share, examples: listed } = unknownWords;
  return `; not in train: ${words} (${percent(share)}), such as ${listed.join(", ")}`;
}

// ── All ─────────────────────────────────────────────────────────────────────────────────────────────────────────

const BAR_CELLS = 40;

function formatHistogram(title: string, distribution: Distribution | undefined): string {
  if (distribution === undefined) return "";
  const { from, step, counts } = distribution.histogram;
  const most = Math.max(...counts);
  const lines = counts.map((count, bin) => {
    const bar = "█".repeat(Math.ceil((BAR_CELLS * count) / most));
    return `  ${Number((from + bin * step).toPrecision(6))
      .toString()
      .padStart(8)} ${bar} ${count}`;
  });
  return [`${title}, from`, ...lines].join("\n");
}

/** Of a Chinese corpus there are thousands. */
const LISTED_SYMBOLS = 64;

function formatSymbols({ vocabulary: { symbols } }: SplitStatistics): string {
  const listed = symbols
    .slice(0, LISTED_SYMBOLS)
    .map(([symbol, count]) => `${symbol === " " ? "space" : symbol} ${count}`);
  const more = symbols.length > LISTED_SYMBOLS ? `, and ${symbols.length - LISTED_SYMBOLS} more` : "";
  return `${symbols.length} symbols: ${listed.join(", ")}${more}`;
}
