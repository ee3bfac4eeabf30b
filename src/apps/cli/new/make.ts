// Step by step: each command is printed, run unless it is done already, and remembered.

import { EarshotError } from "../../../errors.ts";
import { duration } from "../../../figures.ts";
import { fileFacts, join, openFolder } from "../../../platform/index.ts";
import type { TrainingEvent } from "../../../training/index.ts";
import { interrupted, type Session } from "../session.ts";
import { commandLine } from "../shell-words.ts";
import { runCommand, type RunCommandLine } from "./command.ts";
import { commandOf, LEARNING, NEW_FILES, type Step, type StepName } from "./plan.ts";
import { checkSpoken, isSpokenLost, tellLeftOut } from "./spoken.ts";
import { isInVain, type DoneStep, type NewState } from "./state.ts";

export interface Making {
  readonly out: string;
  readonly state: NewState;
  readonly run: RunCommandLine;
  readonly session: Session;
}

export type DoneSteps = ReadonlyMap<StepName, DoneStep>;

/** @throws EarshotError of a command, after which the same call goes on */
export async function makeAll(steps: readonly Step[], making: Making): Promise<DoneSteps> {
  const { out, state, session } = making;
  const done = new Map<StepName, DoneStep>();
  const isAllLearned = await isAllDone(steps.filter(isLearning), state);
  let isLearnedAnew = false;
  for (const [index, step] of steps.entries()) {
    const isSkipped = step.name === "test-strangers" && isInVain(done.get("reject"));
    if (isSkipped) continue; // without rejection all of them are accepted
    try {
      const before: DoneStep | undefined = isLearnedAnew
        ? undefined
        : await doneBefore(step, state, isAllLearned);
      printStep(step, `${index + 1}/${steps.length}`, before, session);
      session.signal.throwIfAborted();
      done.set(step.name, before ?? (await make(step, making)));
      if (step.name === "speak" && !isAllLearned) await checkSpoken(step.output, done.get("speak")!.result);
      isLearnedAnew ||= before === undefined && isLearning(step);
    } catch (error) {
      throw whatNow(error, out, session);
    }
  }
  return done;
}

const isLearning = ({ name }: Step): boolean => (LEARNING as readonly StepName[]).includes(name);

async function isAllDone(steps: readonly Step[], state: NewState): Promise<boolean> {
  for (const step of steps) if ((await state.resultOf(step)) === undefined) return false;
  return true;
}

/** @param isAllLearned whether recordings are of no use any more */
async function doneBefore(step: Step, state: NewState, isAllLearned: boolean): Promise<DoneStep | undefined> {
  if (isAllLearned) return state.everDone(step);
  const done = await state.resultOf(step);
  const isLost = done && !isLearning(step) && (await isSpokenLost(step.output));
  return isLost ? undefined : done;
}

/** What the words or the voices of a folder lead to, however often it is gone on with. */
const UNSPEAKABLE = new Set(["UNSPOKEN_SENTENCE", "NOTHING_SPOKEN"]);

/** Says how to go on, where that is of use. */
function whatNow(error: unknown, out: string, { output, signal }: Session): unknown {
  const goOn = commandLine(["earshot", "new", "--out", out]);
  if (signal.aborted) return interrupted(`Run the command again to go on where it was, or: ${goOn}`);
  if (!(error instanceof EarshotError && UNSPEAKABLE.has(error.code)))
    output.note(`What is done is kept. When what is told below is mended, it goes on with: ${goOn}`);
  return error;
}

function printStep(step: Step, place: string, done: DoneStep | undefined, { output }: Session): void {
  if (output.json) return;
  output.note(`\n${place}  ${step.about}${done ? ": done before" : ""}`);
  output.note(output.dim(`     ${commandLine(["earshot", ...commandOf(step)])}`));
}

async function make(step: Step, making: Making): Promise<DoneStep> {
  const { state, session } = making;
  const { output } = session;
  const start = performance.now();
  const result = await resultOf(step, making);
  const seconds = (performance.now() - start) / 1000;
  if (!output.json) {
    tellLeftOut(result, output);
    output.note(`     ${summaryOf(result)}in ${duration(seconds)}`);
  }
  return state.add(step, seconds, result);
}

async function resultOf(step: Step, { out, run, session }: Making): Promise<DoneStep["result"]> {
  const { output } = session;
  const resumed = step.name === "train" ? await resumingOf(out, step) : undefined;
  if (resumed && !output.json)
    output.note(output.dim(`     goes on: ${commandLine(["earshot", ...resumed])}`));
  const show = output.json ? undefined : await shownAs(step.name, session);
  const saving = (): void => output.note("Saving; Ctrl-C again quits at once.");
  if (step.name === "train" && !output.json) session.signal.addEventListener("abort", saving, { once: true });
  try {
    const result = await runCommand(resumed ?? commandOf(step), run, session, (line) =>
      output.json ? output.object(lineOf(step, line)) : show?.(line),
    );
    return { ...result };
  } catch (error) {
    if (!(error instanceof EarshotError && error.code === "NOTHING_TO_CALIBRATE")) throw error;
    return { inVain: true };
  } finally {
    session.signal.removeEventListener("abort", saving);
  }
}

/** A command's line under the name of its step; where a training counts updates as `step`, they are `update` here. */
function lineOf({ name }: Step, { step: update, ...line }: Readonly<Record<string, unknown>>): object {
  return { step: name, ...line, ...(update === undefined ? {} : { update }) };
}

/** Of what was spoken; the other commands tell of themselves, or in the end. */
function summaryOf({ utterances, seconds, leftOut, inVain }: DoneStep["result"]): string {
  if (inVain) return "nothing was recognized, so nothing can be rejected: ";
  if (!Array.isArray(leftOut) || typeof seconds !== "number") return "";
  const faulty = leftOut.length === 0 ? "" : `, ${leftOut.length} left out`;
  return `${String(utterances)} recordings, ${duration(seconds)} of speech${faulty}, `;
}

/** A run that was broken off goes on from its checkpoint, wherever its folder lies now. @returns undefined where there is none */
async function resumingOf(out: string, { extras }: Step): Promise<readonly string[] | undefined> {
  if ((await fileFacts(join(out, "run.json"))) === undefined) return undefined;
  const { moveRun } = await import("../../../training/index.ts");
  await moveRun(
    openFolder(out),
    [NEW_FILES.spoken, NEW_FILES.negativesTrain].map((name) => join(out, name)),
  );
  return ["train", "--resume", out, ...extras];
}

type Show = (line: Readonly<Record<string, unknown>>) => void;

/** Lines that a command writes as it goes: the epochs of training. */
async function shownAs(name: StepName, { output }: Session): Promise<Show | undefined> {
  if (name !== "train") return undefined;
  const { showTraining } = await import("../../../training/index.ts");
  const show = showTraining(output);
  return (line) => {
    if (line.code === "NO_WORDS") return; // on purpose: they are to be rejected
    if (line.type === "finding")
      output.note(`${String(line.code)}  ${String(line.diagnosis)} ${String(line.remedy)}`);
    else if (line.type !== "withdrawn") void show(line as unknown as TrainingEvent);
  };
}
