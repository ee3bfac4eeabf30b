// What one training step did: does the loss's gradient reach every parameter, of a size that teaches, and does the
// optimizer move every parameter?

import { check, finding, type Check, type Finding, type Verdict } from "../../finding.ts";
import type { BatchEvidence, ParameterStep } from "../evidence/batch-evidence.ts";
import { count, firstFew } from "../../brief.ts";

const hasGradient = ({ gradient }: ParameterStep): boolean => gradient !== undefined && gradient !== 0;
const isFinite = ({ gradient = 0 }: ParameterStep): boolean => Number.isFinite(gradient);

export const gradientsReach: Check<BatchEvidence> = check({
  name: "the loss's gradient reaches every parameter",
  finds: {
    GRADIENT_NOT_FINITE: ["update", 60],
    DETACHED_LOSS: ["update", 20],
    PARAMETER_WITHOUT_GRADIENT: ["update", 30],
  },
  needs: ["parameters"],
  run: ({ parameters }): Verdict => {
    const odd = parameters.filter((parameter) => !isFinite(parameter));
    if (odd.length > 0) return [notFinite(odd)];
    const without = parameters.filter((parameter) => !hasGradient(parameter));
    if (without.length === 0) return "healthy";
    return [
      without.length === parameters.length ? detached(parameters) : unreached(without, parameters.length),
    ];
  },
});

function notFinite(odd: readonly ParameterStep[]): Finding {
  return finding({
    code: "GRADIENT_NOT_FINITE",
    severity: "wrong",
    diagnosis: "The gradient is infinite or no number: one such step destroys the weights.",
    evidence: firstFew(odd.map(({ name }) => name)),
    remedy:
      "Look for utterances with fewer steps than labels and for logarithms of 0; PyTorch's zero_infinity=True hides the first, a cap on the gradient norm does not help.",
  });
}

function detached(parameters: readonly ParameterStep[]): Finding {
  const absent = parameters.every(({ gradient }) => gradient === undefined);
  return finding({
    code: "DETACHED_LOSS",
    severity: "wrong",
    diagnosis: "No parameter receives a gradient: the loss does not depend on the network.",
    evidence: [
      absent
        ? `none of ${count(parameters.length, "parameter")} has a gradient`
        : `the largest gradient in all ${count(parameters.length, "parameter")} is 0`,
    ],
    remedy:
      "Compute the loss from the network's own outputs: no detach(), no .data, no numpy, no torch.tensor(…) around them, no argmax, and no no_grad() on the way.",
  });
}

function unreached(without: readonly ParameterStep[], all: number): Finding {
  return finding({
    code: "PARAMETER_WITHOUT_GRADIENT",
    severity: "wrong",
    diagnosis: "Some parameters receive no gradient: what they belong to never learns.",
    evidence: [`${without.length} of ${all}`, ...firstFew(without.map(({ name }) => name))],
    remedy:
      "Look whether their layer is used in forward, detached, frozen (requires_grad), or behind units that are all dead.",
  });
}

// ── The update ──────────────────────────────────────────────────────────────────────────────────────────────────

export const optimizerMoves: Check<BatchEvidence> = check({
  name: "the optimizer moves every parameter, and none too far",
  finds: {
    NOTHING_UPDATED: ["update", 50],
    NOT_IN_OPTIMIZER: ["update", 40],
    UPDATE_TOO_LARGE: ["update", 90],
  },
  needs: ["parameters"],
  run: ({ parameters }): Verdict => {
    const reached = parameters.filter((parameter) => hasGradient(parameter) && isFinite(parameter));
    const unmoved = reached.filter(({ change }) => change === 0);
    if (reached.length === 0) return "healthy"; // nothing to move by: another check finds that
    if (unmoved.length === reached.length) return [nothingUpdated(reached.length)];
    const moved = unmoved.length > 0 ? [notInOptimizer(unmoved, parameters.length)] : [];
    // A matrix that changes by its own length is another matrix; biases begin at zero and may.
    const jumped = reached.filter(({ rank, norm, change }) => rank > 1 && norm > 0 && !(change < norm));
    const all = jumped.length > 0 ? [...moved, tooLarge(jumped)] : moved;
    return all.length > 0 ? all : "healthy";
  },
});

