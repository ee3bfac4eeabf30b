// A folder that was begun is gone on with: what was asked for now has to be what was asked for then, but for what only
// training depends on, as long as that is not done, or came to nothing.

import { EarshotError } from "../../../errors.ts";
import { join, openFolder } from "../../../platform/index.ts";
import { RUN_FILES, withRunLock } from "../../../training/index.ts";
import type { Session } from "../session.ts";
import { commandLine } from "../shell-words.ts";
import { amountsOf } from "./amounts.ts";
import { namedBase, usualBase } from "./base.ts";
import { grammarPath, newSteps, NEW_FILES, type NewRequest, type Step } from "./plan.ts";
import { kokoroFolder, othersOf, type NewFlags } from "./request.ts";
import { isInVain, type NewState } from "./state.ts";
import { newPlanOf, type NewPlan } from "./whole-plan.ts";
import { givenWords } from "./words.ts";

/** @throws EarshotError REQUEST_CHANGED, of --set, and of the model that training begins with */
export async function goOnWith(
  state: NewState,
  phrases: readonly string[],
  flags: NewFlags,
  out: string,
  session: Session,
): Promise<NewPlan> {
  const changed = changedIn(await givenNow(phrases, flags), state.request);
  if (changed !== undefined) throw requestChanged(changed, out);
  await checkWords(out, state.request);
  const given = { ...state.request, ...(await trainingGiven(flags)) };
  const other = (["set", "from"] as const).find((name) => !isSame(given[name], state.request[name]));
  const amounts = await amountsOf(state.request);
  const isLearned = await isTrained(state, newSteps(out, state.request, amounts));
  const { threads } = flags;
  if (other === undefined) return newPlanOf(out, state.request, { threads, isLearned });
  if (isLearned) throw requestChanged(other, out, ", and its training is done");
  const from = given.isUsualBase ? await usualBase(out, given, amounts, session) : given.from;
  const plan = await newPlanOf(out, { ...given, from }, { threads });
  if (flags.dryRun) return plan;
  const isOtherBase = !isSame(plan.request.from, state.request.from);
  await state.learnAnew(plan.request);
  await forgetTraining(out, session);
  if (isOtherBase) await putSettingsAside(out, session);
  return plan;
}

async function givenNow(phrases: readonly string[], flags: NewFlags): Promise<Partial<NewRequest>> {
  const { voices, language, seed, engine: engines } = flags;
  const kokoro = kokoroFolder(flags);
  const others = flags.others === undefined ? {} : { others: await othersOf(flags) };
  return { ...(await givenWords(phrases, flags.words)), voices, language, seed, kokoro, engines, ...others };
}

const trainingGiven = async ({ set, from }: NewFlags): Promise<Partial<NewRequest>> => ({
  ...(set !== undefined && { set }),
  ...(from !== undefined && { from: await namedBase(from), isUsualBase: false }),
});

/** Words that were edited in the folder would be neither spoken nor learned. @throws EarshotError REQUEST_CHANGED */
async function checkWords(out: string, request: NewRequest): Promise<void> {
  const name = grammarPath("", request);
  const written = await openFolder(out).read(name);
  if (!written || new TextDecoder().decode(written) === request.grammar) return;
  throw new EarshotError({
    code: "REQUEST_CHANGED",
    where: join(out, name),
    problem: "The words were changed after the folder was begun with others.",
    remedy: `Delete the file, and go on with those before; or make another recognizer of it: ${commandLine(["earshot", "new", "--words", join(out, name), "--out", "OTHER"])}`,
  });
}

const isSame = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

async function isTrained(state: NewState, steps: readonly Step[]): Promise<boolean> {
  const [train, reject] = await Promise.all(
    ["train", "reject"].map((name) => state.resultOf(steps.find((step) => step.name === name)!)),
  );
  return train !== undefined && !isInVain(reject);
}

/** What a training that was begun has written. @throws EarshotError RUN_BUSY */
async function forgetTraining(out: string, { output }: Session): Promise<void> {
  const folder = openFolder(out);
  const { lock: _, ...files } = RUN_FILES;
  if ((await folder.read(RUN_FILES.settings)) !== undefined)
    output.note("Training was begun with other settings: it begins anew.");
  await withRunLock(folder, async () => {
    for (const name of [...Object.values(files), NEW_FILES.report, NEW_FILES.rejectionReport, "log.csv"])
      await folder.remove(name);
  });
}

/** Another base wants other settings; those that are there may have been edited. */
async function putSettingsAside(out: string, { output }: Session): Promise<void> {
  const folder = openFolder(out);
  const written = await folder.read(NEW_FILES.settings);
  if (!written) return;
  await folder.replace(NEW_FILES.settingsBefore, written);
  await folder.remove(NEW_FILES.settings);
  output.note(`${NEW_FILES.settings} is written anew; what it was is ${NEW_FILES.settingsBefore}.`);
}

const NAMES: Readonly<Record<string, string>> = {
  seed: "seeds",
  language: "languages",
  kokoro: "voices of kokoro",
  grammar: "words",
  format: "words",
  from: "models",
  set: "settings",
  others: "sentences to reject",
};

/** What is undefined was not given. */
const changedIn = (given: Partial<NewRequest>, request: NewRequest): string | undefined =>
  Object.entries(given).find(
    ([name, value]) => value !== undefined && !isSame(value, request[name as keyof NewRequest]),
  )?.[0];

/** @param besides at the end of what is told */
const requestChanged = (name: string, out: string, besides = ""): EarshotError =>
  new EarshotError({
    code: "REQUEST_CHANGED",
    where: out,
    problem: `The folder was begun with other ${NAMES[name] ?? name}${besides}.`,
    remedy: `Give another --out; or go on with what was begun: ${commandLine(["earshot", "new", "--out", out])}`,
  });
