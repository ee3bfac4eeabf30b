// Does the same batch give the same outputs twice? If not: a state left by the batch before, or a random one, enters at
// one end of time and fades; dropout and noise are in every step alike. The third run decides between the first two, since a
// state left by the same batch comes to rest.

import { check, finding, type Check, type Finding, type Verdict } from "../../finding.ts";
import type { BatchEvidence, Outputs } from "../evidence/batch-evidence.ts";
import { roughPercent } from "../../brief.ts";
import { compare, DIFFERENT, spreadOf, type Comparison } from "./comparison.ts";
import { validSteps } from "./rows.ts";

export const repeatability: Check<BatchEvidence> = check({
  name: "the same batch gives the same outputs twice",
  finds: {
    STATE_CARRIED_OVER: ["network", 130],
    RANDOM_INITIAL_STATE: ["network", 140],
    OUTPUT_NOT_REPEATABLE: ["network", 150],
  },
  needs: ["outputs", "again"],
  run: (evidence): Verdict => {
    const spread = spreadOf(evidence.outputs, evidence.lengths);
    if (spread === undefined) return { cannotTell: "outputs that depend on the input" };
    const first = rerun(evidence, evidence.outputs, evidence.again, spread);
    if (!first) return { cannotTell: "the same batch again, of the same shape" };
    if (first.largest < DIFFERENT) return "healthy";
    const second = evidence.third && rerun(evidence, evidence.again, evidence.third, spread);
    return [explained(first, second, evidence.mode)];
  },
});

/** Whether comparisons with other runs mean anything: only where the same batch gives the same. */
export function isRepeatable(evidence: BatchEvidence & Required<Pick<BatchEvidence, "outputs">>): boolean {
  const { outputs, again, lengths } = evidence;
  const spread = spreadOf(outputs, lengths);
  if (!again || spread === undefined) return true; // as far as is known
  return (rerun(evidence, outputs, again, spread)?.largest ?? 0) < DIFFERENT;
}

function rerun({ lengths }: BatchEvidence, a: Outputs, b: Outputs, spread: number): Comparison | undefined {
  if (a.T !== b.T || a.B !== b.B || a.V !== b.V) return undefined;
  const pairs = Array.from({ length: a.B }, (_, u) => ({
    here: u,
    there: u,
    steps: validSteps(a, lengths, u),
  }));
  return compare(a, b, pairs, spread);
}

const CAME_TO_REST = 0.5; // of the first difference; independent draws differ by as much each time

function explained(first: Comparison, second: Comparison | undefined, mode: BatchEvidence["mode"]): Finding {
  const rests = second !== undefined && mean(second.byStep) < CAME_TO_REST * mean(first.byStep);
  const differs = `two runs of one batch differ by up to ${roughPercent(first.largest)} of what the outputs vary at all`;
  if (rests) {
    const calmer = `the second and third run differ by ${roughPercent(mean(second.byStep) / mean(first.byStep))} of that: a state left by the same batch`;
    return carriedOver([differs, calmer]);
  }
  if (!fadesFromAnEnd(first.byStep)) return notRepeatable(differs, mode);
  const fades = `the difference is largest at one end of time and fades: ${profile(first.byStep)}`;
  return second ? randomState([differs, fades]) : carriedOver([differs, fades]);
}

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / Math.max(1, values.length);

const PARTS = 8;

/** Mean differences in eight parts of time. */
function parts(byStep: readonly number[]): number[] {
  const count = Math.min(PARTS, byStep.length);
  return Array.from({ length: count }, (_, i) =>
    mean(
      byStep.slice(Math.floor((i * byStep.length) / count), Math.floor(((i + 1) * byStep.length) / count)),
    ),
  );
}

const profile = (byStep: readonly number[]): string => parts(byStep).map(roughPercent).join(" ");

const FADED = 0.3; // of the largest part; noise over whole parts of time is even

function fadesFromAnEnd(byStep: readonly number[]): boolean {
  const found = parts(byStep);
  const most = Math.max(...found);
  const isAtEnd = found[0] === most || found.at(-1) === most;
  return found.length > 2 && isAtEnd && Math.min(...found) < FADED * most;
}

function carriedOver(evidence: readonly string[]): Finding {
  return finding({
    code: "STATE_CARRIED_OVER",
    severity: "wrong",
    diagnosis:
      "The recurrence starts from the state that the batch before left behind: utterances begin with the end of strangers.",
    evidence,
    remedy:
      "Start every batch from a state of zeros: create it in forward, with the size of the batch that came, or give the recurrence none.",
  });
}

function randomState(evidence: readonly string[]): Finding {
  return finding({
    code: "RANDOM_INITIAL_STATE",
    severity: "wrong",
    diagnosis: "The recurrence starts from a random state each time.",
    evidence,
    remedy: "Start from zeros (torch.zeros instead of torch.randn), or give the recurrence no initial state.",
  });
}

function notRepeatable(evidence: string, mode: BatchEvidence["mode"]): Finding {
  const isEvaluation = mode === "eval";
  return finding({
    code: "OUTPUT_NOT_REPEATABLE",
    severity: isEvaluation ? "wrong" : "warning",
    diagnosis: isEvaluation
      ? "In evaluation mode the same batch gives other outputs each time: something random is at work that should not be."
      : "The same batch gives other outputs each time, at all steps alike, as dropout does: comparisons of runs tell nothing.",
    evidence: [evidence],
    remedy: isEvaluation
      ? "Look for dropout called as a function without its training flag, for noise, and for weights that change when the network runs."
      : "Export again in evaluation mode (model.eval() in PyTorch, training=False in Keras), and say mode eval.",
  });
}
