// The models that are served, by name: loaded once each, and again when their file has changed. What is served changes only
// when the new one is whole; a file that cannot be read changes nothing.

import { stat } from "node:fs/promises";
import { EarshotError, nearestName } from "../../../errors.ts";
import { modelPathOf } from "../../../model/index.ts";
import { Refusal } from "../refusal.ts";
import { ServedModel, type ServedModelOptions } from "./served-model.ts";

/** What is to be served: a path, under one name or several. */
export interface ModelEntry {
  readonly names: readonly string[];
  readonly path: string;
}

/** A model that is not closed before `release` was called. */
export interface ModelLease {
  readonly name: string;
  readonly model: ServedModel;
  release(): void;
}

/** Which models are loaded again: those whose file has changed, or all. */
type Which = "changed" | "all";

/** Called at every attempt to load a model again. */
export type OnReload = (name: string, failure?: unknown) => void;

export class Models {
  readonly #served: { readonly entry: ModelEntry; model: ServedModel; state: string }[] = [];
  readonly #options: ServedModelOptions;
  readonly #retiring = new Set<Promise<void>>();
  #reloading: Promise<void> | undefined;
  /** The reload behind the one that runs, however often it was asked for. */
  #next: { which: Which; readonly done: Promise<void> } | undefined;
  #isClosed = false;

  private constructor(options: ServedModelOptions) {
    this.#options = options;
  }

  /** @throws what `Recognizer.load` throws; USAGE for a name that is there twice */
  static async load(entries: readonly ModelEntry[], options: ServedModelOptions): Promise<Models> {
    const names = entries.flatMap((entry) => entry.names);
    const twice = names.find((name, i) => names.indexOf(name) !== i);
    if (twice !== undefined) throw sameName(twice);
    const models = new Models(options);
    try {
      for (const entry of entries) {
        const state = await stateOf(entry.path);
        models.#served.push({ entry, state, model: await ServedModel.open(entry.path, options) });
      }
      return models;
    } catch (error) {
      await models.close();
      throw error;
    }
  }

  /** Each name, and since when its model is served. */
  list(): { readonly name: string; readonly loadedAt: Date }[] {
    return this.#served.flatMap(({ entry, model: { loadedAt } }) =>
      entry.names.map((name) => ({ name, loadedAt })),
    );
  }

  /** @param name the first model when not given, or empty @throws Refusal not_found */
  lease(name?: string): ModelLease {
    const served = name ? this.#served.find(({ entry }) => entry.names.includes(name)) : this.#served[0];
    if (!served)
      throw unknownModel(
        name!,
        this.list().map((model) => model.name),
      );
    return { name: served.entry.names[0], model: served.model, release: served.model.acquire() };
  }

  /** Reloads those whose file has changed, or all; streams that are open keep theirs. While one runs, one more follows it. */
  async reload(onReload: OnReload, which: Which): Promise<void> {
    if (!this.#reloading) {
      this.#reloading = this.#reload(onReload, which).finally(() => (this.#reloading = undefined));
      return this.#reloading;
    }
    this.#next ??= { which, done: this.#reloading.then(() => this.#reloadNext(onReload)) };
    if (which === "all") this.#next.which = which;
    return this.#next.done;
  }

  /** At once, whoever uses them. */
  async close(): Promise<void> {
    this.#isClosed = true;
    await this.#reloading;
    await Promise.all(this.#served.map(({ model }) => model.close()));
    await Promise.all(this.#retiring);
  }

  async #reloadNext(onReload: OnReload): Promise<void> {
    const { which } = this.#next!;
    this.#next = undefined;
    await this.reload(onReload, which);
  }

  async #reload(onReload: OnReload, which: Which): Promise<void> {
    for (const served of this.#served) {
      if (this.#isClosed) return;
      const { path, names } = served.entry;
      const state = await stateOf(path);
      if (which === "changed" && state === served.state) continue;
      served.state = state;
      try {
        const model = await ServedModel.open(path, this.#options);
        const retiring = served.model.retire().finally(() => this.#retiring.delete(retiring));
        this.#retiring.add(retiring);
        served.model = model;
        onReload(names[0]);
      } catch (error) {
        onReload(names[0], error);
      }
    }
  }
}

/** By which one file differs from another. */
async function stateOf(given: string): Promise<string> {
  const facts = await modelPathOf(given)
    .then((path) => stat(path))
    .catch(() => undefined);
  return facts ? `${facts.ino} ${facts.size} ${facts.mtimeMs}` : "";
}

function unknownModel(name: string, names: readonly string[]): Refusal {
  const near = nearestName(name, names);
  const served = near === undefined ? `Served: ${names.join(", ")}.` : `Did you mean "${near}"?`;
  const shown = name.length > 60 ? `${name.slice(0, 59)}…` : name;
  return new Refusal("not_found", `The model "${shown}" is not served. ${served}`, {
    code: "model_not_found",
    param: "model",
  });
}

function sameName(name: string): EarshotError {
  return new EarshotError({
    code: "USAGE",
    where: "--model",
    problem: `Two models have the name "${name}".`,
    remedy: "Name them: -m first=a.safetensors -m second=b.safetensors.",
  });
}
