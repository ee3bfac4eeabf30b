// Utterances one by one: the reference and the hypothesis, the errors marked, the spectrogram with the alignment over it,
// and a player.

import { percent } from "../../figures.ts";
import { errorRates } from "../../text/index.ts";
import type { DevSplitResults, PicturedUtterance } from "../dev-split.ts";
import { markup, type Markup } from "../markup.ts";
import { alignmentPicture, isWide } from "./alignment-picture.ts";
import { markedTexts } from "./marked-texts.ts";

export function utteranceSections(evaluation: DevSplitResults | string): Markup {
  const why = typeof evaluation === "string" ? evaluation : undefined;
  const { examples, worst } = typeof evaluation === "string" ? { examples: [], worst: [] } : evaluation;
  return markup`<section id="examples"><h2>Examples</h2>
<p class="note">${why ?? "From the utterances heard best to those heard worst, evenly apart. The letters stand where they are said, the dimmer the less probable."}</p>
<div class="utterances">${examples.map(card)}</div></section>
<section id="worst"><h2>Worst utterances</h2>
<p class="note">${why ?? "Those with the highest loss. Is the text what is said? Is the recording whole?"}</p>
<div class="utterances">${worst.map(card)}</div></section>`;
}

function card(shown: PicturedUtterance): Markup {
  const { utterance, reference, hypothesis, loss, seconds, sound } = shown;
  const { wer, cer } = errorRates([shown]);
  const marked = markedTexts(reference, hypothesis);
  const figures = [
    utterance.speaker && `speaker ${utterance.speaker}`,
    `${seconds.toFixed(1)} s`,
    `WER ${percent(wer)}`,
    `CER ${percent(cer)}`,
    Number.isFinite(loss) ? `loss ${loss.toFixed(2)} nats` : "too short for its text",
  ].filter(Boolean);
  return markup`<article class="utterance${isWide(shown) ? " wide" : ""}">
<h3>${fileName(utterance.path)}</h3>
<p class="note">${figures.join(" · ")} · <span class="path">${fileName(utterance.where)}</span></p>
<dl class="texts"><dt>said</dt><dd dir="auto">${marked.reference}</dd><dt>heard</dt><dd dir="auto">${marked.hypothesis}</dd></dl>
${alignmentPicture(shown)}
${sound ? markup`<audio controls preload="metadata" src="${sound}"></audio>` : markup`<p class="note">Too much sound for one page; the recording: <span class="path">${utterance.path}</span></p>`}
</article>
`;
}

const fileName = (path: string): string => path.replace(/^.*[/\\]/, "");
