// How the run can be repeated, and what it warned of.

import { markup, type Markup } from "../markup.ts";
import type { Run } from "../run.ts";

const MOST_WARNINGS = 50;

export function repeatSection(command: string, { settings, log: { warnings } }: Run): Markup {
  return markup`<section id="repeat"><h2>Repeat it</h2>
<p>The same command on the same data gives the same weights, on a machine and with an engine of the same kind:</p>
<pre class="command">${command}</pre>
<details><summary>All settings</summary><pre>${JSON.stringify(settings, null, 2)}</pre></details>
${warnings.length > 0 && warningList(warnings)}</section>`;
}

function warningList(warnings: Run["log"]["warnings"]): Markup {
  const more = warnings.length - MOST_WARNINGS;
  return markup`<details><summary>Warnings (${warnings.length})</summary><ul>
${warnings.slice(0, MOST_WARNINGS).map(
  ({ code, message }) => markup`<li><code>${code}</code> <span class="path">${message}</span></li>
`,
)}${more > 0 && markup`<li>and ${more} others, in log.jsonl</li>`}</ul></details>`;
}
