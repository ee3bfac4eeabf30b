// new.json: what was asked for, and what is done, so that the same call, or one that names the folder alone, goes on.

import { EarshotError } from "../../../errors.ts";
import { join, openFolder, fileFacts, type Folder } from "../../../platform/index.ts";
import { parseSettings, z } from "../../../settings.ts";
import { LEARNING, NEW_FILES, type NewRequest, type Step } from "./plan.ts";

const request = z.strictObject({
  grammar: z.string(),
  format: z.enum(["phrases", "jsgf", "sentences"]),
  voices: z.int().min(1),
  language: z.string(),
  seed: z.int().min(0),
  engines: z
    .array(z.strictObject({ name: z.string(), weight: z.number().positive().optional() }))
    .min(1)
    .readonly(),
  kokoro: z.string().optional(),
  others: z.string().optional(),
  from: z.string().optional(),
  isUsualBase: z.boolean().optional(),
  set: z.array(z.string()).readonly(),
});
const doneStep = z.strictObject({
  command: z.string(),
  seconds: z.number(),
  result: z.record(z.string(), z.unknown()),
});
const content = z.strictObject({ request, done: z.record(z.string(), doneStep) });

export type DoneStep = z.infer<typeof doneStep>;

/** Whether the step came to nothing, which the next one can go on from. */
export const isInVain = (done: DoneStep | undefined): boolean => done?.result.inVain === true;

export class NewState {
  #request: NewRequest;
  readonly #folder: Folder;
  readonly #done: Map<string, DoneStep>;

  private constructor(folder: Folder, { request, done }: z.infer<typeof content>) {
    this.#folder = folder;
    this.#request = request;
    this.#done = new Map(Object.entries(done));
  }

  /** @returns undefined where the folder is not there, or empty @throws EarshotError FOLDER_IN_USE, and of a damaged file */
  static async open(out: string): Promise<NewState | undefined> {
    const folder = openFolder(out);
    const where = join(out, NEW_FILES.state);
    const facts = await fileFacts(out);
    if (facts === undefined) return undefined;
    if (facts.kind !== "folder") throw notFolder(out);
    const bytes = await folder.read(NEW_FILES.state);
    if (bytes !== undefined) return new NewState(folder, parseState(bytes, where));
    if ((await folder.list()).some(({ name }) => name !== NEW_FILES.lock)) throw notFromNew(out);
    return undefined;
  }

  static async begin(out: string, request: NewRequest): Promise<NewState> {
    const state = new NewState(openFolder(out), { request, done: {} });
    await state.#save();
    return state;
  }

  get request(): NewRequest {
    return this.#request;
  }

  /** Other settings or another base: what was spoken stays, and what was learned from it is forgotten. */
  async learnAnew(request: NewRequest): Promise<void> {
    this.#request = request;
    for (const name of LEARNING) this.#done.delete(name);
    await this.#save();
  }

  /** What came of the step, where this very command was done and its output is still there. */
  async resultOf(step: Step): Promise<DoneStep | undefined> {
    const done = this.everDone(step);
    if (isInVain(done)) return done; // nothing was put out
    return (await fileFacts(step.output)) === undefined ? undefined : done;
  }

  /** The same, whatever became of its output. */
  everDone({ name, identity }: Step): DoneStep | undefined {
    const done = this.#done.get(name);
    return done?.command === identity ? done : undefined;
  }

  async add({ name, identity }: Step, seconds: number, result: DoneStep["result"]): Promise<DoneStep> {
    const done = { command: identity, seconds, result };
    this.#done.set(name, done);
    await this.#save();
    return done;
  }

  async #save(): Promise<void> {
    const text = JSON.stringify({ request: this.#request, done: Object.fromEntries(this.#done) }, null, 2);
    await this.#folder.replace(NEW_FILES.state, new TextEncoder().encode(`${text}\n`));
  }
}

/** @throws EarshotError INVALID_CONFIG */
function parseState(bytes: Uint8Array, where: string): z.infer<typeof content> {
  try {
    return parseSettings(content, JSON.parse(new TextDecoder().decode(bytes)), where);
  } catch (cause) {
    const why = cause instanceof EarshotError ? `${cause.where}: ${cause.problem}` : "this is not JSON.";
    throw new EarshotError(
      {
        code: "INVALID_CONFIG",
        where,
        problem: `It is damaged, or of another version of Earshot: ${why}`,
        remedy: "Delete it and what is beside it, or give another --out.",
      },
      { cause },
    );
  }
}

const notFolder = (out: string): EarshotError =>
  new EarshotError({
    code: "FOLDER_IN_USE",
    where: out,
    problem: "It is a file.",
    remedy: "Give --out a folder, a new one or an empty one.",
  });

const notFromNew = (out: string): EarshotError =>
  new EarshotError({
    code: "FOLDER_IN_USE",
    where: out,
    problem: "The folder holds files, and none of them says that earshot new made it.",
    remedy: "Give --out a new folder, or an empty one.",
  });
