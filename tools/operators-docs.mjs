// Writes docs/operators.md from the tables of operators and compositions and the comments above their functions:
// `npm run build`, then `node tools/operators-docs.mjs`. test/operators-docs.test.ts fails when the page is stale.
// It knows no operator by name.

import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import * as prettier from "prettier";

const HEAD = `# Operators

What a network can be built of: functions that add a node to a graph, and functions that add several.
The page is written by \`tools/operators-docs.mjs\` from the tables and comments in \`src/graph/\`.

Shapes are in brackets; an axis is a number or a name that only the run knows, such as \`T\`.
Each gradient is compared with central differences on the examples of the table (\`test/graph/gradients.test.ts\`), to 1e-6 in float64 and 1e-2 in float32.
Where only float32 is named, ONNX Runtime computes the operator on a CPU in no other type.

## Operators

Each is one node of ONNX (operator set 18). The fourth column is what a backward program needs of ONNX for it.
A weight from outside a loop meets values of its step only where the last column says yes, or it gets no gradient (\`NO_GRADIENT\`): elsewhere apply the operator before or after the loop, or feed the weight as a sequence.
What uses tensors from outside alone is no concern of the step: it is computed outside, once, whatever the operator.
`;

const COMPOSITIONS = `## Compositions

Made of operators, which are what a program shows; so their gradients are, too.
`;

const FOOT = `## A new one

An operator is a definition and a function in \`src/graph/operators/<family>.ts\` and a row in \`index.ts\` there; a composition likewise in \`src/graph/compositions/\`.
The definition holds how the type of the result follows from the operands, the gradient, and the examples; the tests and this page take it up from the table.
`;

/**
 * The page, as prettier would have it.
 * @param graph the module of the graph room
 * @param comments what `readComments` gives
 */
export async function operatorsPage(graph, comments) {
  const operators = graph.operators.map((operator) => operatorRow(graph, comments, operator));
  const compositions = graph.compositions.map((composition) => compositionRow(graph, comments, composition));
  const page = [
    HEAD,
    table(
      [
        "ONNX",
        "function",
        "what it gives",
        "its gradient is made of",
        "checked in",
        "a weight may enter a step",
      ],
      operators,
    ),
    COMPOSITIONS,
    table(["function", "what it gives", "source", "made of", "checked in"], compositions),
    FOOT,
  ].join("\n");
  return prettier.format(page, { parser: "markdown", printWidth: 110 });
}

/** The function that applies an operator; undefined for one that only gradients use. */
export function functionOf(graph, { name, appliedBy = name[0].toLowerCase() + name.slice(1) }) {
  return typeof graph[appliedBy] === "function" ? appliedBy : undefined;
}

function operatorRow(graph, comments, operator) {
  const name = functionOf(graph, operator);
  return [
    code(operator.name),
    name ? code(name) : "none",
    name ? comments.get(name) : "Part of a gradient only.",
    gradientOf(graph, operator),
    checkedIn(operator.examples),
    operator.broadcasts ? "yes" : "–",
  ];
}

function gradientOf(graph, { gradient, examples }) {
  if (typeof gradient !== "function") return `none: ${gradient.none}`;
  const used = namesUsed(examples, (example) => backward(graph, example));
  return used.length > 0 ? used.map(code).join(" ") : "what flows in, as it is";
}

function compositionRow(graph, comments, { name, source, examples }) {
  const used = namesUsed(examples, (example) => forward(graph, example).result.graph);
  return [code(name), comments.get(name), source, used.map(code).join(" "), checkedIn(examples)];
}

function forward(graph, { shapes, build }) {
  const program = new graph.Graph();
  const operands = shapes.map((shape, i) => program.input(`x${i}`, "float32", shape));
  const result = build(...operands);
  program.output(result);
  return { operands, result };
}

function backward(graph, example) {
  const { operands, result } = forward(graph, example);
  return graph.differentiate(result, operands).graph;
}

/** The operators of the programs that examples become, those in the steps of loops too. */
function namesUsed(examples, programOf) {
  return [...new Set(examples.flatMap((example) => namesIn(programOf(example))))].toSorted();
}

function namesIn({ nodes }) {
  return nodes.flatMap(({ operator, attributes }) => [
    operator.name,
    ...(attributes.body ? namesIn(attributes.body) : []),
  ]);
}

function checkedIn(examples) {
  if (examples.length === 0) return "–";
  const types = examples.some(({ float32Only }) => !float32Only) ? "float64, float32" : "float32";
  return `${types}: ${examples.length} ${examples.length === 1 ? "example" : "examples"}`;
}

function table(head, rows) {
  const lines = [head, head.map(() => "-"), ...rows];
  return lines.map((line) => `| ${line.map(cell).join(" | ")} |`).join("\n") + "\n";
}

const code = (text) => `\`${text}\``;
const cell = (text) => text.replaceAll("|", "\\|");

const COMMENTED = /\/\*\*((?:(?!\*\/)[^])*)\*\/\nexport (?:const|function) (\w+)/g;

/** The comment above each exported function of src/graph/, by its name. */
export function readComments() {
  const folder = new URL("../src/graph/", import.meta.url);
  const paths = readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((path) =>
    path.endsWith(".ts"),
  );
  const sources = paths.map((path) => readFileSync(new URL(path.replaceAll("\\", "/"), folder), "utf8"));
  return new Map(
    sources.flatMap((source) =>
      [...source.matchAll(COMMENTED)].map(([, comment, name]) => [name, textOf(comment)]),
    ),
  );
}

const textOf = (comment) =>
  comment
    .replaceAll(/\n\s*\*/g, " ")
    .split(" @")[0]
    .replaceAll(/\s+/g, " ")
    .trim();

const page = fileURLToPath(new URL("../docs/operators.md", import.meta.url));
if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const graph = await import("../dist/graph/index.js");
  writeFileSync(page, await operatorsPage(graph, readComments()));
}
