// The settings of a training run as the user gave them: a YAML file, then `--set a.b=value` one by one on top, then
// options of their own; what none of them says is the initial model's, where there is one. Every command that takes
// settings gathers them here. Which keys exist and what they may be is the settings table's business.

import { parse, YAMLParseError } from "yaml";
import { EarshotError } from "../../errors.ts";
import { readWholeText } from "../../platform/index.ts";
import { isRecord } from "../../settings.ts";
import type { GivenSettings } from "../../training/index.ts";
import { Alphabet } from "../../text/index.ts";
import { usageFault } from "./session.ts";

/** The alphabets that are made of the training transcripts, as the settings name them. */
const FROM_DATA = "from-data";
const MADE = [FROM_DATA, "extended"];

type SettingsTree = Readonly<Record<string, unknown>>;

export interface SettingsFlags {
  readonly config?: string;
  readonly set?: readonly string[];
  /** The initial model. */
  readonly model?: string;
  readonly engine?: string;
  readonly threads?: number;
  readonly alphabetFromData?: true;
  /** Manifests of the replay, and of the test of the old skill. */
  readonly replay?: readonly string[];
  readonly oldTest?: readonly string[];
  readonly seed?: number;
}

/** Each source is checked on top of those before it, so that an error names what it comes from. */
export async function gatherSettings(flags: SettingsFlags): Promise<GivenSettings> {
  return settingsOnTop(await fileOf(flags), flags);
}

/** The same on top of these in place of a file's. */
export async function settingsOnTop(tree: SettingsTree, flags: SettingsFlags): Promise<GivenSettings> {
  const { checkBesideModel, initialModelOf } = await import("../../training/index.ts");
  const layers = await layersOf(tree, flags);
  const model = await initialModelOf(layers.at(-1)!.tree);
  const checked = layers.map(({ tree, where }) => checkBesideModel(model, tree, where));
  return checked.at(-1)!;
}

/** The setting that `--alphabet-from-data` stands for. */
function fromData({ alphabet = FROM_DATA }: SettingsTree): string {
  if (alphabet === FROM_DATA) return FROM_DATA;
  throw usageFault(
    "--alphabet-from-data makes the alphabet of the transcripts, and the settings give one too.",
    "Leave --alphabet-from-data away, or the setting alphabet.",
  );
}

/** The same unchecked, for the doctor, who explains what is wrong with them. */
export async function gatherTree(flags: SettingsFlags): Promise<SettingsTree> {
  return (await layersOf(await fileOf(flags), flags)).at(-1)!.tree;
}

const fileOf = async ({ config }: SettingsFlags): Promise<SettingsTree> =>
  config === undefined ? {} : readConfig(config);

/** What each source makes of those before it. */
async function layersOf(
  tree: SettingsTree,
  flags: SettingsFlags,
): Promise<{ readonly tree: SettingsTree; readonly where: string }[]> {
  const { config, set = [], model: initialModel, engine, threads, seed, alphabetFromData } = flags;
  const file = await readAlphabet(tree);
  const assigned = await readAlphabet(applyAssignments(file, set));
  const alphabet = alphabetFromData && fromData(assigned);
  const [replay, oldTest] = [
    withData(assigned.replay, flags.replay),
    withData(assigned.oldTest, flags.oldTest),
  ];
  const options = Object.entries({ initialModel, engine, threads, seed, alphabet, replay, oldTest });
  const given = Object.fromEntries(options.filter(([, value]) => value !== undefined));
  return [
    { tree: file, where: config ?? "settings" },
    { tree: assigned, where: "--set" },
    { tree: { ...assigned, ...given }, where: "--engine" },
  ];
}

/** A table of settings with these manifests; none where no option names any. */
const withData = (table: unknown, data: readonly string[] | undefined): unknown =>
  data && { ...(isRecord(table) ? table : {}), data };

/** Throws INVALID_CONFIG with the line; an empty file is an empty tree. */
export async function readConfig(path: string): Promise<SettingsTree> {
  const text = await readWholeText(path).catch((cause: unknown) => {
    if (cause instanceof EarshotError) throw cause;
    throw invalidConfig(path, "The file cannot be read.", "Give the path of a YAML file of settings.", cause);
  });
  let tree: unknown;
  try {
    tree = parse(text, { logLevel: "error" });
  } catch (cause) {
    const line = cause instanceof YAMLParseError ? cause.linePos?.[0].line : undefined;
    const where = line === undefined ? path : `${path}:${line}`;
    const [problem] = (cause as Error).message.split(/ at line|\n/);
    throw invalidConfig(where, `This is not YAML: ${problem}.`, "Correct that line.", cause);
  }
  if (tree === null || isRecord(tree)) return tree ?? {};
  throw invalidConfig(
    path,
    "The file is not a table of settings.",
    "Write one setting a line, as `name: value`.",
  );
}

/** On the command line `alphabet` may name a file in the format of Mozilla's alphabet.txt: its symbols take its place. */
export async function readAlphabet(tree: SettingsTree): Promise<SettingsTree> {
  const { alphabet } = tree;
  if (typeof alphabet !== "string" || alphabet === "english" || MADE.includes(alphabet)) return tree;
  const text = await readWholeText(alphabet).catch((cause: unknown) => {
    if (cause instanceof EarshotError) throw cause;
    const remedy =
      'Give "english", "from-data", "extended", a list of symbols, or the path of an alphabet.txt.';
    throw invalidConfig(`alphabet: ${alphabet}`, "The file cannot be read.", remedy, cause);
  });
  return { ...tree, alphabet: Alphabet.fromMozilla(text, alphabet).symbols };
}

/** @param assignments such as `network.width=512`; values are YAML, so lists are written [0.9, 1, 1.1]. */
export function applyAssignments(tree: SettingsTree, assignments: readonly string[]): SettingsTree {
  return assignments.reduce((merged, assignment) => {
    const [, key, text] = /^([^=\s]+)=(.*)$/s.exec(assignment) ?? [];
    if (key === undefined)
      throw invalidAssignment(assignment, "It is not key=value.", "For example: --set network.width=512");
    return assign(merged, key.split("."), parseValue(assignment, text));
  }, tree);
}

function parseValue(assignment: string, text: string): unknown {
  try {
    return parse(text, { logLevel: "error" }) as unknown;
  } catch {
    throw invalidAssignment(assignment, "The value is not YAML.", `Quote it, as in --set 'name="a: b"'.`);
  }
}

/** A copy with one value replaced; own properties only, so no key reaches a prototype. */
function assign(tree: SettingsTree, [key, ...rest]: readonly string[], value: unknown): SettingsTree {
  if (rest.length === 0) return { ...tree, [key]: value };
  const inner = Object.hasOwn(tree, key) ? tree[key] : undefined;
  const table = typeof inner === "string" ? { preset: inner } : inner; // as of data.augmentation
  return { ...tree, [key]: assign(isRecord(table) ? table : {}, rest, value) };
}

const invalidAssignment = (assignment: string, problem: string, remedy: string): EarshotError =>
  invalidConfig(`--set ${assignment}`, problem, remedy);

function invalidConfig(where: string, problem: string, remedy: string, cause?: unknown): EarshotError {
  return new EarshotError({ code: "INVALID_CONFIG", where, problem, remedy }, { cause });
}
