// What `earshot data speak` tells: voices, what is planned and how long it takes, what was made and what was left out.

import { count, duration } from "../../figures.ts";
import type { PlannedUtterance, SpeechEngine, SpeechEstimate, SpokenCorpus } from "../../synthesis/index.ts";
import type { Output } from "./output.ts";
import { EXIT } from "./session.ts";
import type { Session } from "./session.ts";

export function listVoices(engines: readonly SpeechEngine[], output: Output): void {
  for (const { name: engine, voices } of engines)
    for (const { name, speaker, language } of voices)
      if (output.json) output.object({ engine, voice: name, speaker, language });
      else output.write(`${engine.padEnd(10)} ${name.padEnd(24)} ${language}\n`);
  const listed = engines.map(({ name, voices }) => {
    const speakers = new Set(voices.map(({ speaker }) => speaker));
    return `${name} ${count(voices.length, "voice")} of ${count(speakers.size, "speaker")}`;
  });
  output.note(listed.join(", "));
}

interface Planned {
  readonly out: string;
  readonly sentences: number;
  readonly clips: readonly PlannedUtterance[];
  readonly estimate: SpeechEstimate;
}

/** @param isAll whether nothing more is told, as nothing is made */
export function reportEstimate(
  { out, sentences, clips, estimate }: Planned,
  isAll: boolean,
  output: Output,
): void {
  const { kept, toMake, seconds, speechSeconds } = estimate;
  const splits = countSplits(clips);
  if (output.json) {
    if (isAll) output.object({ out, sentences, utterances: clips.length, splits, ...estimate });
    return;
  }
  const there = kept === 0 ? "" : `, ${kept} of them there already`;
  output.note(
    `${count(sentences, "sentence")}, ${count(clips.length, "utterance")}${there}: ${formatSplits(splits)}`,
  );
  if (toMake > 0)
    output.note(
      `about ${duration(seconds)} for ${duration(speechSeconds)} of speech in ${count(toMake, "recording")}`,
    );
  if (isAll) output.note(`nothing was made; leave --dry-run out to make it in ${out}`);
}

const MOST_SHOWN = 10;

/** @param isToTrain whether recordings to learn from and to choose by are wanted */
export function reportCorpus(
  { manifest, spoken, leftOut, kept }: SpokenCorpus,
  isToTrain: boolean,
  session: Session,
): void {
  const { output } = session;
  if (leftOut.length > 0) session.exitCode = EXIT.findings;
  const seconds = spoken.reduce((sum, clip) => sum + clip.seconds, 0);
  const splits = countSplits(spoken.map(({ clip, seconds }) => ({ speaker: clip.speaker, seconds })));
  if (output.json) {
    const faults = leftOut.map(({ clip: { path, text, speaker }, fault }) => {
      return { path, transcript: text, speaker: speaker.name, fault };
    });
    return output.object({ manifest, utterances: spoken.length, seconds, kept, splits, leftOut: faults });
  }
  noteLeftOut(
    leftOut.map(({ clip: { path, text }, fault }) => ({ path, text, fault })),
    output,
  );
  output.note(
    `${manifest}: ${count(spoken.length, "utterance")}, ${duration(seconds)} of speech: ${formatSplits(splits)}`,
  );
  const lacking = isToTrain ? ["train", "dev"].filter((split) => !(split in splits)) : [];
  if (lacking.length > 0)
    output.note(
      `There is no recording of the split ${lacking.join(", nor of ")}: take more voices (--per-sentence, --engine), which are divided among the splits.`,
    );
  if ("train" in splits) output.note(`Next: earshot train ${manifest}`);
}

interface FaultyClip {
  readonly path: string;
  readonly text: string;
  readonly fault?: string;
}

export function noteLeftOut(clips: readonly FaultyClip[], output: Output): void {
  for (const { path, text, fault } of clips.slice(0, MOST_SHOWN))
    output.note(`left out: ${path} "${text}": ${fault}`);
  if (clips.length > MOST_SHOWN) output.note(`left out: ${clips.length - MOST_SHOWN} more`);
}

interface SplitCounts {
  readonly utterances: number;
  readonly speakers: number;
  /** Of what was made. */
  readonly seconds?: number;
}

function countSplits(
  clips: readonly { readonly speaker: PlannedUtterance["speaker"]; readonly seconds?: number }[],
): Record<string, SplitCounts> {
  const counts = ["train", "dev", "test"].map((split) => {
    const members = clips.filter(({ speaker }) => speaker.split === split);
    const speakers = new Set(members.map(({ speaker }) => speaker.name)).size;
    const seconds = members.reduce((sum, clip) => sum + (clip.seconds ?? 0), 0);
    return [split, { utterances: members.length, speakers, ...(seconds > 0 && { seconds }) }] as const;
  });
  return Object.fromEntries(counts.filter(([, { utterances }]) => utterances > 0));
}

const formatSplits = (splits: Record<string, SplitCounts>): string =>
  Object.entries(splits)
    .map(([name, { utterances, speakers }]) => `${name} ${utterances} (${count(speakers, "speaker")})`)
    .join(", ");
