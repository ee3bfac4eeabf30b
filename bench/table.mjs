// Row `table`: where the milliseconds of a train step go at the sizes of recipes: B utterances of AN4's lengths, 64 features, a
// context of 5, AdamW. Five batches of an epoch stand for all, short and long. The step is timed whole, its parts by clocks
// around the same functions, and the program by the runtime's profiler, whose own time, the same for each event, is taken off.
// Each matrix product that it saw is then run by itself, as often: what the step would take if it were nothing else.

import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { median } from "../dist/quantiles.js";
import { an4Batches, openRecipe } from "./recipe-case.mjs";
import { clocked } from "./measure.mjs";

const PARTS = ["feeds", "masks", "labels", "program", "norm", "update"];
const COPIES = ["Transpose", "Concat", "Slice", "Pad", "Split", "Gather", "Reshape", "Unsqueeze", "Squeeze", "Identity", "Shape", "Expand"]; // prettier-ignore
const PRODUCTS = ["MatMul", "Gemm", "FusedMatMul", "FusedGemm"];
const CHAIN = 32;

/** Prints a table for each width, and gives it. @param quick 3 rounds instead of 7 */
export async function* measure({ quick = false, widths = [192, 256, 384], batch, ...asked } = {}) {
  const { network = "deep-speech", cell, threads = "1" } = asked;
  const sizes = batch ? [Number(batch)] : [8, 16];
  for (const width of widths)
    for (const B of sizes) {
      const about = { network, cell, width, B, threads: Number(threads) };
      const row = await measureCase(about, quick ? 3 : 7);
      print(row);
      yield row;
    }
}

async function measureCase(about, rounds) {
  const { batches, padding, steps } = await an4Batches(about.B);
  const recipe = await openRecipe(about);
  const folder = await mkdtemp(join(tmpdir(), "earshot-table-"));
  try {
    const { stepMs, parts } = await stepAndParts(recipe, batches, rounds);
    const events = await profile(recipe, batches, folder);
    const nodes = withoutProfiler(events, parts.program * batches.length);
    const shares = byKind(nodes, batches.length);
    const inside = sum(Object.values(shares));
    const outside = Object.fromEntries(
      PARTS.filter((p) => p !== "program").map((name) => [name, parts[name]]),
    );
    const ms = { ...shares, "run besides": parts.program - inside, ...outside };
    ms["not accounted for"] = stepMs - sum(Object.values(ms));
    const alone = await productsAlone(nodes, about.threads, rounds);
    return {
      row: "table",
      ...about,
      parameters: recipe.parameters,
      padding,
      steps,
      stepMs,
      ms,
      productsAloneMs: alone / batches.length,
    };
  } finally {
    await recipe.close();
    await rm(folder, { recursive: true });
  }
}

const sum = (values) => values.reduce((total, value) => total + value, 0);

function print({ network, cell = "", width, B, threads, padding, stepMs, ms, productsAloneMs, parameters }) {
  const share = (part) => `${((100 * part) / stepMs).toFixed(0)} %`;
  console.log(
    `table  ${network} ${cell} width ${width} (${(parameters / 1e6).toFixed(2)} M), B ${B}, ${threads} threads: ${stepMs.toFixed(1)} ms a step, ` +
      `padding ${(100 * padding).toFixed(1)} %; its products alone ${productsAloneMs.toFixed(1)} ms, ${share(productsAloneMs)}`,
  );
  const line = Object.entries(ms).map(([name, part]) => `${name} ${part.toFixed(1)}`);
  console.log(`       ${line.join(", ")}`);
}

// ── Clocks ──────────────────────────────────────────────────────────────────────────────────────────────────────────

/** The step whole and what it does, one function after the other, in turns: the mean over the batches of the median of each. */
async function stepAndParts({ step, parts }, batches, rounds) {
  const taken = batches.map(() => []);
  for (let round = 0; round <= rounds; round++)
    for (const [i, batch] of batches.entries()) {
      const stepMs = await clocked(() => step(batch));
      const times = await parts(batch, round);
      if (round > 0) taken[i].push({ stepMs, ...times });
    }
  const mean = (name) => sum(taken.map((of) => median(of.map((times) => times[name])))) / batches.length;
  return { stepMs: mean("stepMs"), parts: Object.fromEntries(PARTS.map((name) => [name, mean(name)])) };
}

// ── The runtime's profile ───────────────────────────────────────────────────────────────────────────────────────────

