// The page of a run: one file that needs nothing else, in the order in which one asks. How good is it? How did it get
// there? What does it mistake for what? What does it not bear? What of, and how was it made?

import type { SplitCard } from "./data-card.ts";
import type { DevSplitResults } from "./dev-split.ts";
import { markup, Markup } from "./markup.ts";
import type { Run } from "./run.ts";
import { confusionSection } from "./sections/confusion-tables.ts";
import { curveSection } from "./sections/curves.ts";
import { dataSection } from "./sections/data.ts";
import { headline } from "./sections/headline.ts";
import { layerSection } from "./sections/layers.ts";
import { repeatSection } from "./sections/repeat.ts";
import { stressSection } from "./sections/stress.ts";
import { utteranceSections } from "./sections/utterances.ts";
import { SCRIPT, STYLE } from "./style.ts";

export interface Report {
  readonly run: Run;
  /** A text in place of something says why it is not there. */
  readonly card: readonly SplitCard[] | string;
  readonly evaluation: DevSplitResults | string;
  readonly command: string;
}

/** A page loads nothing from anywhere; with this policy the browser makes sure of it. */
export const POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:; media-src data:";

export function reportPage({ run, card, evaluation, command }: Report): string {
  const page = markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<title>${run.name} · Earshot</title>
<style>${new Markup(STYLE)}</style>
</head>
<body>
${headline(run)}
<main>
${curveSection(run)}
${layerSection(run)}
${confusionSection(evaluation)}
${stressSection(evaluation)}
${utteranceSections(evaluation)}
${dataSection(card, run, evaluation)}
${repeatSection(command, run)}
</main>
<script>${new Markup(SCRIPT)}</script>
</body>
</html>
`;
  return page.source;
}
