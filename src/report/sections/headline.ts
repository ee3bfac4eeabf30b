// The head of the page: which run, how it stands, and its figures at a glance.

import { duration, percent } from "../../figures.ts";
import { describeNetwork } from "../../network/index.ts";
import { markup, type Markup } from "../markup.ts";
import type { Run } from "../run.ts";
import { bestEpoch } from "../run-log.ts";

export function headline(run: Run): Markup {
  const { name, log, used, date } = run;
  const best = bestEpoch(log);
  const figures: [name: string, value: string | undefined, note?: string][] = [
    [
      "WER on dev",
      best?.devWer === undefined ? undefined : percent(best.devWer),
      best && `epoch ${best.epoch}`,
    ],
    [
      "CER on dev",
      best?.devCer === undefined ? undefined : percent(best.devCer),
      best && `epoch ${best.epoch}`,
    ],
    [
      "Learned from",
      log.start && hours(log.start.seconds),
      log.start && `${whole(log.start.utterances)} utterances`,
    ],
    ["Parameters", log.start && whole(log.start.parameters), used.network && describeNetwork(used.network)],
    ["Live text", delayOf(run), "behind its sound"],
    [
      "Training time",
      log.epochs.length > 0 ? duration(log.seconds) : undefined,
      `${log.epochs.length} epochs`,
    ],
    ["Peak memory", log.peakBytes === undefined ? undefined : `${whole(log.peakBytes / 1e6)} MB`],
    ["Seed", used.seed === undefined ? undefined : String(used.seed)],
  ];
  return markup`<header>
<h1>${name}</h1>
<p class="note">${standing(run)}${date && markup` <time datetime="${date.toISOString()}">${date.toISOString().slice(0, 16).replace("T", " ")} UTC</time>`}</p>
<dl class="figures">
${figures.flatMap(([term, value, note]) => (value ? [figure(term, value, note)] : []))}
</dl>
</header>`;
}

const figure = (term: string, value: string, note: string | undefined): Markup =>
  markup`<div><dt>${term}</dt><dd>${value}</dd>${note && markup`<dd class="note">${note}</dd>`}</div>
`;

function standing({ log, used }: Run): string {
  const { epochs, stopped } = log;
  const last = epochs.at(-1);
  const total = last?.epochs ?? used.epochs;
  if (last && last.epoch === total) return `Trained for all its ${total} epochs.`;
  const done = `${epochs.length} of ${total ?? "?"} epochs`;
  if (stopped === "interrupted") return `Interrupted after ${done}.`;
  return stopped === undefined ? `${done} so far.` : `Stopped after ${done}: ${stopped}.`;
}

const hours = (seconds: number): string =>
  seconds < 3600 ? `${(seconds / 60).toFixed(1)} min` : `${(seconds / 3600).toFixed(1)} h`;

/** Nothing of a network that needs the whole utterance: it has no live text. */
const delayOf = ({ delayMs }: Run): string | undefined =>
  delayMs === undefined ? undefined : `${Math.round(delayMs)} ms`;

const whole = (value: number): string => Math.round(value).toLocaleString("en-US");
