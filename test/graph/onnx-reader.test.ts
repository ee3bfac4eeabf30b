// The bytes are ONNX for readers that are not the runtime: Python's onnx package checks every program, infers its
// shapes and computes the same numbers. Skipped where that package is not installed.

import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { ctcFeeds } from "../../src/ctc/index.ts";
import { openEngine, type Feeds } from "../../src/engine/index.ts";
import {
  bindDimension,
  compositions,
  differentiate,
  Graph,
  operators,
  writeOnnx,
  type GradientExample,
} from "../../src/graph/index.ts";
import {
  inferenceProgram,
  initializeWeights,
  outputSteps,
  resolveArchitecture,
} from "../../src/network/index.ts";
import { RandomStream } from "../../src/random.ts";
import { trainingPrograms } from "../../src/training/index.ts";
import type { TensorData } from "../../src/tensor.ts";

const ORACLE = fileURLToPath(new URL("../../tools/oracles/onnx_check.py", import.meta.url));
const installed = spawnSync("python3", ["-c", "import onnx.reference"]).status === 0;

function randomTensor(
  type: "float32" | "float64" | "bool",
  dims: readonly number[],
  seed: number,
): TensorData {
  const random = new RandomStream(seed, "reader");
  const length = dims.reduce((product, size) => product * size, 1);
  const values = Array.from({ length }, () => 0.5 + 1.5 * random.uniform());
  if (type === "bool") return { type, dims, data: Uint8Array.from(values, (value) => Number(value > 1)) };
  return { type, dims, data: type === "float32" ? Float32Array.from(values) : Float64Array.from(values) };
}

function plainNumbers(_: string, value: unknown): unknown {
  return ArrayBuffer.isView(value) ? Array.from(value as Float32Array, Number) : value;
}

/** A folder of programs, each with feeds and what our runtime makes of them. */
class Cases {
  readonly folder = mkdtempSync(join(tmpdir(), "earshot-onnx-"));
  readonly names: string[] = [];

  /** Gives the results, which may feed a later program. */
  async add(name: string, bytes: Uint8Array, known: Feeds): Promise<Feeds> {
    const program = await (await openEngine()).load(bytes, { threads: 1 });
    const feeds = Object.fromEntries(program.inputs.map((input) => [input, known[input]]));
    const results = await program.run(feeds);
    await program.close();
    writeFileSync(join(this.folder, `${name}.onnx`), bytes);
    writeFileSync(join(this.folder, `${name}.json`), JSON.stringify({ feeds, results }, plainNumbers));
    this.names.push(name);
    return results;
  }

  /** The largest difference of each program, by name. */
  check(): Record<string, number> {
    const { stdout, stderr, status } = spawnSync("python3", [ORACLE, this.folder], { encoding: "utf8" });
    rmSync(this.folder, { recursive: true });
    expect(status, stderr).toBe(0);
    const { programs } = JSON.parse(stdout) as { programs: Record<string, number> };
    expect(Object.keys(programs).toSorted()).toEqual(this.names.toSorted());
    return programs;
  }
}

/** The reference of onnx 1.23 cuts the kernel of a transposed convolution in groups along the wrong axis. */
const referenceErrs = (graph: Graph): boolean =>
  graph.nodes.some(({ operator, attributes }) => operator.name === "ConvTranspose" && attributes.group !== 1);

async function addExample(cases: Cases, name: string, example: GradientExample): Promise<void> {
  const { shapes, build, float32Only } = example;
  const type = float32Only ? "float32" : "float64";
  const graph = new Graph();
  const operands = shapes.map((shape, i) => graph.input(`x${i}`, type, shape));
  const result = graph.output(build(...operands));
  const backward = differentiate(result, operands);
  const feeds = Object.fromEntries(operands.map((x, i) => [x.name, randomTensor(type, shapes[i], i)]));
  const results = await cases.add(name, writeOnnx(graph), feeds);
  if (referenceErrs(backward.graph)) return;
  await cases.add(`${name} backward`, writeOnnx(backward.graph), {
    ...feeds,
    ...results,
    [backward.upstream.name]: results[result.name],
  });
}

async function addDeepSpeech(cases: Cases): Promise<void> {
  const network = { name: "deep-speech", width: 6, context: 1, stride: 2, dropout: 0.1 };
  const [T, B, F, V] = [5, 2, 3, 4];
  const architecture = resolveArchitecture(network, { features: F, symbols: V }, "test");
  const weights = initializeWeights(architecture, 1);
  const programs = trainingPrograms(architecture, V - 1);
  const steps = outputSteps(architecture, T);
  const mask = Float32Array.of(1, 1, 1, 1, 1, 0); // the second utterance is shorter by a step
  const keep = programs.masks.map(({ name, shape }, i) => {
    const dims = shape.map((size) => bindDimension(size, { T, B }) as number);
    return [name, randomTensor("bool", dims, i)];
  });
  const feeds: Feeds = {
    frames: randomTensor("float32", [T, B, F], 1),
    mask: { type: "float32", dims: [steps, B, 1], data: mask },
    ...ctcFeeds([Int32Array.of(0, 0), Int32Array.of(1)], [3, 2], V, V - 1),
    "ctc/weights": { type: "float32", dims: [B, 1], data: Float32Array.of(0.5, 0.5) },
    "ctc/given": { type: "float32", dims: [steps, B, V], data: new Float32Array(steps * B * V) },
    "ctc/isGiven": { type: "bool", dims: [1], data: Uint8Array.of(0) },
    ...Object.fromEntries(weights),
    ...Object.fromEntries(keep),
  };
  await cases.add("deep-speech inference", inferenceProgram(architecture, weights), feeds);
  await cases.add("deep-speech evaluation", programs.evaluation, feeds);
  await cases.add("deep-speech step", programs.step, feeds);
}

const skipped = installed ? "" : " — skipped: python3 cannot import onnx (pip install onnx)";
describe("other readers of ONNX", () => {
  it.runIf(installed)(`read, check and compute every program as the runtime does${skipped}`, async () => {
    const cases = new Cases();
    await addDeepSpeech(cases);
    for (const { name, examples } of [...operators, ...compositions]) {
      for (const [i, example] of examples.entries())
        await addExample(cases, `${name} ${i}${example.float32Only ? " float32" : ""}`, example);
    }
    for (const [name, difference] of Object.entries(cases.check())) {
      const rounded = /deep-speech|float32|attention/i.test(name); // the runtime rounds 1/√D when it fuses it
      expect(difference, name).toBeLessThan(rounded ? 1e-5 : 1e-12);
    }
  });
});
