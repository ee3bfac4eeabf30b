// The known-good ladder: on the user's own recordings and settings, from the smallest thing that must work to ten
// utterances, and no further than the first rung that breaks. What breaks with the user's learning rate is tried with
// one that is known to work, which separates the rate from all other causes.

import { alphabetOf, createSchedule, type TrainingSettings } from "../../training/index.ts";
import { count, roughPercent, quoted } from "../brief.ts";
import { sparkline } from "../curve/losses.ts";
import type { CorpusEvidence } from "../data/evidence.ts";
import type { CausalPlace } from "../causal-order.ts";
import type { Examination, PlacedFinding } from "../examination.ts";
import { finding, type Finding } from "../finding.ts";
import { checkGradients, type StepOf, type TensorSlope } from "./gradient-check.ts";
import { batchOf, chooseMaterial, narrowed, type Material } from "./material.ts";
import { memorize, type Lesson, type LessonOutcome } from "./memorize.ts";

export interface LadderOptions {
  readonly onProgress?: (doing: string, done?: number, total?: number) => void;
  readonly signal?: AbortSignal;
  /** For each rung; 60 by default. */
  readonly mostSeconds?: number;
}

interface Rung {
  readonly code: string;
  readonly place: CausalPlace;
  readonly name: string;
  readonly utterances: number;
  readonly mostSteps: number;
  /** Share of wrong symbols allowed. */
  readonly goal: number;
}

export const RUNGS: readonly Rung[] = [
  {
    code: "LADDER_ONE_UTTERANCE",
    place: ["update", 150],
    name: "one utterance by heart",
    utterances: 1,
    mostSteps: 300,
    goal: 0,
  },
  {
    code: "LADDER_ONE_BATCH",
    place: ["update", 160],
    name: "one batch by heart",
    utterances: 4,
    mostSteps: 400,
    goal: 0,
  },
  {
    code: "LADDER_TEN_UTTERANCES",
    place: ["update", 170],
    name: "ten utterances by heart",
    utterances: 10,
    mostSteps: 800,
    goal: 0.05,
  },
];
const GRADIENT_RUNG = "gradient check";
const GRADIENT_PLACE: CausalPlace = ["update", 10];

/** Up to the first rung that breaks, or that cannot be decided. */
export async function climbLadder(
  evidence: CorpusEvidence,
  options: LadderOptions = {},
): Promise<Examination> {
  const { measured = [], settings } = evidence;
  const most = Math.max(...RUNGS.map(({ utterances }) => utterances));
  const material = settings ? await chooseMaterial(measured, settings, most) : [];
  if (settings === undefined || material.length === 0) {
    const probe = "a recording of the training set that can be heard, whose text the alphabet can spell";
    return ended([], { untold: { check: "the ladder", probe } });
  }
  const wrongGradient = await gradientRung(material, settings, options);
  if (wrongGradient) return ended([], { placed: { found: wrongGradient, place: GRADIENT_PLACE } });
  const healthy = [`ladder: ${GRADIENT_RUNG}`];
  for (const rung of RUNGS) {
    const check = `ladder: ${rung.name}`;
    const isEnough = material.length >= rung.utterances;
    const verdict = isEnough
      ? await climb(rung, material, settings, options)
      : `${count(rung.utterances, "recording")} of different texts`;
    if (typeof verdict === "string") return ended(healthy, { untold: { check, probe: verdict } });
    if (verdict) return ended(healthy, { placed: { found: verdict, place: rung.place } });
    healthy.push(check);
  }
  return ended(healthy);
}

function ended(
  healthy: readonly string[],
  { placed, untold }: { placed?: PlacedFinding; untold?: Examination["untold"][number] } = {},
): Examination {
  return { placed: placed ? [placed] : [], healthy, untold: untold ? [untold] : [] };
}

// ── Gradient ────────────────────────────────────────────────────────────────────────────────────────────────────

const stepOf = (settings: TrainingSettings, width?: number): StepOf => ({
  architecture: narrowed(settings, width),
  blank: alphabetOf(settings).blank,
  threads: settings.threads,
});

const LARGEST_DIFFERENCE = 0.1;
const NARROW = 16;

