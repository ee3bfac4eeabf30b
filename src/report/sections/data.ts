// The data card: what each split holds, and what it shares with the training set.

import { duration, percent } from "../../figures.ts";
import type { Overlap, SplitCard } from "../data-card.ts";
import { markup, type Markup } from "../markup.ts";
import type { Run } from "../run.node.ts";

export function dataSection(
  card: readonly SplitCard[] | string,
  { manifests, used, log: { start } }: Run,
): Markup {
  const about = markup`<section id="data"><h2>Data</h2>
<ul class="paths">${manifests.map((path) => markup`<li><span class="path">${path}</span></li>`)}</ul>`;
  if (typeof card === "string") return markup`${about}<p class="note">${card}</p></section>`;
  const mean = start && start.utterances > 0 ? (start.seconds / start.utterances).toFixed(1) : undefined;
  return markup`${about}
<div class="scroll"><table class="numbers">
<thead><tr><th>split</th><th>utterances</th><th>speakers</th><th>words</th><th>vocabulary</th><th>words of an utterance<br><small>shortest, median, longest</small></th></tr></thead>
<tbody>
${card.map(splitRow)}</tbody></table></div>
${start && markup`<p>The split “${used.trainSplit}” lasts ${duration(start.seconds)}: ${start.utterances} utterances that can be learned from, ${mean} s each on average.</p>`}
<ul>${card.map((split) => split.overlap && overlapLine(split, split.overlap))}</ul>
<p class="note">Words as the manifests write them, in lower case.</p></section>`;
}

const splitRow = ({
  split,
  utterances,
  speakers,
  words,
  vocabulary,
  shortest,
  median,
  longest,
}: SplitCard): Markup =>
  markup`<tr><th scope="row">${split}</th><td>${utterances}</td><td>${speakers === 0 ? "–" : speakers}</td><td>${words}</td><td>${vocabulary}</td><td>${shortest}, ${median}, ${longest}</td></tr>
`;

function overlapLine({ split, utterances, speakers, words }: SplitCard, overlap: Overlap): Markup {
  const { unknownWords, knownTexts, knownSpeakers } = overlap;
  const of = (part: number, all: number) => `${part} of ${all} (${percent(part / Math.max(1, all))})`;
  const voices =
    speakers === 0
      ? "its speakers are not told"
      : `${knownSpeakers} of its ${speakers} speakers are known from training`;
  return markup`<li>“${split}”: ${voices}; ${of(unknownWords, words)} words are not in the training set; ${of(knownTexts, utterances)} texts are.</li>
`;
}
