// The error for what this browser lacks.

import { EarshotError } from "../../errors.ts";

/** @param what in the plural, as "workers" */
export function lacking(what: string, remedy: string): EarshotError {
  const problem = `This browser gives the page no ${what}.`;
  return new EarshotError({ code: "NOT_IN_BROWSER", problem, remedy });
}
