// What was reached: one table, what it is worth, and the three next commands.

import { count, duration, megabytes, percent } from "../../../figures.ts";
import { fileFacts, join } from "../../../platform/index.ts";
import { commandLine } from "../shell-words.ts";
import { grammarPath, NEW_FILES, type NewRequest, type StepName } from "./plan.ts";
import type { DoneStep } from "./state.ts";

export interface NewOutcome {
  readonly model: string;
  readonly bytes: number;
  /** Undefined where --set report=false left it out. */
  readonly report?: string;
  readonly rejectionReport: string;
  readonly grammar: string;
  /** Of all steps. */
  readonly seconds: number;
  /** Of voices that were held back, with the grammar, as they are and under conditions. */
  readonly conditions: readonly { readonly name: string; readonly wer: number }[];
  /** Share of them that is accepted. */
  readonly recall: number;
  readonly utterances: number;
  readonly falseAccepts: number;
  readonly secondsToReject: number;
  readonly next: readonly string[];
}

interface Tested {
  readonly utterances: number;
  readonly conditions: NewOutcome["conditions"];
  readonly acceptance: {
    readonly recall: number;
    readonly falseAccepts: number;
    readonly secondsToReject: number;
  };
}

export async function outcomeOf(
  out: string,
  request: NewRequest,
  done: ReadonlyMap<StepName, DoneStep>,
): Promise<NewOutcome> {
  const at = (name: keyof typeof NEW_FILES): string => join(out, NEW_FILES[name]);
  const [own, negatives] = (["test", "test-strangers"] as const).map(
    (name) => done.get(name)!.result as unknown as Tested,
  );
  const { falseAccepts, secondsToReject } = negatives.acceptance;
  return {
    model: at("model"),
    bytes: (await fileFacts(at("model")))?.bytes ?? 0,
    report: (await fileFacts(at("report"))) && at("report"),
    rejectionReport: at("rejectionReport"),
    grammar: grammarPath(out, request),
    seconds: [...done.values()].reduce((sum, { seconds }) => sum + seconds, 0),
    conditions: own.conditions,
    recall: own.acceptance.recall,
    utterances: own.utterances,
    falseAccepts,
    secondsToReject,
    next: nextCommands(out, request),
  };
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
  const { conditions, recall, utterances, falseAccepts, secondsToReject, next } = outcome;
  const rows = [
    ...conditions.map(({ name, wer }) => [`WER, ${MEANINGS[name] ?? name}`, percent(wer)]),
    ["accepted, as they are", percent(recall)],
    [
      "accepted of other words",
      `${falseAccepts} in ${duration(secondsToReject)} (${((3600 * falseAccepts) / secondsToReject).toFixed(1)} an hour)`,
    ],
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  const table = rows.map(([name, value]) => `  ${name.padEnd(width)}  ${value}\n`).join("");
  const [listen, save, train] = next;
  return `
${outcome.model}  ${megabytes(outcome.bytes)}, in ${duration(outcome.seconds)}
${[outcome.report ?? [], outcome.rejectionReport].flat().join(", ")}

Machine voices that were held back (${count(utterances, "utterance")}), what was not accepted counted as wrong:
${table}
People are not machine voices: expect more errors of them, how many nobody knows before they have tried. So:

  ${listen}
      speak to it
  ${save}
      keep what you say, and correct ${join(outcome.model, "../heard/manifest.csv")}
  ${train}
      learn from it
`;
}
