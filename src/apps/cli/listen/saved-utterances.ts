// What was heard, kept to be corrected and trained on: a WAV file for each utterance and a row in manifest.csv. The WAV is whole before its
// row is written, and rows are only ever added, so that corrections stay.

import { encodeWav } from "../../../audio/index.ts";
import { MANIFEST_HEADER, manifestLine } from "../../../data/index.ts";
import type { FinalEvent } from "../../../recognizer/index.ts";
import type { Warning } from "../../../errors.ts";
import { join, openFolder, type Folder } from "../../../platform/index.ts";
import { usageFault } from "../session.ts";
import type { RecentSound } from "./recent-sound.ts";

const MANIFEST = "manifest.csv";

export class SavedUtterances {
  readonly #folder: Folder;
  readonly #speaker: string;
  /** Of this call: two calls may fill one folder. */
  readonly #prefix = new Date().toISOString().replaceAll(/[:.]/g, "-").replace("Z", "");
  #count = 0;

  private constructor(folder: Folder, speaker: string) {
    this.#folder = folder;
    this.#speaker = speaker;
  }

  /** Goes on with the manifest that is there. @throws USAGE where it is another's; FILE_SYSTEM */
  static async open(
    path: string,
    speaker: string,
    warn: (warning: Warning) => void,
  ): Promise<SavedUtterances> {
    const folder = openFolder(path);
    await folder.make();
    const bytes = await folder.read(MANIFEST);
    const text = new TextDecoder().decode(bytes ?? new Uint8Array(0));
    if (text === "" || MANIFEST_HEADER.startsWith(text)) await replace(folder, MANIFEST_HEADER);
    else if (text.split("\n")[0].trimEnd() !== MANIFEST_HEADER.trimEnd()) throw othersManifest(folder);
    else if (!text.endsWith("\n")) await mend(folder, text, warn);
    return new SavedUtterances(folder, speaker);
  }

  get manifest(): string {
    return join(this.#folder.path, MANIFEST);
  }

  get count(): number {
    return this.#count;
  }

  /** @returns the path of its WAV; undefined where its sound is forgotten already */
  async add(
    { utterance, startMs, endMs, text }: FinalEvent,
    sound: RecentSound,
  ): Promise<string | undefined> {
    const samples = sound.cut(startMs, endMs);
    if (samples === undefined) return undefined;
    const path = `${this.#prefix}-${String(utterance).padStart(4, "0")}.wav`;
    await this.#folder.replace(path, encodeWav(samples, sound.rateHz));
    await this.#folder.append(
      MANIFEST,
      manifestLine({ path, transcript: text, speaker: this.#speaker, split: "train" }),
    );
    this.#count++;
    return join(this.#folder.path, path);
  }
}

const replace = (folder: Folder, text: string): Promise<void> =>
  folder.replace(MANIFEST, new TextEncoder().encode(text));

/** A last row without its end is whole where an editor left it so; else a crash cut it off. */
async function mend(folder: Folder, text: string, warn: (warning: Warning) => void): Promise<void> {
  if (/,(?:train|dev|test)$/.test(text)) return folder.append(MANIFEST, "\n");
  const end = text.lastIndexOf("\n") + 1;
  await replace(folder, text.slice(0, end));
  const message = `The last row was cut off and is taken out: ${text.slice(end)}`;
  warn({ code: "DAMAGED_ROW", message });
}

const othersManifest = (folder: Folder) =>
  usageFault(
    `${join(folder.path, MANIFEST)} is there already, and not with the columns ${MANIFEST_HEADER.trimEnd()}.`,
    "Give another folder to --save.",
  );
