// A folder for tests that fails on demand, at any of its calls: the disk is full, a write is torn in half, or the process
// dies. A call of the folder is one step here; failures between a driver's own calls of the system are tested with the driver.

import { piecesOf, type FileContent, type Folder, type FolderEntry } from "../folder.ts";
import type { FolderLock, ReplaceOptions } from "../folder.ts";
import { systemError, systemFault } from "../system-fault.ts";
import { memoryFolder } from "./folder.ts";

export interface InjectedFailure {
  /** At which call, counted from 1. */
  readonly call: number;
  /**
   * "full disk": what writes throws FILE_SYSTEM, and writes nothing. "torn": it throws FILE_SYSTEM after half of it; of a
   * replacement nothing is seen then. "crash …": the process ends before the call, amid it (torn), or after it: this call
   * and all later ones throw.
   */
  readonly kind: "full disk" | "torn" | "crash before" | "crash amid" | "crash after";
  /** Whether all later calls fail too, as on a disk that stays full; a crash always lasts. */
  readonly lasting?: boolean;
}

export interface FailingFolder extends Folder {
  /** The calls so far, such as "replace run.json"; those after a crash do not count. */
  readonly calls: readonly string[];
  readonly hasCrashed: boolean;
  /** What is left, as the next process finds it: in a folder without failures, no lock held. */
  reopen(): Promise<Folder>;
}

/** @param inner what it begins with and writes to; empty by default */
export function failingFolder(failure?: InjectedFailure, inner: Folder = memoryFolder()): FailingFolder {
  return new Failing(failure, inner);
}

class Failing implements FailingFolder {
  readonly calls: string[] = [];
  hasCrashed = false;
  readonly #failure: InjectedFailure | undefined;
  readonly #inner: Folder;

  constructor(failure: InjectedFailure | undefined, inner: Folder) {
    this.#failure = failure;
    this.#inner = inner;
  }

  get path(): string {
    return this.#inner.path;
  }

  read(name: string): Promise<Uint8Array | undefined> {
    return this.#call(`read ${name}`, () => this.#inner.read(name));
  }

  replace(name: string, content: FileContent, options?: ReplaceOptions): Promise<void> {
    const half = (): Promise<void> => begin(content); // the unfinished part is not listed
    return this.#call(`replace ${name}`, () => this.#inner.replace(name, content, options), half);
  }

  append(name: string, content: string | Uint8Array): Promise<void> {
    const half = (): Promise<void> => this.#inner.append(name, content.slice(0, content.length / 2));
    return this.#call(`append ${name}`, () => this.#inner.append(name, content), half);
  }

  touch(name: string): Promise<void> {
    return this.#call(`touch ${name}`, () => this.#inner.touch(name));
  }

  make(): Promise<void> {
    return this.#call("make", () => this.#inner.make());
  }

  list(): Promise<readonly FolderEntry[]> {
    return this.#call("list", () => this.#inner.list());
  }

  remove(name: string): Promise<void> {
    return this.#call(`remove ${name}`, () => this.#inner.remove(name));
  }

  async lock(name: string): Promise<FolderLock | { readonly heldBy: string }> {
    const nothing = (): Promise<void> => Promise.resolve();
    const taken = await this.#call(`lock ${name}`, () => this.#inner.lock(name), nothing);
    if ("heldBy" in taken) return taken;
    return { release: () => this.#call(`release ${name}`, () => taken.release()) };
  }

  removeIfEmpty(): Promise<void> {
    return this.#call("remove if empty", () => this.#inner.removeIfEmpty());
  }

  destroy(): Promise<void> {
    return this.#call("destroy", () => this.#inner.destroy());
  }

  async reopen(): Promise<Folder> {
    const folder = memoryFolder();
    for (const { name } of await this.#inner.list())
      await folder.replace(name, (await this.#inner.read(name)) ?? new Uint8Array());
    return folder;
  }

  /** @param half of the work; given where it writes */
  async #call<Result>(
    what: string,
    work: () => Promise<Result>,
    half?: () => Promise<void>,
  ): Promise<Result> {
    if (this.hasCrashed) throw new Error(`${what}: the process ended before`);
    this.calls.push(what);
    const kind = this.#kindNow();
    if (kind?.startsWith("crash")) return this.#crash(what, kind, work, half);
    if (half === undefined || kind === undefined) return work();
    if (kind === "torn") await half();
    throw fullDisk(`${this.path}/${what.slice(what.indexOf(" ") + 1)}`);
  }

  async #crash(
    what: string,
    kind: string,
    work: () => Promise<unknown>,
    half?: () => Promise<void>,
  ): Promise<never> {
    this.hasCrashed = true;
    if (kind === "crash amid") await half?.();
    if (kind === "crash after") await work();
    throw new Error(`${what}: the process ends (${kind} the call)`);
  }

  #kindNow(): InjectedFailure["kind"] | undefined {
    const { call, kind, lasting = false } = this.#failure ?? {};
    const now = this.calls.length;
    return now === call || (lasting && call !== undefined && now > call) ? kind : undefined;
  }
}

/** Takes the first piece only, and lets its maker clean up. */
async function begin(content: FileContent): Promise<void> {
  for await (const _ of piecesOf(content)) break;
}

function fullDisk(path: string): Error {
  return systemFault(systemError("ENOSPC", "no space left on device", "write"), path);
}
