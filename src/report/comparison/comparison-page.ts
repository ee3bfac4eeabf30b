// The page of a comparison, in the order in which one asks: which is best, at what price? By more than chance? What does one
// have wrong that another has right?

import { count, percent } from "../../figures.ts";
import { signedPoints } from "../../evaluation/index.ts";
import { htmlDocument } from "../document.ts";
import { intervalChart } from "../intervals.ts";
import { markup, type Markup } from "../markup.ts";
import { markedHypothesis } from "../sections/marked-texts.ts";
import type { ModelComparison } from "./model-comparison.ts";
import { columnsOf, differingUtterances, rowOf, verdictOf, wordList } from "./figures.ts";

const [MOST_UTTERANCES, MOST_WORDS] = [200, 40];

export function comparisonPage(comparison: ModelComparison): string {
  const { systems, utterances, manifests, split, failures, warnings } = comparison;
  const [{ words }] = systems;
  const body = markup`<header><h1>${systems.length > 1 ? "Comparison" : systems[0].name}</h1>
<p class="note">${count(utterances.length, "utterance")}, ${words.toLocaleString("en-US")} words, ${split === null ? "all" : `split “${split}”`} of <span class="path">${manifests.join(", ")}</span></p>
${warnings.map(({ message }) => markup`<p class="note">${message}</p>\n`)}${failures.length > 0 && markup`<p class="note">${count(failures.length, "utterance")} could not be spelled or read by every model and count for none.</p>\n`}</header>
<main>
${costSection(comparison)}
${systems.length > 1 && chanceSection(comparison)}
${systems.length > 1 && wordSection(comparison)}
${utteranceSection(comparison)}
</main>
`;
  return htmlDocument({ title: "Comparison", body, style: COMPARISON_STYLE });
}

const COMPARISON_STYLE = `
.measures th[scope="row"] { position: sticky; left: 0; background: var(--paper); padding-right: 1rem; }
.measures td, .measures th { white-space: nowrap; vertical-align: top; }
.measures td.network, .measures th.network { text-align: left; }
.measures td.network { white-space: normal; min-width: 10rem; }
.charts + .scroll { margin-top: 1.5rem; }
.intervals svg { max-width: 30rem; }
.intervals .line0 text, .intervals text { fill: var(--ink); font-size: 12px; }
.intervals > svg > text { fill: var(--quiet); font-size: 11px; }
.utterances { grid-template-columns: repeat(auto-fill, minmax(min(100%, 26rem), 1fr)); gap: 1.5rem 2.5rem; }
.texts .right { color: var(--right); }
.texts del { text-decoration: line-through; opacity: .75; }
`;

function costSection(comparison: ModelComparison): Markup {
  const { systems } = comparison;
  const [first, ...columns] = columnsOf(comparison);
  const isNetwork = (i: number) => columns[i] === "network" && markup` class="network"`;
  const [least] = systems.map(({ wer }) => wer).toSorted((a, b) => a - b);
  const rows = systems.map((system) => {
    const [name, ...cells] = rowOf(system, comparison);
    const data = cells.map((cell, i) => markup`<td${isNetwork(i)}>${cell}</td>`);
    return markup`<tr${systems.length > 1 && system.wer === least && markup` class="best"`}><th scope="row">${name}</th>${data}</tr>
`;
  });
  const idle = systems.find(({ idleBytes }) => idleBytes !== undefined)?.idleBytes;
  return markup`<section id="costs"><h2>Errors and costs</h2>
${systems.length > 1 && markup`<div class="charts">${rateChart(comparison)}</div>`}
<div class="scroll"><table class="numbers measures">
<thead><tr><th>${first}</th>${columns.map((name, i) => markup`<th${isNetwork(i)}>${name}</th>`)}</tr></thead>
<tbody>
${rows}</tbody></table></div>
<p class="note">95 of 100 tests like this one would give a word error rate in this range. The real-time factor is the time for all recordings, in batches, by their length. ${systems.some(({ accepted }) => accepted !== undefined) && "Accepted: of the utterances with words, those of which a model that rejects gives a text; what it rejects counts as wrong. "}Delay: how far live text is behind its sound, whatever the machine. Text of a clip: from its samples to its text, alone, once the model is loaded.${idle !== undefined && ` Memory: of a process that does nothing else, at its most, batches included; before it opens a model it holds ${Math.round(idle / 1e6)} MB.`}</p></section>`;
}

