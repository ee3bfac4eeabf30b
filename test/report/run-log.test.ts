import { describe, expect, it } from "vitest";
import { bestEpoch, readRunLog } from "../../src/report/run-log.ts";
import { epochLine, startLine } from "./made-run.ts";

const text = (...lines: readonly object[]) => lines.map((line) => `${JSON.stringify(line)}\n`).join("");

describe("the log of a run", () => {
  it("gives what each kind of line says", () => {
    const batch = { type: "batch", epoch: 1, batch: 1, batches: 2, loss: 3.5, learningRate: 0.1 };
    const log = readRunLog(
      text(
        startLine,
        { ...batch, gradientNorm: null, waitedMs: 3 },
        { type: "memory", peakBytes: 5e8 },
        epochLine(1, { best: true }),
        epochLine(2, { best: false }),
        { type: "done", seconds: 12, metrics: {} },
      ),
    );
    expect(log.start).toMatchObject({ utterances: 10, parameters: 1000 });
    expect(log.batches).toMatchObject([{ loss: 3.5, gradientNorm: null }]);
    expect(log).toMatchObject({ peakBytes: 5e8, seconds: 12, stopped: undefined });
    expect(bestEpoch(log)?.epoch).toBe(1);
  });
  it("passes over what it does not know, what is damaged, and a cut last line", () => {
    const log = readRunLog(
      `${text({ type: "news" }, epochLine(1), { type: "epoch", epoch: "two" })}\u0000\n[]\nnull\n{"type":"epo`,
    );
    expect(log.epochs).toHaveLength(1);
    expect(readRunLog("")).toMatchObject({ epochs: [], batches: [], layers: [], warnings: [], seconds: 0 });
  });
  it("knows that a run which was stopped goes on again", () => {
    const stop = { type: "stop", reason: "interrupted" };
    expect(readRunLog(text(startLine, stop)).stopped).toBe("interrupted");
    expect(readRunLog(text(startLine, stop, startLine)).stopped).toBeUndefined();
  });
  it("adds up the epochs of a run that has not ended", () => {
    expect(readRunLog(text(epochLine(1), epochLine(2))).seconds).toBe(4);
  });
});
