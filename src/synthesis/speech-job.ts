// A corpus is spoken: what an earlier run left is kept, a few clips tell how long the rest will take, then all are made,
// each whole or not at all, and the manifest is written last. What cannot be heard is told, and is not in the manifest.

import { mapConcurrently, writeManifest, type WrittenRow } from "../data/index.ts";
import { EarshotError } from "../errors.ts";
import { checkOutputs, join, openFolder, removeUnfinished, type Folder } from "../platform/index.ts";
import { clipsOf, makeClip, readClip, type SpeechClip, type SpokenClip } from "./clip.ts";
import type { PlannedUtterance } from "./plan.ts";
import type { SpeechEngine } from "./speech-engine.ts";
import { charactersOf, tryEngine, type Trial } from "./trial.ts";

export interface SpeechJobOptions {
  readonly plan: readonly PlannedUtterance[];
  /** All that are in the plan; whoever opened them closes them. */
  readonly engines: readonly SpeechEngine[];
  readonly language: string;
  /** The folder of the manifest, and of the clips. */
  readonly out: string;
  /** Whether nothing of it is to be recognized: transcripts are empty. */
  readonly toReject?: boolean;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: SpeechProgress) => void;
}

export interface SpeechProgress {
  /** Looking for what is there already, trying a few, speaking. */
  readonly stage: "look" | "try" | "speak";
  readonly done: number;
  readonly total: number;
  /** Until all is spoken; undefined where nothing was tried before (`estimate`). */
  readonly secondsLeft?: number;
}

export interface SpeechEstimate {
  /** There from an earlier run. */
  readonly kept: number;
  readonly toMake: number;
  /** Of time, for making them. */
  readonly seconds: number;
  /** Of speech, in those to be made. */
  readonly speechSeconds: number;
  /** Seconds that making a second of speech takes, by engine. */
  readonly pace: Readonly<Record<string, number>>;
}

/** Tells of each recording why it is not what it should be, if anything speaks against it. */
export type SpeechAudit = (rows: readonly WrittenRow[]) => Promise<readonly (string | undefined)[]>;

export interface SpokenCorpus {
  readonly manifest: string;
  /** Those of the manifest, in the order of the plan. */
  readonly spoken: readonly SpokenClip[];
  /** With their faults. */
  readonly leftOut: readonly SpokenClip[];
  readonly kept: number;
}

const MANIFEST = "manifest.csv";
const READERS = 8; // clips read at once

export class SpeechJob {
  /** What is to be there at the end, each recording once. */
  readonly clips: readonly SpeechClip[];
  readonly #options: SpeechJobOptions;
  readonly #folder: Folder;
  readonly #spoken = new Map<SpeechClip, SpokenClip>();
  readonly #trials = new Map<SpeechEngine, Trial>();
  #kept = 0;

  private constructor(options: SpeechJobOptions) {
    this.#options = options;
    this.#folder = openFolder(options.out);
    this.clips = clipsOf(options.plan, options.engines, options.language);
  }

  /** Looks for what an earlier run left. @throws EarshotError FILE_SYSTEM, or the signal's reason */
  static async open(options: SpeechJobOptions): Promise<SpeechJob> {
    await checkOutputs([join(options.out, MANIFEST)], { makesFolders: true });
    const job = new SpeechJob(options);
    await job.#look();
    return job;
  }

