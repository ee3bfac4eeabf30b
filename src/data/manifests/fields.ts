// What the fields of a row mean and must be, whatever a tool calls them, and which split a name means.

import { EarshotError, nearestName } from "../../errors.ts";
import type { ManifestFields } from "./format.ts";

/** The names of each field, the one that counts first where a manifest has several. */
const NAMES = {
  // Earshot and Common Voice, Mozilla's DeepSpeech, NeMo, Hugging Face
  path: ["path", "wav_filename", "audio_filepath", "file_name"],
  // Earshot and Mozilla's DeepSpeech, NeMo, Common Voice, Hugging Face
  transcript: ["transcript", "text", "sentence", "transcription"],
  // Earshot and NeMo, NeMo Curator, Common Voice
  speaker: ["speaker", "speaker_id", "client_id"],
  split: ["split"],
  /** "human", or the engine of a voice made by machine. */
  source: ["source"],
  /** Seconds into the recording at which the utterance begins (NeMo). */
  offset: ["offset"],
} as const satisfies Record<string, readonly string[]>;

type Field = keyof typeof NAMES;

/** The column of each field. */
export type Columns = Readonly<Record<"path" | "transcript", string> & Partial<Record<Field, string>>>;

interface FieldType {
  readonly name: string;
  readonly fits: (value: unknown) => boolean;
}

/** What a field must be: tables write numbers as text, and speakers are often numbered. */
const TYPES: Readonly<Record<Field, FieldType>> = {
  path: { name: "text", fits: isText },
  transcript: { name: "text", fits: isText },
  speaker: { name: "text or a number", fits: (value) => isText(value) || isNumber(value) },
  split: { name: "text", fits: isText },
  source: { name: "text", fits: isText },
  offset: { name: "a number", fits: (value) => isNumber(isText(value) ? Number(value) : value) },
};

const FIELDS = Object.keys(TYPES) as Field[];

function isText(value: unknown): value is string {
  return typeof value === "string";
}

function isNumber(value: unknown): value is number {
  return typeof value === "number" && !Number.isNaN(value);
}

const SHOWN_CHARACTERS = 24;

/** What a row lacks, or which field of it is of a wrong type, as part of a sentence; undefined when it can be used. */
export function rowFault(fields: ManifestFields, columns: Columns): string | undefined {
  const { path, transcript } = columns;
  const location = fields.get(path);
  if (location === undefined || (isText(location) && location.trim() === "")) return `no ${path}`;
  if (!fields.has(transcript)) return `no ${transcript}`;
  for (const field of FIELDS) {
    const column = columns[field];
    const value = column === undefined ? undefined : fields.get(column);
    if (value === undefined || TYPES[field].fits(value)) continue;
    const shown = JSON.stringify(value);
    const came = shown.length > SHOWN_CHARACTERS ? `${shown.slice(0, SHOWN_CHARACTERS)}…` : shown;
    return `${column} is ${came}, not ${TYPES[field].name}`;
  }
  return undefined;
}

const LISTED_COLUMNS = 12;

/** @throws EarshotError `MANIFEST_COLUMNS` when there is no path or no transcript. */
export function findColumns(columns: readonly string[], where: string, remedy: string): Columns {
  const column = (field: Field): string | undefined => NAMES[field].find((name) => columns.includes(name));
  const [path, transcript] = [column("path"), column("transcript")];
  if (path === undefined || transcript === undefined) throw missingColumns(columns, where, remedy);
  const [speaker, split, source] = [column("speaker"), column("split"), column("source")];
  return { path, transcript, speaker, split, source, offset: column("offset") };
}

function missingColumns(columns: readonly string[], where: string, remedy: string): EarshotError {
  const missing = (["path", "transcript"] as const).filter(
    (field) => !NAMES[field].some((name) => columns.includes(name)),
  );
  const lacking = missing.map((field) => `"${field}"`).join(" and ");
  const listed = columns.slice(0, LISTED_COLUMNS).join(", ");
  const more = columns.length > LISTED_COLUMNS ? ", …" : "";
  return new EarshotError({
    code: "MANIFEST_COLUMNS",
    where: `${where}:1`,
    problem: `The manifest lacks ${lacking}; it has: ${listed}${more}.`,
    remedy: remedyFor(missing, columns) ?? remedy,
  });
}

function remedyFor(
  missing: readonly ("path" | "transcript")[],
  columns: readonly string[],
): string | undefined {
  if (columns.length === 1 && /[;|]/.test(columns[0])) return "Separate the columns by commas.";
  const renames = missing.flatMap((field) => {
    const guesses = NAMES[field].map((name) => ({ name, near: nearestName(name, columns) }));
    const guess = guesses.find(({ near }) => near !== undefined);
    return guess === undefined ? [] : [`Did you mean "${guess.name}" by "${guess.near}"?`];
  });
  return renames.length > 0 ? renames.join(" ") : undefined;
}

const SPLITS: ReadonlyMap<string, string> = new Map([
  ["train", "train"],
  ["dev", "dev"],
  ["valid", "dev"],
  ["validation", "dev"],
  ["val", "dev"],
  ["test", "test"],
]);

/** The split that a file or folder is named after, as in `test.csv` and `dev-clean`; undefined when none or several. */
export function splitNamed(name: string): string | undefined {
  const words = name.toLowerCase().split(/[^a-z]+/);
  const splits = new Set(words.map((word) => SPLITS.get(word)).filter((split) => split !== undefined));
  return splits.size === 1 ? [...splits][0] : undefined;
}
