// What every dialect is given: the models, who is let in, and where to say what happened.

import type { Admission } from "./operation/admission.ts";
import type { Keys } from "./operation/keys.ts";
import type { ServerLog } from "./operation/log.ts";
import type { ServerMetrics } from "./operation/metrics.ts";
import type { Models } from "./models/models.ts";
import type { ServerLimits } from "./settings.ts";

export interface ServerContext {
  readonly models: Models;
  readonly limits: ServerLimits;
  readonly admission: Admission;
  readonly keys: Keys;
  readonly metrics: ServerMetrics;
  readonly log: ServerLog;
  /** That the models are spoken to in, such as "en". */
  readonly languages: readonly string[];
  /** Of this program. */
  readonly version: string;
  /** Ids that are not used twice while the server runs. @param kind their beginning */
  newId(kind: string): string;
}

/**
 * What is said of a transcript's language: the one that the client asked for, else the server's if it has one alone. Models do
 * not distinguish languages.
 */
export function languageOf({ languages }: ServerContext, asked?: string | null): string | undefined {
  if (asked && /^[a-z]{2,3}([-_][a-z0-9]{1,8}){0,4}$/iu.test(asked)) return asked;
  return languages.length === 1 ? languages[0] : undefined;
}

/** Who asks. */
export interface ServerClient {
  readonly requestId: string;
  /** The name of its key. */
  readonly key: string;
}