async function gradientRung(
  material: readonly Material[],
  settings: TrainingSettings,
  { onProgress }: LadderOptions,
): Promise<Finding | undefined> {
  onProgress?.(`ladder: ${GRADIENT_RUNG}`);
  const slopes = await checkGradients(stepOf(settings, NARROW), batchOf(material.slice(0, 1)));
  const off = slopes.filter(
    ({ gradient, difference }) => Math.abs(difference / gradient - 1) > LARGEST_DIFFERENCE,
  );
  // A single tensor may sit on the kink of a rectifier; a gradient that is wrong is so in many.
  if (slopes.length > 0 && off.length <= slopes.length / 4) return undefined;
  return finding({
    code: "LADDER_GRADIENT",
    severity: "wrong",
    diagnosis:
      "The gradient is not the slope of the loss: this engine computes something else than the network says.",
    evidence: slopes.length === 0 ? ["no tensor has a gradient that moves the loss"] : off.map(describeSlope),
    remedy:
      "Train with engine: cpu; if that breaks too, report it with the output of earshot doctor --ladder --json.",
  });
}

const describeSlope = ({ name, gradient, difference }: TensorSlope): string =>
  `${name}: gradient ${gradient.toPrecision(4)}, slope ${difference.toPrecision(4)}`;

// ── Memorizing ────────────────────────────────────────────────────────────────────────────────────────────────────

const RUNG_SECONDS = 60;
const KNOWN_GOOD = {
  optimizer: { name: "adamw", beta1: 0.9, beta2: 0.99, epsilon: 1e-8, weightDecay: 0 },
  learningRate: 1e-3,
  gradientCap: 5,
} as const;

/** The rung's finding; or why it cannot be decided; or nothing when it holds. */
async function climb(
  rung: Rung,
  material: readonly Material[],
  settings: TrainingSettings,
  options: LadderOptions,
): Promise<Finding | string | undefined> {
  const { optimizer, gradientCap, epochs } = settings;
  const rateAt = createSchedule(settings.schedule);
  const rates = Array.from({ length: 100 }, (_, i) => rateAt({ epoch: (i / 100) * epochs, epochs }));
  const own = { optimizer, gradientCap, learningRate: Math.max(...rates) };
  const outcome = await learn(rung, material, settings, own, options);
  if (outcome.isLearned) return undefined;
  const known = await learn(rung, material, settings, KNOWN_GOOD, options);
  if (!known.isLearned && known.isCut)
    return `more time: ${rung.name} was not done after ${count(known.steps, "step")}`;
  return broken(rung, material, settings, { own: outcome, ownRate: own.learningRate, known });
}

function learn(
  rung: Rung,
  material: readonly Material[],
  settings: TrainingSettings,
  how: Pick<Lesson, "optimizer" | "learningRate" | "gradientCap">,
  { onProgress, signal, mostSeconds = RUNG_SECONDS }: LadderOptions,
): Promise<LessonOutcome> {
  const { utterances, mostSteps, goal, name } = rung;
  const size = Math.min(utterances, settings.data.maxUtterances, 5);
  const chosen = material.slice(0, utterances);
  const batches = Array.from({ length: Math.ceil(utterances / size) }, (_, i) =>
    batchOf(chosen.slice(i * size, (i + 1) * size)),
  );
  return memorize({
    ...how,
    ...stepOf(settings),
    batches,
    mostSteps,
    mostSeconds,
    goal,
    clock: () => performance.now() / 1000,
    onStep: (step) => onProgress?.(`ladder: ${name}, step`, step, mostSteps),
    signal,
  });
}

function broken(
  { code, name }: Rung,
  material: readonly Material[],
  settings: TrainingSettings,
  { own, ownRate, known }: { own: LessonOutcome; ownRate: number; known: LessonOutcome },
): Finding {
  const isRate = known.isLearned;
  const alphabet = alphabetOf(settings);
  const texts = own.hypotheses.slice(0, 3).map((labels, i) => {
    const { row } = material[i];
    return `${row.where}  ${quoted(row.transcript)} came out as ${quoted(alphabet.decode(labels))}`;
  });
  return finding({
    code,
    severity: "wrong",
    diagnosis: isRate
      ? `The ladder breaks at "${name}", and holds with another learning rate: the optimizer's settings are to blame.`
      : `The ladder breaks at "${name}": all before it holds, so the fault is in what this rung adds.`,
    evidence: [
      `${roughPercent(own.errorRate)} of the symbols wrong after ${count(own.steps, "step")} with ${settings.optimizer.name} at ${ownRate}`,
      `${roughPercent(known.errorRate)} after ${count(known.steps, "step")} with ${KNOWN_GOOD.optimizer.name} at ${KNOWN_GOOD.learningRate}`,
      ...texts,
    ],
    picture: sparkline(thinned(own.losses)),
    remedy: isRate
      ? "Set schedule and optimizer back to their defaults, and change one at a time."
      : "Listen to these recordings and compare their texts; then raise network.width or change network.stride and context back to the defaults.",
  });
}

function thinned(losses: readonly number[]): number[] {
  const size = Math.max(1, Math.ceil(losses.length / 60));
  return losses.filter((_, i) => i % size === 0);
}
