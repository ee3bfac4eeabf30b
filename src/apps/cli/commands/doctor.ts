// `earshot doctor`: why is my model not training? Finds out what it was given, and says what is wrong, what is healthy,
// and what cannot be told from this.

import type { Command } from "commander";
import type { Diagnosis, Finding } from "../../../doctor/index.ts";
import { collect, examples, jsonOption, addSettingsOptions } from "../options.ts";
import type { Output } from "../output.ts";
import { EXIT, usageFault } from "../session.ts";
import type { Session } from "../session.ts";
import type { SettingsFlags } from "../training-input.ts";

interface DoctorFlags extends Pick<SettingsFlags, "config" | "set"> {
  readonly batch?: readonly string[];
  readonly ladder?: boolean;
  readonly model?: readonly string[];
}

export function addDoctor(program: Command, session: Session): void {
  const command = program
    .command("doctor")
    .description("Why is my model not training? Looks at data, settings, a run, a model or exported arrays.")
    .argument(
      "[subject...]",
      "manifests, a YAML file of settings, a run's folder, a model, or files of arrays",
    );
  addSettingsOptions(command)
    .option("--batch <file>", "a batch for the model: arrays, or a manifest (repeatable)", collect)
    .option(
      "-m, --model <file>",
      "a trained model: does it hear the text of each recording in it, and does it bear silence, noise, rooms, telephones? (repeatable)",
      collect,
    )
    .option("--ladder", "learn one utterance by heart, then a batch, then ten: minutes")
    .addOption(jsonOption())
    .addHelpText(
      "after",
      examples(
        "earshot doctor speech/manifest.csv",
        "earshot doctor speech/manifest.csv --config small.yaml --ladder",
        "earshot doctor speech/manifest.csv -m model.safetensors   names rows with another's text, and what the model does not bear",
        "earshot doctor runs/first",
        "earshot doctor probe.npz          what probe.py exported from another framework",
        "earshot doctor model.onnx --batch batch.npz",
      ),
    )
    .action((subjects: string[], options: DoctorFlags) => runDoctor(subjects, options, session));
}

async function runDoctor(subjects: readonly string[], options: DoctorFlags, session: Session): Promise<void> {
  const { output, signal } = session;
  const isConfig = (path: string): boolean => /\.ya?ml$/i.test(path);
  const configs = [...subjects.filter(isConfig), ...(options.config === undefined ? [] : [options.config])];
  if (configs.length > 1) throw usageFault("There are two files of settings.", "Give one of them.");
  const [config] = configs;
  const others = subjects.filter((path) => !isConfig(path));
  if (others.length === 0 && config === undefined && options.set === undefined)
    throw usageFault("There is nothing to look at.", "See: earshot doctor --help");
  const { gatherTree } = await import("../training-input.ts");
  const settings = await gatherTree({ config, set: options.set });
  const { diagnose } = await import("../../../doctor/index.ts");
  const diagnosis = await diagnose(others, {
    settings,
    settingsFrom: config ?? "settings",
    batch: options.batch,
    models: options.model,
    ladder: options.ladder,
    signal,
    onProgress: (doing, done, total) =>
      output.progress(total === undefined ? doing : `${doing} ${done}/${total}`),
  });
  if (diagnosis.findings.some(({ severity }) => severity === "wrong")) session.exitCode = EXIT.findings;
  if (output.json) output.object(diagnosis);
  else showDiagnosis(diagnosis, output);
}

const MARKS = { wrong: "✗", warning: "!", note: "·" } as const;

function showDiagnosis({ findings, healthy, untold }: Diagnosis, output: Output): void {
  const lines = [
    ...findings.flatMap(showFinding),
    `✓ ${healthy.length} ${healthy.length === 1 ? "check" : "checks"} healthy`,
    ...healthy.map((name) => `    ${name}`),
    ...(untold.length > 0 ? ["? cannot be told from this:"] : []),
    ...Array.from(checksByProbe(untold), ([probe, checks]) => `    ${listed(checks)}: needs ${probe}`),
  ];
  output.write(`${lines.join("\n")}\n`);
}

/** What one measurement would tell is one line. */
function checksByProbe(untold: Diagnosis["untold"]): Map<string, string[]> {
  const checks = new Map<string, string[]>();
  for (const { check, probe } of untold) checks.set(probe, [...(checks.get(probe) ?? []), check]);
  return checks;
}

/** Names, with the words that several begin with said once. */
function listed(names: readonly string[]): string {
  const groups = new Map<string, string[]>();
  for (const name of names) {
    const [, start, rest] = /^(the model bears )?(.*)$/.exec(name)!;
    groups.set(start ?? "", [...(groups.get(start ?? "") ?? []), rest]);
  }
  return Array.from(groups, ([start, rests]) => start + rests.join("; ")).join("; ");
}

/** The mark, the code and the diagnosis; then evidence, picture, remedy and link, each under its name. */
function showFinding({ severity, code, diagnosis, evidence, picture, remedy, link }: Finding): string[] {
  const named = (name: string, lines: readonly string[]): string[] =>
    lines.map((line, i) => `    ${(i === 0 ? name : "").padEnd(9)} ${line}`);
  return [
    `${MARKS[severity]} ${code}  ${diagnosis}`,
    ...named("evidence", evidence),
    ...named("", picture?.split("\n") ?? []),
    ...named("remedy", [remedy]),
    ...named("see", [link]),
  ];
}