/** The events of one run of each batch: those of nodes, with the loop that they are in. */
async function profile({ profiled }, batches, folder) {
  const session = await profiled(join(folder, "profile"));
  for (const batch of batches) await session.run(batch); // the first runs reserve memory
  for (const batch of batches) await session.run(batch);
  session.end();
  const [file] = await readdir(folder);
  const all = JSON.parse(await readFile(join(folder, file), "utf8"));
  const runs = all.filter(({ name }) => name === "model_run").toSorted((a, b) => a.ts - b.ts);
  const from = runs[batches.length].ts;
  const nodes = all
    .filter(({ cat, name, ts }) => cat === "Node" && name.endsWith("_kernel_time") && ts >= from)
    .toSorted((a, b) => a.ts - b.ts || b.dur - a.dur);
  const ms = sum(runs.slice(batches.length).map(({ dur }) => dur)) / 1000;
  return { nodes: nested(nodes), ms };
}

function nested(nodes) {
  const open = [];
  return nodes.map(({ ts, dur, args }) => {
    while (open.length > 0 && ts >= open.at(-1).end) open.pop();
    const shapes = args.input_type_shape ?? [];
    const types = [...shapes, ...(args.output_type_shape ?? [])].flatMap((shape) => Object.keys(shape));
    const node = {
      op: args.op_name,
      ms: dur / 1000,
      end: ts + dur,
      loop: open.at(-1),
      inner: 0,
      isCtc: types.includes("double"),
      inputs: shapes.flatMap((shape) => Object.values(shape)),
      output: Object.values(args.output_type_shape?.[0] ?? {})[0],
    };
    if (node.loop) node.loop.inner++;
    if (node.op === "Scan") open.push(node);
    return node;
  });
}

/** A loop's own time is without that of its nodes. @param runMs what the runs take unobserved */
function withoutProfiler({ nodes, ms }, runMs) {
  const each = Math.max(0, ms - runMs) / nodes.length;
  for (const { loop, ms: own } of nodes) if (loop) loop.ms -= own + each;
  for (const node of nodes) node.ms = Math.max(0, node.ms);
  return nodes;
}

function byKind(nodes, runs) {
  const kinds = {
    products: 0,
    "products in loops": 0,
    "rest of loops": 0,
    "element-wise": 0,
    copies: 0,
    CTC: 0,
  };
  for (const node of nodes) kinds[kindOf(node)] += node.ms / runs;
  return kinds;
}

function kindOf({ op, loop, isCtc }) {
  if (isCtc || loop?.isCtc) return "CTC";
  if (PRODUCTS.includes(op)) return loop ? "products in loops" : "products";
  if (loop || op === "Scan") return "rest of loops";
  return COPIES.includes(op) ? "copies" : "element-wise";
}

// ── Products alone ──────────────────────────────────────────────────────────────────────────────────────────────────

/** The time that all products take that the nodes are, each shape measured by itself. */
async function productsAlone(nodes, threads, rounds) {
  const shapes = new Map();
  for (const node of nodes) {
    if (!["products", "products in loops"].includes(kindOf(node))) continue;
    const key = JSON.stringify(productOf(node));
    shapes.set(key, (shapes.get(key) ?? 0) + 1);
  }
  let total = 0;
  for (const [key, count] of shapes) total += count * (await aloneMs(JSON.parse(key), threads, rounds));
  return total;
}

/** Its factors, and how they lie. A square right factor is transposed where no bias is added: then it carries a gradient back. */
function productOf({ op, loop, inputs: [a, b, bias], output }) {
  if (loop) return { a, b, inLoop: true };
  const transposeA = a[0] !== output[0];
  const transposeB = b[0] === b[1] ? !bias : b[1] !== output[1] || op === "FusedMatMul";
  return { a, b, transposeA, transposeB };
}

async function aloneMs({ a, b, inLoop, ...transposed }, threads, rounds) {
  const { gemm, Graph, matMul, slice, writeOnnx } = await import("../dist/graph/index.js");
  const { openEngine } = await import("../dist/engine/index.js");
  const graph = new Graph();
  const left = graph.input("left", "float32", a);
  const count = inLoop ? CHAIN : 4;
  for (let i = 0; i < count; i++) {
    const right = graph.input(`right${i}`, "float32", b);
    const product = inLoop ? matMul(left, right) : gemm(left, right, undefined, transposed);
    graph.output(slice(slice(product, 0, { trim: product.shape[0] - 1 }), 1, { trim: product.shape[1] - 1 })); // no large copies
  }
  const program = await (await openEngine("cpu")).load(writeOnnx(graph), { threads, spinning: true });
  const tensor = (dims) => ({ type: "float32", dims, data: new Float32Array(dims[0] * dims[1]).fill(0.01) });
  const feeds = Object.fromEntries(program.inputs.map((name) => [name, tensor(name === "left" ? a : b)]));
  const taken = [];
  for (let round = 0; round < rounds + 1; round++) taken.push(await clocked(() => program.run(feeds)));
  await program.close();
  return median(taken.slice(1)) / count;
}
