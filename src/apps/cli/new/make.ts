// Step by step: each command is printed, run unless it is done already, and remembered.

import { duration } from "../../../figures.ts";
import { fileFacts, join } from "../../../platform/index.ts";
import type { TrainingEvent } from "../../../training/index.ts";
import { interrupted, type Session } from "../session.ts";
import { commandLine } from "../shell-words.ts";
import { runCommand, type RunCommandLine } from "./command.ts";
import type { Step, StepName } from "./plan.ts";
import type { DoneStep, NewState } from "./state.ts";

/** @throws EarshotError of a command, after which the same call goes on */
export async function makeAll(
  out: string,
  steps: readonly Step[],
  state: NewState,
  run: RunCommandLine,
  session: Session,
): Promise<ReadonlyMap<StepName, DoneStep>> {
  const { output, signal } = session;
  const done = new Map<StepName, DoneStep>();
  const goOn = `Run the command again to go on where it was, or: ${commandLine(["earshot", "new", "--out", out])}`;
  for (const [index, step] of steps.entries()) {
    signal.throwIfAborted();
    const before = await state.resultOf(step);
    printStep(step, `${index + 1}/${steps.length}`, before, session);
    try {
      done.set(step.name, before ?? (await make(out, step, state, run, session)));
    } catch (error) {
      if (signal.aborted) throw interrupted(goOn);
      output.note(goOn);
      throw error;
    }
  }
  return done;
}

function printStep(step: Step, place: string, done: DoneStep | undefined, { output }: Session): void {
  if (output.json) return;
  output.note(`\n${place}  ${step.about}${done ? ": done before" : ""}`);
  output.note(output.dim(`     ${commandLine(["earshot", ...step.argv])}`));
}

async function make(
  out: string,
  step: Step,
  state: NewState,
  run: RunCommandLine,
  session: Session,
): Promise<DoneStep> {
  const { output } = session;
  const argv = step.name === "train" ? await trainOrResume(out, step.argv) : step.argv;
  if (argv !== step.argv && !output.json)
    output.note(output.dim(`     goes on: ${commandLine(["earshot", ...argv])}`));
  const show = output.json ? undefined : await shownAs(step.name, session);
  const saving = (): void => output.note("Saving; Ctrl-C again quits at once.");
  if (step.name === "train" && !output.json) session.signal.addEventListener("abort", saving, { once: true });
  const start = performance.now();
  const result = await runCommand(argv, run, session, (line) =>
    output.json ? output.object(lineOf(step, line)) : show?.(line),
  );
  session.signal.removeEventListener("abort", saving);
  const seconds = (performance.now() - start) / 1000;
  if (!output.json) output.note(`     ${summaryOf(result)}in ${duration(seconds)}`);
  return state.add(step, seconds, { ...result });
}

/** A command's line under the name of its step; where a training counts updates as `step`, they are `update` here. */
function lineOf({ name }: Step, { step: update, ...line }: Readonly<Record<string, unknown>>): object {
  return { step: name, ...line, ...(update === undefined ? {} : { update }) };
}

/** Of what was spoken; the other commands tell of themselves, or in the end. */
function summaryOf({ utterances, seconds, leftOut }: Readonly<Record<string, unknown>>): string {
  if (!Array.isArray(leftOut) || typeof seconds !== "number") return "";
  const faulty = leftOut.length === 0 ? "" : `, ${leftOut.length} left out`;
  return `${String(utterances)} recordings, ${duration(seconds)} of speech${faulty}, `;
}

/** A run that was broken off goes on from its checkpoint. */
async function trainOrResume(out: string, argv: readonly string[]): Promise<readonly string[]> {
  return (await fileFacts(join(out, "run.json"))) === undefined ? argv : ["train", "--resume", out];
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
