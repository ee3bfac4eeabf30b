// A network of ours in the form of NeMo's CTC models, which sherpa-onnx reads: for live streams, of all forms that it reads, the one that
// takes any network. A run has a chunk of fixed length and three tensors of state, of which one holds all states here, side by
// side; the network is the delayed one of Earshot's own streams.

import * as operators from "../dist/graph/index.js";
import { storedWeights } from "../dist/model/stored-weights.js";
import { networkFor } from "../dist/network/architecture.js";
import { buildNetwork, fixedLayers, utteranceLogits } from "../dist/network/index.js";

const { add, concat, identity, logSoftmax, reshape, shiftDimension, slice, transpose, zerosLike } = operators;

/**
 * `audio_signal` [B, F, T + lookAhead], `length` [B] and the states → `logprobs` [B, T', V], `length` and the next states.
 * @param chunk T @returns ONNX, and how many frames its rows are behind
 */
export function liveProgram(file, precision, chunk) {
  const network = networkFor(file.architecture).delayed;
  const { stride, lookAhead, delaySteps } = network;
  const states = placed(network.states);
  const total = states.reduce((sum, { size }) => sum + size, 0);
  const sizes = { window_size: chunk + lookAhead, chunk_shift: chunk, vocab_size: file.alphabet.size - 1 };
  const metadata = { subsampling_factor: stride, ...sizes, ...cacheSizes(total) };
  const onnx = program(file, precision, metadata, (graph, layers, features) => {
    const signal = graph.input("audio_signal", "float32", ["B", features, shiftDimension("T", lookAhead)]);
    const length = graph.input("length", "int64", ["B"]);
    const held = graph.input("cache_last_channel", "float32", ["B", 1, 1, total]);
    const unused = graph.input("cache_last_time", "float32", ["B", 1, 1, 1]);
    const heldLength = graph.input("cache_last_channel_len", "int64", ["B"]);
    const frames = transpose(signal, [2, 0, 1]);
    const mask = ones(frames, stride, lookAhead % stride);
    const before = states.map((state) => unpacked(held, state, total));
    const inputs = { frames, mask, states: before };
    const results = buildNetwork(file.architecture, layers, inputs, { count: 0 }, network);
    const next = results.states.map((state, i) => packed(state, states[i]));
    return {
      logprobs: rowsOf(results.logits),
      logprobs_length: length,
      cache_last_channel_next: concat(next, 3),
      cache_last_time_next: unused,
      cache_last_channel_len_next: heldLength,
    };
  });
  return { onnx, framesBehind: lookAhead + stride * delaySteps + chunk };
}

/** `audio_signal` [B, F, T] and `length` [B] → `logprobs` [B, T', V]. */
export function filesProgram(file, precision) {
  const { stride } = networkFor(file.architecture);
  const metadata = { subsampling_factor: stride, vocab_size: file.alphabet.size, normalize_type: "" };
  return program(file, precision, metadata, (graph, layers, features) => {
    const signal = graph.input("audio_signal", "float32", ["B", features, "T"]);
    graph.input("length", "int64", ["B"]);
    const frames = transpose(signal, [2, 0, 1]);
    const mask = ones(frames, stride, 0);
    return { logprobs: rowsOf(utteranceLogits(file.architecture, layers, { frames, mask })) };
  });
}

/** @param build gives the outputs by their names */
function program({ architecture, weights }, precision, metadata, build) {
  const graph = new operators.Graph();
  const { weight, finish } = storedWeights(graph, weights, precision);
  const outputs = build(graph, fixedLayers(weight), architecture.features);
  for (const [name, tensor] of Object.entries(outputs)) graph.output(identity(tensor, graph, name));
  finish();
  const texts = Object.entries(metadata).map(([key, value]) => [key, String(value)]);
  return operators.writeOnnx(graph, "nemo-form", Object.fromEntries(texts));
}

/** Of the tensors of state: all of ours are in the first. */
const cacheSizes = (total) => ({
  cache_last_channel_dim1: 1,
  cache_last_channel_dim2: 1,
  cache_last_channel_dim3: total,
  cache_last_time_dim1: 1,
  cache_last_time_dim2: 1,
  cache_last_time_dim3: 1,
});

/** Logits [T', B, V] → log-probabilities [B, T', V]. */
const rowsOf = (logits) => transpose(logSoftmax(logits), [1, 0, 2]);

/** Where each state lies among the numbers of an utterance. */
function placed(states) {
  let at = 0;
  return states.map(({ shape }) => {
    const others = shape.filter((size) => size !== "B");
    const size = others.reduce((product, n) => product * n, 1);
    at += size;
    return { start: at - size, size, others, batch: shape.indexOf("B") };
  });
}

/** [B, 1, 1, total] → a state as the network has it. */
function unpacked(held, { start, size, others, batch }, total) {
  const own = reshape(slice(held, 3, { start, trim: total - start - size }), ["B", ...others]);
  return transpose(own, others.map((_, axis) => axis + 1).toSpliced(batch, 0, 0));
}

/** A state as the network has it → [B, 1, 1, size]. */
function packed(state, { size, batch }) {
  const axes = state.shape.map((_, axis) => axis).toSpliced(batch, 1);
  return reshape(transpose(state, [batch, ...axes]), ["B", 1, 1, size]);
}

/** For each step of `frames` [T, B, F]: [T', B, 1]. */
function ones(frames, stride, trim) {
  const steps = slice(frames, 0, { trim, step: stride });
  return add(slice(zerosLike(steps, 0, 3), 2, { trim: frames.shape[2] - 1 }), 1);
}
