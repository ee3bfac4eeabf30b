// The doctor during training: a callback that examines the curve after each epoch, and at once when a loss or a gradient
// is not finite, and reports each finding once. It stops nothing.

import { outputSteps } from "../network/index.ts";
import { networkOf, type Callback } from "../training/index.ts";
import { examineCurve } from "./curve/checks.ts";
import type { CurveEvidence, CurveTarget } from "./curve/evidence.ts";
import { CurveStream } from "./curve/from-events.ts";
import { conclude } from "./examination.ts";
import type { Finding } from "./finding.ts";

const MOST_TARGETS = 512;

/** @param onFinding called once for each finding; again for one that gets worse */
export function watchTraining(onFinding: (finding: Finding) => void): Callback {
  const stream = new CurveStream();
  const reported = new Set<string>();
  const targets: CurveTarget[] = [];
  const batches = new Map<string, readonly string[]>();
  let about: Pick<CurveEvidence, "symbols" | "blank"> = {};
  let stepsOf: (frames: number) => number = (frames) => frames;

  const look = async (): Promise<void> => {
    const batchFiles = (epoch: number, batch: number) => Promise.resolve(batches.get(`${epoch}/${batch}`));
    const known = targets.length > 0 ? { targets, ...about } : {};
    const { findings } = conclude(await examineCurve({ ...stream.evidence(), ...known, batchFiles }));
    for (const found of findings) {
      const name = `${found.code}/${found.severity}`;
      if (!reported.has(name)) onFinding(found);
      reported.add(name);
    }
  };
  return {
    name: "doctor",
    event: (event) => stream.push(event),
    fitStart({ settings }) {
      const { alphabet, architecture } = networkOf(settings);
      about = { symbols: alphabet.size, blank: alphabet.blank };
      stepsOf = (frames) => outputSteps(architecture, frames);
    },
    async batchEnd({ utterances, epoch, batch, losses, gradientNorm }) {
      for (const { labels, variants } of utterances) {
        if (targets.length < MOST_TARGETS) targets.push({ labels, steps: stepsOf(variants[0].frames) });
      }
      if (Number.isFinite(gradientNorm) && losses.every(Number.isFinite)) return;
      batches.set(
        `${epoch}/${batch}`,
        utterances.map(({ where, path }) => `${where}  ${path}`),
      );
      await look();
    },
    epochEnd: look,
    fitEnd: look,
  };
}
