// Which adapter the engine "webgpu" computes on, as the runtime's own log has it, and that the smallest program runs there.

import ort from "onnxruntime-node";
import { Graph, matMul, writeOnnx } from "../../dist/graph/index.js";

const graph = new Graph();
const x = graph.input("x", "float32", ["N", "N"]);
const { name } = graph.output(matMul(x, x));
const session = await ort.InferenceSession.create(writeOnnx(graph), {
  executionProviders: ["webgpu"],
  logSeverityLevel: 0,
  logVerbosityLevel: 3,
});
const data = Float32Array.of(1, 2, 3, 4);
const results = await session.run({ x: new ort.Tensor("float32", data, [2, 2]) });
console.log(JSON.stringify({ part: "adapter", expected: [7, 10, 15, 22], came: [...results[name].data] }));
