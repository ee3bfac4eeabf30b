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
  const { set, from: before } = state.request;
  const other = isSameSettings(given.set, set) ? (isSame(given.from, before) ? undefined : "from") : "set";
  const amounts = await amountsOf(state.request);
  const { isTrained, isTuned } = await learnedSteps(state, newSteps(out, state.request, amounts));
  const { threads } = flags;
  if (other === undefined) return newPlanOf(out, state.request, { threads, isTuned });
  if (isTrained) throw requestChanged(other, out, ", and its training is done");
  const from = given.isUsualBase ? await usualBase(out, given, amounts, session) : given.from;
  const plan = await newPlanOf(out, { ...given, from }, { threads });
  if (flags.dryRun) return plan;
  await forgetTraining(out, session);
  if (!isSame(plan.request.from, state.request.from)) await putSettingsAside(out, session);
  await state.learnAnew(plan.request); // last, so that what was begun goes on as it was where something is in the way
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
  if (!written || linesOf(new TextDecoder().decode(written)) === linesOf(request.grammar)) return;
  throw new EarshotError({
    code: "REQUEST_CHANGED",
    where: join(out, name),
    problem: "The words were changed after the folder was begun with others.",
    remedy: `Delete the file, and go on with those before; or make another recognizer of it, with your other options: ${commandLine(["earshot", "new", "--words", join(out, name), "--out", "OTHER"])}`,
  });
}

/** Whatever an editor ends lines with. */
const linesOf = (text: string): string => text.replaceAll("\r\n", "\n").trimEnd();

const isSame = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/** The order of settings does not matter; of one given twice the last counts. */
function isSameSettings(a: readonly string[], b: readonly string[]): boolean {
  const settings = (given: readonly string[]): readonly string[] => {
    const byKey = new Map(given.map((setting) => [setting.split("=")[0].trim(), setting]));
    return [...byKey.values()].toSorted();
  };
  return isSame(settings(a), settings(b));
}

interface LearnedSteps {
  /** Whether there is a model of use, so that other settings would be another recognizer. */
  readonly isTrained: boolean;
  readonly isTuned: boolean;
}

async function learnedSteps(state: NewState, steps: readonly Step[]): Promise<LearnedSteps> {
  const [train, reject] = await Promise.all(
    ["train", "reject"].map((name) => state.resultOf(steps.find((step) => step.name === name)!)),
  );
  const isTrained = train !== undefined && !isInVain(reject);
  return { isTrained, isTuned: isTrained && reject !== undefined };
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

/** @param why ends the sentence that says what has changed */
const requestChanged = (name: string, out: string, why = ""): EarshotError =>
  new EarshotError({
    code: "REQUEST_CHANGED",
    where: out,
    problem: `The folder was begun with other ${NAMES[name] ?? name}${why}.`,
    remedy: `Give another --out; or go on with what was begun: ${commandLine(["earshot", "new", "--out", out])}`,
  });
