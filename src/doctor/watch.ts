// The doctor during training: a callback that examines the curve after each epoch, and at once when a loss or a gradient
// is not finite. It says of the run so far what the doctor says of its folder at that moment, each finding once, and takes
// a finding back when later epochs refute it. It stops nothing.

import { outputSteps } from "../network/index.ts";
import { join, readWholeText } from "../platform/index.ts";
import { networkOf, RUN_FILES, type Callback, type LoopEvents } from "../training/index.ts";
import { examineCurve } from "./curve/checks.ts";
import type { CurveEvidence, CurveTarget } from "./curve/evidence.ts";
import { CurveStream } from "./curve/from-events.ts";
import { levelsOf } from "./curve/levels.ts";
import { readLog } from "./curve/log.ts";
import { conclude } from "./examination.ts";
import type { Finding } from "./finding.ts";

/**
 * @param onFinding called once for each finding; again for one whose severity changes, and that comes back
 * @param onWithdrawn called with a finding that the run no longer gives a reason for
 */
export function watchTraining(
  onFinding: (finding: Finding) => void,
  onWithdrawn: (finding: Finding) => void = () => undefined,
): Callback {
  const stream = new CurveStream();
  const batches = new Map<string, readonly string[]>();
  const findings = new FindingStream(onFinding, onWithdrawn);
  let targets = new TargetStream(0, 0, (frames) => frames);

  const look = async (): Promise<void> => {
    const batchFiles = (epoch: number, batch: number) => Promise.resolve(batches.get(`${epoch}/${batch}`));
    const evidence = { ...stream.evidence(), ...targets.evidence(), batchFiles };
    findings.push(conclude(await examineCurve(evidence)).findings);
  };
  return {
    name: "doctor",
    event: (event) => stream.push(event),
    async fitStart({ settings, directory, step }) {
      const { alphabet, architecture } = networkOf(settings);
      targets = new TargetStream(alphabet.size, alphabet.blank, (frames) =>
        outputSteps(architecture, frames),
      );
      if (step === 0) return;
      const log = await readWholeText(join(directory, RUN_FILES.log)).catch(() => ""); // a folder in memory has none
      readLog(log, stream); // what a resumed run did before
    },
    async batchEnd({ utterances, epoch, batch, losses, gradientNorm }) {
      targets.push(utterances);
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

/** Tells what is new among the findings, and what is there no longer. */
class FindingStream {
  readonly #onFinding: (finding: Finding) => void;
  readonly #onWithdrawn: (finding: Finding) => void;
  #standing: ReadonlyMap<string, Finding> = new Map();

  constructor(onFinding: (finding: Finding) => void, onWithdrawn: (finding: Finding) => void) {
    this.#onFinding = onFinding;
    this.#onWithdrawn = onWithdrawn;
  }

  push(findings: readonly Finding[]): void {
    const now = new Map(findings.map((found) => [found.code, found]));
    for (const found of findings)
      if (this.#standing.get(found.code)?.severity !== found.severity) this.#onFinding(found);
    for (const [code, found] of this.#standing) if (!now.has(code)) this.#onWithdrawn(found);
    this.#standing = now;
  }
}

type Known = Pick<CurveEvidence, "targets" | "symbols" | "blank" | "levels">;

/** Gathers what the losses are of: each utterance once, so that after an epoch it is the training set. */
class TargetStream {
  readonly #symbols: number;
  readonly #blank: number;
  readonly #stepsOf: (frames: number) => number;
  readonly #targets = new Map<string, CurveTarget>();
  #known: Known = {};

  constructor(symbols: number, blank: number, stepsOf: (frames: number) => number) {
    this.#symbols = symbols;
    this.#blank = blank;
    this.#stepsOf = stepsOf;
  }

  push(utterances: LoopEvents["batchEnd"]["utterances"]): void {
    for (const { where, labels, variants } of utterances) {
      if (this.#targets.has(where)) continue;
      const { frames } = variants.find(({ speed }) => speed === 1) ?? variants[0]; // as it was recorded
      this.#targets.set(where, { labels, steps: this.#stepsOf(frames) });
    }
  }

  /** The levels are computed again only when there is more that they are of. */
  evidence(): Known {
    if (this.#known.targets?.length === this.#targets.size || this.#targets.size === 0) return this.#known;
    const known = { targets: [...this.#targets.values()], symbols: this.#symbols, blank: this.#blank };
    this.#known = { ...known, levels: levelsOf(known) };
    return this.#known;
  }
}
