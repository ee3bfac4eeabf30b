// The check that most often explains an infinite loss: fewer steps after the stride than CTC needs for the labels, one
// for each and one between equal neighbors (Graves et al. 2006, section 3).

import { minimumSteps } from "../../ctc/index.ts";
import { networkContract } from "../../network/index.ts";
import { networkOf } from "../../training/index.ts";
import { count, firstFew, outOf, quoted, severityOfShare } from "../brief.ts";
import { check, finding, type Check } from "../finding.ts";
import type { CorpusEvidence, MeasuredUtterance } from "./evidence.ts";
import { targetsOf, type Target } from "./steps.ts";

const frames = check<CorpusEvidence, "measured" | "settings">({
  name: "every recording gives steps enough for its text",
  finds: { TOO_FEW_FRAMES: ["pairs", 50] },
  needs: ["measured", "settings"],
  run: ({ measured, settings }) => {
    const targets = targetsOf(measured, settings);
    const short = measured.flatMap((row, i) => {
      const target = targets[i];
      return target !== undefined && target.steps < minimumSteps(target.labels) ? [{ row, target }] : [];
    });
    if (short.length === 0) return "healthy";
    const { hopMs } = settings.features;
    const { stride } = networkContract(networkOf(settings).architecture);
    const mended = short.filter(({ target }) => target.frames >= minimumSteps(target.labels)).length;
    return [
      finding({
        code: "TOO_FEW_FRAMES",
        severity: severityOfShare(short.length, measured.length),
        diagnosis:
          "Recordings give fewer steps than their labels need: their loss would be infinite, and they are left out.",
        evidence: [
          `${outOf(short.length, measured.length)} recordings, with a hop of ${hopMs} ms and a stride of ${stride}`,
          ...firstFew(short.map(({ row, target }) => describe(row, target))),
        ],
        remedy:
          2 * mended > short.length && stride > 1
            ? `Lower network.stride: with a stride of 1, ${mended} of them have steps enough.`
            : "Look for recordings that are cut or paired with another's text; else lower features.hopMs.",
      }),
    ];
  },
});

function describe({ where, path, transcript, sound }: MeasuredUtterance, { labels, steps }: Target): string {
  const repeats = minimumSteps(labels) - labels.length;
  const needed = `${minimumSteps(labels)} steps (${count(labels.length, "symbol")}, ${count(repeats, "repeat")})`;
  return `${where}  ${path}: ${quoted(transcript)} needs ${needed}, ${sound.heardSeconds.toFixed(2)} s give ${steps}`;
}

export const frameChecks: readonly Check<CorpusEvidence>[] = [frames];
