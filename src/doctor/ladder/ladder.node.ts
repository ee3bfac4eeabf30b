// The known-good ladder: on the user's own recordings and settings, from the smallest thing that must work to ten
// utterances, and no further than the first rung that breaks. What breaks with the user's learning rate is tried with
// one that is known to do, so that the rate is told from all else.

import { alphabetOf, createSchedule, type TrainingSettings } from "../../training/index.ts";
import { count, percent, quoted } from "../brief.ts";
import { sparkline } from "../curve/losses.ts";
import type { CorpusEvidence } from "../data/evidence.ts";
import { finding, type Diagnosis, type Finding } from "../finding.ts";
import { checkGradients, type TensorSlope } from "./gradient-check.ts";
import { batchOf, chooseMaterial, narrowed, type Material } from "./material.node.ts";
import { memorize, type Lesson, type Outcome } from "./memorize.ts";

export interface LadderOptions {
  readonly onProgress?: (doing: string, done?: number, total?: number) => void;
  readonly signal?: AbortSignal;
  /** For each rung; 60 by default. */
  readonly mostSeconds?: number;
}

interface Rung {
  readonly code: string;
  readonly name: string;
  readonly utterances: number;
  readonly mostSteps: number;
  /** Share of wrong symbols allowed. */
  readonly goal: number;
}

const RUNGS: readonly Rung[] = [
  { code: "LADDER_ONE_UTTERANCE", name: "one utterance by heart", utterances: 1, mostSteps: 300, goal: 0 },
  { code: "LADDER_ONE_BATCH", name: "one batch by heart", utterances: 4, mostSteps: 400, goal: 0 },
  {
    code: "LADDER_TEN_UTTERANCES",
    name: "ten utterances by heart",
    utterances: 10,
    mostSteps: 800,
    goal: 0.05,
  },
];
const GRADIENT_RUNG = "gradient check";

export async function climbLadder(evidence: CorpusEvidence, options: LadderOptions = {}): Promise<Diagnosis> {
  const { heard = [], settings } = evidence;
  const most = Math.max(...RUNGS.map(({ utterances }) => utterances));
  const material = settings ? await chooseMaterial(heard, settings, most) : [];
  const untold = (check: string, probe: string): Diagnosis => ({
    findings: [],
    healthy: [],
    untold: [{ check, probe }],
  });
  if (settings === undefined || material.length === 0) {
    return untold(
      "the ladder",
      "a recording of the training set that can be heard, whose text the alphabet can spell",
    );
  }
  const broken = await gradientRung(material, settings, options);
  if (broken) return { findings: [broken], healthy: [], untold: [] };
  const healthy = [`ladder: ${GRADIENT_RUNG}`];
  for (const rung of RUNGS) {
    if (material.length < rung.utterances) {
      return {
        findings: [],
        healthy,
        untold: [
          {
            check: `ladder: ${rung.name}`,
            probe: `${count(rung.utterances, "recording")} of different texts`,
          },
        ],
      };
    }
    const verdict = await climb(rung, material, settings, options);
    if (typeof verdict === "string")
      return { findings: [], healthy, untold: [{ check: `ladder: ${rung.name}`, probe: verdict }] };
    if (verdict) return { findings: [verdict], healthy, untold: [] };
    healthy.push(`ladder: ${rung.name}`);
  }
  return { findings: [], healthy, untold: [] };
}

// ── Gradient ────────────────────────────────────────────────────────────────────────────────────────────────────

const LARGEST_DIFFERENCE = 0.1;
const NARROW = 16;

async function gradientRung(
  material: readonly Material[],
  settings: TrainingSettings,
  { onProgress }: LadderOptions,
): Promise<Finding | undefined> {
  onProgress?.(`ladder: ${GRADIENT_RUNG}`);
  const { blank } = alphabetOf(settings);
  const slopes = await checkGradients(narrowed(settings, NARROW), blank, batchOf(material.slice(0, 1)));
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

// ── By heart ────────────────────────────────────────────────────────────────────────────────────────────────────

const RUNG_SECONDS = 60;
const KNOWN_GOOD = {
  optimizer: { name: "adamw", beta1: 0.9, beta2: 0.99, epsilon: 1e-8, weightDecay: 0 },
  learningRate: 1e-3,
  gradientCap: 5,
} as const;

/** The rung's finding; or why it cannot be told; or nothing when it holds. */
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
): Promise<Outcome> {
  const { utterances, mostSteps, goal, name } = rung;
  const size = Math.min(utterances, settings.data.maxUtterances, 5);
  const chosen = material.slice(0, utterances);
  const batches = Array.from({ length: Math.ceil(utterances / size) }, (_, i) =>
    batchOf(chosen.slice(i * size, (i + 1) * size)),
  );
  return memorize({
    ...how,
    architecture: narrowed(settings),
    blank: alphabetOf(settings).blank,
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
  { own, ownRate, known }: { own: Outcome; ownRate: number; known: Outcome },
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
      `${percent(own.errorRate)} of the symbols wrong after ${count(own.steps, "step")} with ${settings.optimizer.name} at ${ownRate}`,
      `${percent(known.errorRate)} after ${count(known.steps, "step")} with ${KNOWN_GOOD.optimizer.name} at ${KNOWN_GOOD.learningRate}`,
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
