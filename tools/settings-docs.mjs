// Writes docs/settings.md from the tables of settings that training itself reads, in docs/cli.md the table of the
// decoder's settings, and in docs/recognizer.md that of live streams: `npm run build`, then `node tools/settings-docs.mjs`. test/settings-docs.test.ts fails when a page is
// stale. It knows no setting by name, but for the examples.

import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import * as prettier from "prettier";
import { stringify } from "yaml";

const HEAD = `# Settings

Every setting of \`earshot train\`, with its range and default.
The page is written by \`tools/settings-docs.mjs\` from the tables in the sources that also check what you give.

Give settings in a YAML file with \`--config\`, one by one with \`--set\`, or as an object to \`train\` in the library; what you leave out keeps its default, and \`--set\` wins over the file.
A name that does not exist is an error that suggests the one you meant.

\`\`\`sh
earshot train corpus.csv --config small.yaml --set epochs=20 \\
  --set optimizer.name=nesterov --set optimizer.momentum=0.95 \\
  --set 'data.augmentation.speeds=[0.9, 1, 1.1]'
\`\`\`

The same four settings in the file, or in the library:

\`\`\`yaml
epochs: 20
optimizer: { name: nesterov, momentum: 0.95 }
data: { augmentation: { speeds: [0.9, 1, 1.1] } }
\`\`\`
`;

const FOOT = `## All defaults

The settings of a run that was given none, on fewer than 100 training utterances.
On more, \`data.augmentation\` is \`real-world\` and, with it, \`features.normalization\` is \`speech\`, or \`causal\` for a network that follows live speech: what is not set is decided once the manifests are read, kept in the run's \`run.json\`, and told in its \`start\`.
`;

/**
 * The page, as prettier would have it.
 * @param settings what \`listSettings\` says of a table
 * @param defaults what the table makes of no input
 * @param presets tables of augmentation by the name of the preset
 */
export async function settingsPage(settings, defaults, presets) {
  const groups = new Map();
  for (const setting of settings) {
    const heading = headingOf(setting);
    groups.set(heading, [...(groups.get(heading) ?? []), setting]);
  }
  const tables = [...groups].map(([heading, group]) => `${heading}\n\n${tableOf(group)}\n`);
  const filled = Object.entries(presets).filter(([, values]) => Object.keys(values).length > 0);
  const words = filled.map(([name, values]) => presetOf(name, values));
  const page = [HEAD, ...tables, ...words, FOOT, "```yaml", stringify(defaults).trimEnd(), "```"].join("\n");
  return prettier.format(page, { parser: "markdown", printWidth: 110 });
}

function presetOf(name, values) {
  const yaml = stringify(values, {
    collectionStyle: "any",
    flowCollectionPadding: true,
    indentSeq: true,
  }).trimEnd();
  return `## \`data.augmentation: ${name}\`\n\nWhat the word stands for.\n\n\`\`\`yaml\n${yaml}\n\`\`\`\n`;
}

function headingOf({ table, choice }) {
  if (choice !== undefined) return `### \`${table}\` named \`${choice}\``;
  return table ? `## \`${table}\`` : "## The run";
}

/**
 * The command line's page with the decoder's settings in their place, as prettier would have it.
 * @param page the page, whatever it has there
 * @param options what `decoderOptions` says
 */
export async function withDecoderOptions(page, options) {
  const rows = options.map((setting) => [
    `\`--${setting.option}${setting.unit ? ` ${setting.unit.toUpperCase()}` : ""}\``,
    ...cellsOf(setting),
  ]);
  const table = markdownTable(["option", "setting", "type and range", "default", "what it does"], rows);
  return filledIn(page, "decoder settings", table);
}

/**
 * The recognizer's page with the settings of live streams in their place.
 * @param settings what `listSettings` says of their table
 */
export const withStreamSettings = (page, settings) => filledIn(page, "stream settings", tableOf(settings));

/** @param name of the place, which two comments mark */
function filledIn(page, name, table) {
  const [start, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const [before, rest] = page.split(start);
  const filled = [before, start, "\n\n", table, "\n\n", end, rest.split(end)[1]].join("");
  return prettier.format(filled, { parser: "markdown", printWidth: 110 });
}

function tableOf(settings) {
  return markdownTable(["setting", "type and range", "default", "what it does"], settings.map(cellsOf));
}

function cellsOf(setting) {
  return [
    `\`${setting.path}\``,
    setting.range,
    setting.default === undefined ? "not set" : `\`${stringify(setting.default, { flow: true }).trim()}\``,
    sentence(setting.description),
  ];
}

function markdownTable(head, rows) {
  return [head, head.map(() => "-"), ...rows].map((row) => `| ${row.map(cell).join(" | ")} |`).join("\n");
}

const cell = (text) => text.replaceAll("|", "\\|");
const sentence = (text) => (/[.!?]$/.test(text) ? text : `${text}.`);

const [page, cliPage, recognizerPage] = ["settings", "cli", "recognizer"].map((name) =>
  fileURLToPath(new URL(`../docs/${name}.md`, import.meta.url)),
);
if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { listSettings, parseSettings } = await import("../dist/settings.js");
  const { trainingSettings } = await import("../dist/training/index.js");
  const { augmentationPresets } = await import("../dist/data/index.js");
  const defaults = parseSettings(trainingSettings, {}, "defaults");
  writeFileSync(page, await settingsPage(listSettings(trainingSettings), defaults, augmentationPresets));
  const { decoderOptions } = await import("../dist/ctc/index.js");
  writeFileSync(cliPage, await withDecoderOptions(readFileSync(cliPage, "utf8"), decoderOptions()));
  const { streamSettings } = await import("../dist/recognizer/index.js");
  const streams = listSettings(streamSettings);
  writeFileSync(recognizerPage, await withStreamSettings(readFileSync(recognizerPage, "utf8"), streams));
}
