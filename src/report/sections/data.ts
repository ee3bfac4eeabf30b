// The data card: what each split holds, how long it lasts, and what it shares with the training set.

import { HUMAN } from "../../data/index.ts";
import { duration, percent } from "../../figures.ts";
import type { SharedWithTraining, SplitCard } from "../data-card.ts";
import type { DevSplitResults } from "../dev-split.ts";
import { markup, type Markup } from "../markup.ts";
import type { Run } from "../run.ts";

export function dataSection(
  card: readonly SplitCard[] | string,
  { manifests, used, log: { start } }: Run,
  evaluation: DevSplitResults | string,
): Markup {
  const about = markup`<section id="data"><h2>Data</h2>
<ul class="paths">${manifests.map((path) => markup`<li><span class="path">${path}</span></li>`)}</ul>`;
  if (typeof card === "string") return markup`${about}<p class="note">${card}</p></section>`;
  const seconds = new Map([
    [used.devSplit, devSeconds(evaluation)],
    [used.trainSplit, start?.seconds],
  ]);
  return markup`${about}
<div class="scroll"><table class="numbers">
<thead><tr><th>split</th><th>length</th><th>utterances</th><th>speakers</th><th>words</th><th>vocabulary</th><th>words of an utterance<br><small>shortest, median, longest</small></th></tr></thead>
<tbody>
${card.map((split) => splitRow(split, seconds.get(split.split)))}</tbody></table></div>
<ul>${card.map(sourcesLine)}${card.map((split) => split.overlap && overlapLine(split, split.overlap))}</ul>
<p class="note">Words as the manifests write them, in lower case. The training split lasts as long as what of it can be learned from.</p></section>`;
}

/** Known where all of the split was evaluated. */
function devSeconds(evaluation: DevSplitResults | string): number | undefined {
  if (typeof evaluation === "string" || evaluation.evaluated.length < evaluation.utterances) return undefined;
  return evaluation.evaluated.reduce((sum, { seconds }) => sum + seconds, 0);
}

function splitRow(
  { split, utterances, speakers, vocabulary, lengths }: SplitCard,
  seconds: number | undefined,
): Markup {
  const { words, distinctWords } = vocabulary;
  const range = lengths ? [lengths.min, lengths.median, lengths.max].join(", ") : "–";
  return markup`<tr><th scope="row">${split}</th><td>${duration(seconds)}</td><td>${utterances}</td><td>${speakers === 0 ? "–" : speakers}</td><td>${words}</td><td>${distinctWords}</td><td>${range}</td></tr>
`;
}

/** Only where not everything was said by people. */
function sourcesLine({ split, sources }: SplitCard): Markup | false {
  if (sources.every(([source]) => source === HUMAN)) return false;
  const counts = sources.map(([source, utterances]) => `${source} ${utterances}`).join(", ");
  return markup`<li>“${split}”, utterances by source: ${counts}.</li>
`;
}

function overlapLine(
  { split, utterances, speakers, vocabulary }: SplitCard,
  { unknownWords, knownTexts, knownSpeakers }: SharedWithTraining,
): Markup {
  const of = (part: number, all: number) => `${part} of ${all} (${percent(part / Math.max(1, all))})`;
  const voices =
    speakers === 0
      ? "its speakers are not told"
      : `${knownSpeakers} of its ${speakers} speakers are known from training`;
  const examples = unknownWords.examples.length > 0 && `, such as ${unknownWords.examples.join(", ")}`;
  return markup`<li>“${split}”: ${voices}; ${of(unknownWords.words, vocabulary.words)} words are not in the training set${examples}; ${of(knownTexts, utterances)} texts are.</li>
`;
}
