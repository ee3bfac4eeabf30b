// What the rows share: rounds in which all that is compared takes its turn, and the median of each.

import process from "node:process";
import { setTimeout as sleep } from "node:timers/promises";
import { median } from "../dist/quantiles.js";

const PAUSE_MS = 250; // the threads of the one before may still be spinning

/**
 * In each round every one of `runners` (name → async function that gives milliseconds) has its turn: a run that brings
 * its data back into the caches, as in a loop that does nothing else, and one that counts. Gives those of each round.
 */
export async function turnsOf(runners, rounds) {
  const times = Object.fromEntries(Object.keys(runners).map((name) => [name, []]));
  for (let round = 0; round < rounds; round++) {
    for (const [name, run] of Object.entries(runners)) {
      await sleep(PAUSE_MS);
      await run();
      times[name].push(await run());
    }
  }
  return times;
}

/** The median of each. */
export const mediansOf = (turns) =>
  Object.fromEntries(Object.entries(turns).map(([name, taken]) => [name, median(taken)]));

/** The milliseconds that a piece of work takes. */
export async function clocked(work) {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

/** The milliseconds of a processor that a piece of work takes: those in which others had it do not count. */
export async function processorClocked(work) {
  const start = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(start);
  return (user + system) / 1000;
}

/**
 * A model file with random weights, which make no difference to time and memory.
 * @param network its name and sizes @param features what differs from the defaults
 */
export async function randomModel(network, features = {}) {
  const {
    Alphabet,
    featureSettings,
    initializeWeights,
    parseSettings,
    resolveArchitecture,
    transcriptPolicy,
  } = await import("../dist/index.js");
  const alphabet = Alphabet.english();
  const settings = parseSettings(featureSettings, features, "bench");
  const sizes = { features: settings.bins, symbols: alphabet.size };
  const architecture = resolveArchitecture(network, sizes, "bench");
  const weights = initializeWeights(architecture, 1);
  const transcript = parseSettings(transcriptPolicy, {}, "bench");
  return { alphabet, features: settings, architecture, weights, transcript, metrics: {}, training: {} };
}
