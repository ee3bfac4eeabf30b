// Whether this machine has an engine.

import type { Engine } from "../../src/engine/index.ts";
import { EarshotError } from "../../src/errors.ts";

/** The error of an engine that this machine lacks, or undefined where it opens. */
export async function absence(open: () => Promise<Engine>): Promise<EarshotError | undefined> {
  try {
    await open();
    return undefined;
  } catch (error) {
    if (error instanceof EarshotError && error.code === "ENGINE_ABSENT") return error;
    throw error;
  }
}
