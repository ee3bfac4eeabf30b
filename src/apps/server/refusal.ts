// Why a request is not served: one error for all dialects, each of which has its own form of it.

import { EarshotError } from "../../errors.ts";
import { audioConverter } from "../../platform/index.ts";

/** What `/metrics` counts refusals by: a short list, so that clients cannot make more of them. */
export type RefusalReason =
  | "bad_request"
  | "unauthorized"
  | "not_found"
  | "too_large"
  | "too_slow"
  | "too_many"
  | "draining"
  | "slow_reader"
  | "not_allowed"
  | "failed";

const STATUS: Readonly<Record<RefusalReason, number>> = {
  bad_request: 400,
  unauthorized: 401,
  not_allowed: 403,
  not_found: 404,
  too_slow: 408,
  too_large: 413,
  too_many: 429,
  slow_reader: 429,
  failed: 500,
  draining: 503,
};

export interface RefusalDetails {
  /** For machines, in lower case. */
  readonly code?: string;
  /** The field concerned. */
  readonly param?: string;
  readonly retryAfterSeconds?: number;
  /** Where it is not the reason's own. */
  readonly status?: number;
}

export class Refusal extends Error {
  readonly reason: RefusalReason;
  readonly status: number;
  readonly code: string;
  readonly param: string | undefined;
  readonly retryAfterSeconds: number | undefined;

  constructor(reason: RefusalReason, message: string, details: RefusalDetails = {}) {
    super(message);
    this.name = "Refusal";
    this.reason = reason;
    this.status = details.status ?? STATUS[reason];
    this.code = details.code ?? reason;
    this.param = details.param;
    this.retryAfterSeconds = details.retryAfterSeconds;
  }
}

/** What a client's own input can be wrong in; nothing here names a place on the server. */
const CLIENT_CODES =
  /AUDIO|SAMPLES|HOT_WORD|GRAMMAR|UNKNOWN_RULE|UNKNOWN_SYMBOL|VOCABULARY|INVALID_SETTING|UNKNOWN_SETTING|UNREADABLE_RECORDING/;

/** Whatever was thrown, as a refusal. An error's place is left out: it may be a path of the server. */
export function refusalOf(thrown: unknown): Refusal {
  if (thrown instanceof Refusal) return thrown;
  if (thrown instanceof EarshotError && CLIENT_CODES.test(thrown.code))
    return new Refusal(
      thrown.code === "LONG_AUDIO" ? "too_large" : "bad_request",
      `${thrown.problem} ${forClients(thrown.remedy)}`,
      {
        code: thrown.code.toLowerCase(),
      },
    );
  return new Refusal("failed", "The server failed at this request; its log says why.", {
    code: "internal_error",
  });
}

/** When to come again. */
const RETRY_SECONDS = 5;

/** A limit of many, which are fewer in a while. @param status 503 where it is no single client's fault */
export function tooMany(problem: string, status = 429): Refusal {
  return new Refusal("too_many", `${problem}; come again in ${RETRY_SECONDS} s.`, {
    status,
    code: "rate_limit_exceeded",
    retryAfterSeconds: RETRY_SECONDS,
  });
}

export function serverStops(): Refusal {
  return new Refusal("draining", "The server stops.", { retryAfterSeconds: RETRY_SECONDS });
}

export function nothingCame(seconds: number): Refusal {
  return new Refusal("too_slow", `Nothing came for ${seconds} s.`, { code: "idle_timeout" });
}

/** Without what only those who run the server can do. */
const forClients = (remedy: string): string =>
  remedy.replace(`${audioConverter.advice}; or convert it elsewhere`, "Convert it");

export function badRequest(message: string, param?: string): Refusal {
  return new Refusal("bad_request", message, { param, code: "invalid_value" });
}
