// What became of the old skill: the initial model and the new one on the test of what the first could do. Nothing where the
// run had no such test.

import { count, percent } from "../../figures.ts";
import { markup, type Markup } from "../markup.ts";
import type { Run } from "../run.ts";
import type { OldTestLine } from "../run-log.ts";

export function oldTestSection({ log: { oldTest } }: Run): Markup | undefined {
  if (!oldTest) return undefined;
  const { manifests, split, utterances, leftOut } = oldTest;
  return markup`<section id="old-test"><h2>The old skill</h2>
<p>${count(utterances, "utterance")}, split “${split}” of <span class="path">${manifests.join(", ")}</span>, recognized greedily and without rejection by the model that the run began with and by the one that it led to.${leftOut > 0 && ` ${count(leftOut, "utterance")} could not be spelled or read and are in no figure.`}</p>
<div class="scroll"><table class="numbers">
<thead><tr><th></th><th>before</th><th>after</th></tr></thead>
<tbody>
${rateRow("WER", "wer", oldTest)}${rateRow("CER", "cer", oldTest)}</tbody></table></div></section>`;
}

const rateRow = (name: string, kind: "wer" | "cer", { before, after }: OldTestLine): Markup =>
  markup`<tr><th scope="row">${name}</th><td>${before ? percent(before[kind]) : "–"}</td><td>${percent(after[kind])}</td></tr>
`;
