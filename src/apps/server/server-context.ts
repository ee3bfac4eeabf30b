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
  /** Of what is spoken, for clients that ask, such as "en". */
  readonly language: string;
  /** Of this program. */
  readonly version: string;
  /** Ids that are not used twice while the server runs. @param kind their beginning */
  newId(kind: string): string;
}

/** Who asks. */
export interface ServerClient {
  readonly requestId: string;
  /** The name of its key. */
  readonly key: string;
}