function nothingUpdated(reached: number): Finding {
  return finding({
    code: "NOTHING_UPDATED",
    severity: "wrong",
    diagnosis: "The step changed no parameter, though gradients reach them.",
    evidence: [`${count(reached, "parameter")} with a gradient, all as before`],
    remedy:
      "See that optimizer.step() is called, that it was given this model's parameters (after moving and rebuilding the model), and that its learning rate is not 0.",
  });
}

function notInOptimizer(unmoved: readonly ParameterStep[], all: number): Finding {
  return finding({
    code: "NOT_IN_OPTIMIZER",
    severity: "wrong",
    diagnosis:
      "Some parameters have a gradient, but the step does not change them: the optimizer does not know them.",
    evidence: [
      `${unmoved.length} of ${all}`,
      ...firstFew(
        unmoved.map(({ name, gradient }) => `${name}: gradient ${gradient!.toPrecision(3)}, change 0`),
      ),
    ],
    remedy:
      "Give the optimizer all parameters of the model; layers kept in a plain Python list, or made after the optimizer, are missing from it.",
  });
}

function tooLarge(jumped: readonly ParameterStep[]): Finding {
  return finding({
    code: "UPDATE_TOO_LARGE",
    severity: "wrong",
    diagnosis: "One step changes weights by more than all that they are: the learning rate is far too high.",
    evidence: firstFew(
      jumped.map(
        ({ name, norm, change }) =>
          `${name}: length ${norm.toPrecision(3)}, changed by ${change.toPrecision(3)}`,
      ),
    ),
    remedy: "Lower the learning rate a hundredfold and look again; cap the gradient norm.",
  });
}

// ── The sizes of gradients ──────────────────────────────────────────────────────────────────────────────────────

/**
 * Relative to its weights, a layer's gradient says how fast it learns under one learning rate. A million times slower
 * than the fastest is beyond what single precision adds to a weight; ten thousand times is a layer that stays as it is
 * for a whole training.
 */
const VANISHED = 1e-6;
const FAINT = 1e-4;
/** A gradient a thousand times as long as the weights: the smallest usual rates still overshoot. */
const HUGE = 1e3;

export const gradientSizes: Check<BatchEvidence> = check({
  name: "gradients neither vanish nor explode from layer to layer",
  finds: { VANISHING_GRADIENT: ["update", 70], EXPLODING_GRADIENT: ["update", 80] },
  needs: ["parameters"],
  run: ({ parameters }): Verdict => {
    const layers = parameters
      .filter(
        (parameter) =>
          parameter.rank > 1 && parameter.norm > 0 && hasGradient(parameter) && isFinite(parameter),
      )
      .map(({ name, norm, gradient = 0 }) => ({ name, speed: gradient / norm }));
    if (layers.length === 0)
      return parameters.some(({ rank }) => rank > 1)
        ? "healthy"
        : { cannotTell: "gradients of weight matrices" };
    const fastest = layers.reduce((a, b) => (b.speed > a.speed ? b : a));
    if (fastest.speed > HUGE) return [exploding(layers.filter(({ speed }) => speed > HUGE))];
    const faint = layers.filter(({ speed }) => speed < FAINT * fastest.speed);
    return faint.length > 0 ? [vanishing(faint, fastest)] : "healthy";
  },
});

interface Layer {
  readonly name: string;
  /** Length of the gradient by that of the weights. */
  readonly speed: number;
}

const inWords = ({ name, speed }: Layer): string => `${name}: ${speed.toPrecision(2)}`;

function vanishing(faint: readonly Layer[], fastest: Layer): Finding {
  return finding({
    code: "VANISHING_GRADIENT",
    severity: faint.some(({ speed }) => speed < VANISHED * fastest.speed) ? "wrong" : "warning",
    diagnosis: "The gradient all but vanishes on its way back: some layers stay as they were initialized.",
    evidence: [
      "length of the gradient by that of the weights",
      inWords(fastest),
      ...firstFew(faint.map(inWords)),
    ],
    remedy:
      "Use rectified (clipped) instead of saturating units, initialize for them (He et al.), normalize between layers, or begin with fewer of them.",
  });
}

function exploding(layers: readonly Layer[]): Finding {
  return finding({
    code: "EXPLODING_GRADIENT",
    severity: "wrong",
    diagnosis:
      "The gradient explodes: it is over a thousand times as long as the weights that it should move.",
    evidence: ["length of the gradient by that of the weights", ...firstFew(layers.map(inWords))],
    remedy:
      "Average the loss over utterances and labels, cap the gradient norm, and start recurrent matrices at or below the identity's size.",
  });
}
