// The page of a run: one file that needs nothing else, in the order in which one asks. How good is it? How did it get
// there? What does it mistake for what? What does it not bear? What of, and how was it made?

import type { SplitCard } from "./data-card.ts";
import type { DevSplitResults } from "./dev-split.ts";
import { htmlDocument } from "./document.ts";
import { markup } from "./markup.ts";
import type { Run } from "./run.ts";
import { confusionSection } from "./sections/confusion-tables.ts";
import { curveSection } from "./sections/curves.ts";
import { dataSection } from "./sections/data.ts";
import { headline } from "./sections/headline.ts";
import { layerSection } from "./sections/layers.ts";
import { oldTestSection } from "./sections/old-test.ts";
import { repeatSection } from "./sections/repeat.ts";
import { stressSection } from "./sections/stress.ts";
import { utteranceSections } from "./sections/utterances.ts";
import { SCRIPT } from "./style.ts";

export interface Report {
  readonly run: Run;
  /** A text in place of something says why it is not there. */
  readonly card: readonly SplitCard[] | string;
  readonly evaluation: DevSplitResults | string;
  readonly command: string;
}

export function reportPage({ run, card, evaluation, command }: Report): string {
  const body = markup`${headline(run)}
<main>
${curveSection(run)}
${oldTestSection(run)}
${layerSection(run)}
${confusionSection(evaluation)}
${stressSection(evaluation)}
${utteranceSections(evaluation)}
${dataSection(card, run, evaluation)}
${repeatSection(command, run)}
</main>
`;
  return htmlDocument({ title: run.name, body, script: SCRIPT });
}
