// What is said before anything is made: how much it is, how long it takes, by which commands.

import { count, duration } from "../../../figures.ts";
import { join } from "../../../platform/index.ts";
import { interrupted, type Session } from "../session.ts";
import { commandLine } from "../shell-words.ts";
import type { Estimate } from "./estimate.ts";
import { commandOf } from "./plan.ts";
import type { NewPlan } from "./whole-plan.ts";

export function tellPlan(
  { request: { voices }, amounts: { sentences } }: NewPlan,
  { speakSeconds, trainSeconds, testSeconds }: Estimate,
  { output }: Session,
): void {
  if (output.json) return;
  const all = speakSeconds + trainSeconds + testSeconds;
  output.note(
    `${count(sentences.length, "sentence")} in ${count(voices, "voice")}${sentences.length === 1 ? "" : " each"}: about ${duration(all)}` +
      ` (speaking ${duration(speakSeconds)}, training ${duration(trainSeconds)}, tuning and tests ${duration(testSeconds)})`,
  );
}

/** @param expected of a folder that was not begun: nobody has written yet what the commands read */
export function tellSteps(
  out: string,
  { steps, texts }: NewPlan,
  expected: Estimate | undefined,
  { output }: Session,
): void {
  const missing = expected === undefined ? [] : Object.keys(texts).map((name) => join(out, name));
  const typed = steps.map((step) => ({ ...step, command: commandLine(["earshot", ...commandOf(step)]) }));
  if (output.json) {
    const commands = typed.map(({ name, command }) => ({ step: name, command }));
    output.object({ steps: commands, missing, ...expected });
    return;
  }
  if (missing.length > 0)
    output.write(
      `# These commands read ${missing.join(", ")}, which earshot new writes when it begins, without --dry-run.\n`,
    );
  for (const { about, command } of typed) output.write(`# ${about}\n${command}\n`);
}

/** @throws EarshotError INTERRUPTED where it shall not be made */
export async function confirm({ questions }: Session): Promise<void> {
  const answer = (await questions?.ask("Begin? [Y/n] ")) ?? "";
  if (!/^(y.*)?$/i.test(answer)) throw interrupted("Nothing was made.");
}