  async #look(): Promise<void> {
    const { signal, onProgress } = this.#options;
    const there = new Set((await this.#folder.list()).map(({ name }) => name));
    const found = this.clips.filter(({ path }) => there.has(path));
    let done = 0;
    await mapConcurrently(found, READERS, async (clip) => {
      signal?.throwIfAborted();
      const spoken = await readClip(clip, this.#folder);
      if (spoken) this.#spoken.set(clip, spoken);
      onProgress?.({ stage: "look", done: ++done, total: found.length });
    });
    this.#kept = this.#spoken.size;
  }

  /** Of one engine. */
  #toMake(engine: SpeechEngine): SpeechClip[] {
    return this.clips.filter((clip) => clip.engine === engine && !this.#spoken.has(clip));
  }

  /** By speaking a few clips with each engine; nothing is written. @throws EarshotError SPEECH_FAILED where none is spoken */
  async estimate(): Promise<SpeechEstimate> {
    const { engines, signal, onProgress } = this.#options;
    const pace: Record<string, number> = {};
    let [toMake, seconds, speechSeconds] = [0, 0, 0];
    for (const engine of engines) {
      const clips = this.#toMake(engine);
      if (clips.length === 0) continue;
      const onTry = (done: number, total: number) => onProgress?.({ stage: "try", done, total });
      const trial = await tryEngine(clips, { signal, onTry });
      this.#trials.set(engine, trial);
      pace[engine.name] = trial.secondsPerCharacter / trial.speechPerCharacter;
      toMake += clips.length;
      seconds += charactersOf(clips) * trial.secondsPerCharacter;
      speechSeconds += charactersOf(clips) * trial.speechPerCharacter;
    }
    return { kept: this.#kept, toMake, seconds, speechSeconds, pace };
  }

  /**
   * Makes what is not there yet and writes the manifest. Interrupted, it keeps what was made.
   * @throws EarshotError NOTHING_SPOKEN, FILE_SYSTEM, those of engines, or the signal's reason
   */
  async speak(audit?: SpeechAudit): Promise<SpokenCorpus> {
    const { engines, out, signal, onProgress } = this.#options;
    await removeUnfinished(out);
    const work = engines.map((engine) => ({ engine, clips: this.#toMake(engine) }));
    const isTried = this.#trials.size > 0;
    let left = work.reduce((sum, { engine, clips }) => sum + this.#timeFor(engine, clips), 0);
    for (const { engine, clips } of work)
      await mapConcurrently(clips, engine.parallel, async (clip) => {
        signal?.throwIfAborted();
        const spoken = this.#trials.get(engine)?.sounds.get(clip);
        this.#spoken.set(clip, await makeClip(clip, this.#folder, { spoken, signal }));
        left -= this.#timeFor(engine, [clip]);
        const secondsLeft = isTried ? left : undefined;
        onProgress?.({ stage: "speak", done: this.#spoken.size, total: this.clips.length, secondsLeft });
      });
    return this.#finish(audit);
  }

  #timeFor(engine: SpeechEngine, clips: readonly SpeechClip[]): number {
    return (this.#trials.get(engine)?.secondsPerCharacter ?? 0) * charactersOf(clips);
  }

  async #finish(audit: SpeechAudit = async () => []): Promise<SpokenCorpus> {
    const all = this.clips.map((clip) => this.#spoken.get(clip)!);
    const heard = all.filter(({ fault }) => fault === undefined);
    const faults = heard.length > 0 ? await audit(heard.map((each) => this.#rowOf(each))) : [];
    const audited = heard.map((each, index) => ({ ...each, fault: faults[index] }));
    const spoken = audited.filter(({ fault }) => fault === undefined);
    const leftOut = [...all, ...audited].filter(({ fault }) => fault !== undefined);
    if (spoken.length === 0) throw nothingSpoken(leftOut);
    const manifest = join(this.#options.out, MANIFEST);
    await writeManifest(
      manifest,
      spoken.map((each) => this.#rowOf(each)),
    );
    return { manifest, spoken, leftOut, kept: this.#kept };
  }

  #rowOf({ clip: { path, text, speaker } }: SpokenClip): WrittenRow {
    const { name, split, engine } = speaker;
    const { out, toReject } = this.#options;
    const transcript = toReject ? "" : text;
    return { path: join(out, path), transcript, speaker: name, split, source: engine };
  }
}

function nothingSpoken([first]: readonly SpokenClip[]): EarshotError {
  return new EarshotError({
    code: "NOTHING_SPOKEN",
    where: first?.clip.path,
    problem: `No recording is as it should be; of the first ${first?.fault}.`,
    remedy: "Listen to it; take other voices, or another engine.",
  });
}
