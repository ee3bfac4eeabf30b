// How the model bears what its use will bring: a bar for each condition that some of dev was heard under.

import { percent } from "../../figures.ts";
import { CONDITIONS, signedPoints } from "../../evaluation/index.ts";
import { barChart, type Bar } from "../bars.ts";
import type { DevSplitResults } from "../dev-split.ts";
import { markup, type Markup } from "../markup.ts";
import type { StressResults } from "../stress.ts";

export function stressSection(evaluation: DevSplitResults | string): Markup {
  const about = markup`<section id="stress"><h2>In use</h2>`;
  const { stress } = typeof evaluation === "string" ? { stress: evaluation } : evaluation;
  if (typeof stress === "string") return markup`${about}<p class="note">${stress}</p></section>`;
  const [clean] = stress.conditions;
  return markup`${about}
<p>${stress.utterances} utterances of dev, ${clean.words} words, as they are and as silence, noise, rooms, lines and voices change them.
So few tell what breaks, not by how much: <code>earshot test --stress</code> measures all conditions on more.</p>
<div class="charts">
${barChart({ title: "Word error rate", note: "Beyond the line: what a condition costs.", bars: barsOf(stress), base: clean.wer, format: (rate) => `${Math.round(100 * rate)} %` })}
</div></section>`;
}

function barsOf({ conditions }: StressResults): Bar[] {
  const [clean] = conditions;
  return conditions.map(({ name, wer }) => {
    const loss = name === clean.name ? "" : ` (${signedPoints(100 * (wer - clean.wer))})`;
    const { means } = CONDITIONS.find((condition) => condition.name === name)!;
    return { name, means, value: wer, label: `${percent(wer)}${loss}` };
  });
}
