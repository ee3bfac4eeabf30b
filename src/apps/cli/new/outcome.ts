// What was reached: one table, what it is worth, and the three next commands.

import { count, duration, megabytes, percent } from "../../../figures.ts";
import { fileFacts, join } from "../../../platform/index.ts";
import { commandLine } from "../shell-words.ts";
import { grammarPath, NEW_FILES, type NewRequest, type StepName } from "./plan.ts";
import { isInVain, type DoneStep } from "./state.ts";
import type { PlannedTraining } from "./training-settings.ts";
import type { NewPlan } from "./whole-plan.ts";

export interface NewOutcome {
  readonly model: string;
  readonly bytes: number;
  /** Undefined where --set report=false left it out. */
  readonly report?: string;
  /** Undefined, as what is accepted is, where nothing was recognized, so that nothing can be rejected. */
  readonly rejectionReport?: string;
  readonly grammar: string;
  /** Of all steps. */
  readonly seconds: number;
  /** Of voices that were held back, with the grammar, as they are and under conditions. */
  readonly conditions: readonly { readonly name: string; readonly wer: number }[];
  /** Share of them that is accepted. */
  readonly recall?: number;
  readonly utterances: number;
  readonly falseAccepts?: number;
  readonly secondsToReject?: number;
  readonly next: readonly string[];
}

interface Tested {
  readonly utterances: number;
  readonly conditions: NewOutcome["conditions"];
  readonly acceptance?: {
    readonly recall: number;
    readonly falseAccepts: number;
    readonly secondsToReject: number;
  };
}

export async function outcomeOf(
  out: string,
  { request, training }: Pick<NewPlan, "request" | "training">,
  done: ReadonlyMap<StepName, DoneStep>,
): Promise<NewOutcome> {
  const at = (name: keyof typeof NEW_FILES): string => join(out, NEW_FILES[name]);
  const tested = (name: StepName): Tested | undefined => done.get(name)?.result as Tested | undefined;
  const own = tested("test")!;
  const strangers = tested("test-strangers")?.acceptance;
  const isRejecting = !isInVain(done.get("reject"));
  return {
    model: at("model"),
    bytes: (await fileFacts(at("model")))?.bytes ?? 0,
    report: (await fileFacts(at("report"))) && at("report"),
    rejectionReport: isRejecting ? at("rejectionReport") : undefined,
    grammar: grammarPath(out, request),
    seconds: [...done.values()].reduce((sum, { seconds }) => sum + seconds, 0),
    conditions: own.conditions,
    recall: isRejecting ? own.acceptance?.recall : undefined,
    utterances: own.utterances,
    falseAccepts: strangers?.falseAccepts,
    secondsToReject: strangers?.secondsToReject,
    next: isRejecting ? nextCommands(out, request) : [trainingLonger(out, request, training!)],
  };
}

/** What was spoken stays. */
function trainingLonger(
  out: string,
  { set }: NewRequest,
  { checked: { settings } }: PlannedTraining,
): string {
  const others = set.filter((setting) => !setting.startsWith("epochs="));
  const settingsGiven = [...others, `epochs=${2 * settings.epochs}`].flatMap((one) => ["--set", one]);
  return commandLine(["earshot", "new", "--out", out, ...settingsGiven]);
}

function nextCommands(out: string, request: NewRequest): string[] {
  const listen = ["listen", "-m", out, "--grammar", grammarPath(out, request)];
  const heard = join(out, "heard");
  const replay = [NEW_FILES.spoken, NEW_FILES.negativesTrain].flatMap((name) => [
    "--replay",
    join(out, name),
  ]);
  return [
    listen,
    [...listen, "--save", heard, "--speaker", "me"],
    ["train", join(heard, "manifest.csv"), "-m", out, ...replay, "--out", `${out}-mine`],
  ].map((argv) => commandLine(["earshot", ...argv]));
}

const MEANINGS: Readonly<Record<string, string>> = {
  clean: "as they are",
  "room-medium": "2 m away in a room",
  "pink-10db": "in noise, 10 dB below",
  telephone: "over a telephone",
};

export function formatOutcome(outcome: NewOutcome): string {
  const { conditions, utterances, rejectionReport } = outcome;
  const rows = [
    ...conditions.map(({ name, wer }) => [`WER, ${MEANINGS[name] ?? name}`, percent(wer)]),
    ...acceptanceOf(outcome),
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  const table = rows.map(([name, value]) => `  ${name.padEnd(width)}  ${value}\n`).join("");
  const rejected = rejectionReport ? ", what was not accepted counted as wrong" : ", nothing rejected";
  return `
${outcome.model}  ${megabytes(outcome.bytes)}, in ${duration(outcome.seconds)}
${[outcome.report ?? [], rejectionReport ?? []].flat().join(", ")}

Machine voices that were held back (${count(utterances, "utterance")})${rejected}:
${table}
${rejectionReport ? whatPeopleNeed(outcome) : whatTrainingNeeds(outcome)}`;
}

function acceptanceOf({ recall, falseAccepts, secondsToReject }: NewOutcome): string[][] {
  if (recall === undefined || falseAccepts === undefined || secondsToReject === undefined) return [];
  const anHour = ((3600 * falseAccepts) / secondsToReject).toFixed(1);
  return [
    ["accepted, as they are", percent(recall)],
    ["accepted of other words", `${falseAccepts} in ${duration(secondsToReject)} (${anHour} an hour)`],
  ];
}

const whatPeopleNeed = ({ model, next: [listen, save, train] }: NewOutcome): string =>
  `People are not machine voices: expect more errors of them, how many nobody knows before they have tried. So:

  ${listen}
      speak to it
  ${save}
      keep what you say, and correct ${join(model, "../heard/manifest.csv")}
  ${train}
      learn from it
`;

const whatTrainingNeeds = ({ next: [longer] }: NewOutcome): string =>
  `Training came to nothing: without the list of your words, nothing is recognized in what voices say that were held back for
tuning. So it cannot be told from other words, and all is taken for yours. The report shows how far training came.

  ${longer}
      train for longer on the same recordings, then tune and test; more voices or fewer words may be what it needs
`;
