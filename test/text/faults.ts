// Runs something that must fail, and gives its fault.

import { EarshotError } from "../../src/errors.ts";

export function faultOf(action: () => unknown): EarshotError {
  try {
    action();
  } catch (error) {
    if (error instanceof EarshotError) return error;
    throw error;
  }
  throw new Error("nothing was thrown");
}