const rateChart = ({ systems }: ModelComparison): Markup =>
  intervalChart({
    title: "Word error rate",
    note: "The line: where 95 of 100 tests like this one would have it.",
    rows: systems.map(({ name, wer, interval }) => ({ name, value: wer, ...interval, label: percent(wer) })),
    format: (rate) => `${Number((100 * rate).toFixed(1))} %`,
  });

function chanceSection(comparison: ModelComparison): Markup {
  const { pairs, systems } = comparison;
  const rows = pairs.map(({ first, second, difference, interval }) => ({
    name: `${systems[second].name} against ${systems[first].name}`,
    value: 100 * difference,
    low: 100 * interval.low,
    high: 100 * interval.high,
    label: signedPoints(100 * difference),
  }));
  return markup`<section id="chance"><h2>More than chance?</h2>
<div class="charts">
${intervalChart({ title: "Points of word error rate", note: "Left of the line the first of the two is better.", rows, mark: 0, format: (points) => String(points) })}
</div>
<ul>${pairs.map((pair) => markup`<li>${verdictOf(pair, comparison)}. In ${percent(pair.improvement)} of tests drawn from this one the first named is better.</li>\n`)}</ul>
<p class="note">p: how probable so large a difference is between equals, by the matched-pairs test on sentence segments (Gillick &amp; Cox 1989). Ranges: bootstrap over utterances (Bisani &amp; Ney 2004). Neither knows of other speakers, rooms or seeds of training.</p></section>`;
}

function wordSection({ pairs, systems }: ModelComparison): Markup {
  const blocks = pairs.map(({ first, second, onlyFirst, onlySecond, bothWrong, inserted }) => {
    const [a, b] = [systems[first].name, systems[second].name];
    return markup`<div><h3>${a} and ${b}</h3>
<dl class="texts"><dt>only ${a}</dt><dd>${wordList(onlyFirst, MOST_WORDS)}</dd><dt>only ${b}</dt><dd>${wordList(onlySecond, MOST_WORDS)}</dd><dt>both</dt><dd>${bothWrong}</dd><dt>inserted</dt><dd>${a} ${inserted[0]}, ${b} ${inserted[1]}</dd></dl></div>
`;
  });
  return markup`<section id="words"><h2>Words that one has wrong and the other right</h2>
<div class="confusions">
${blocks}</div></section>`;
}

function utteranceSection(comparison: ModelComparison): Markup {
  const isAlone = comparison.systems.length === 1;
  const wrong = isAlone
    ? comparison.utterances
        .filter(({ errors }) => errors[0] > 0)
        .toSorted((a, b) => b.errors[0] - a.errors[0])
    : differingUtterances(comparison);
  const title = isAlone ? "Utterances with errors" : "Utterances that one has better";
  const more = wrong.length - MOST_UTTERANCES;
  return markup`<section id="utterances"><h2>${title}</h2>
<p class="note">${wrong.length} of ${comparison.utterances.length}${more > 0 && `; the ${MOST_UTTERANCES} with the largest differences`}</p>
<div class="utterances">${wrong.slice(0, MOST_UTTERANCES).map((utterance) => card(utterance, comparison))}</div></section>`;
}

function card(
  { path, references, hypotheses, errors }: ModelComparison["utterances"][number],
  { systems }: ModelComparison,
): Markup {
  const cells = systems.map(
    ({ name }, m) =>
      markup`<dt>${name}</dt><dd dir="auto"${errors[m] === 0 && markup` class="right"`}>${markedHypothesis(references[m], hypotheses[m])}</dd>`,
  );
  return markup`<article class="utterance"><p class="note path">${path.replace(/^.*[/\\]/, "")}</p>
<dl class="texts"><dt>said</dt><dd dir="auto">${references[0]}</dd>${cells}</dl></article>
`;
}
