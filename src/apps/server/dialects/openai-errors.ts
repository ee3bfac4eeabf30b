// How OpenAI's interfaces say what is wrong: the same object over HTTP and over a socket.

import type { Refusal } from "../refusal.ts";

export interface OpenAiError {
  readonly message: string;
  readonly type: string;
  readonly param: string | null;
  readonly code: string | null;
}

export function openAiError({ message, status, code, param }: Refusal): OpenAiError {
  return { message, type: typeOf(status), param: param ?? null, code };
}

function typeOf(status: number): string {
  if (status === 401) return "authentication_error";
  if (status === 429) return "rate_limit_error";
  return status >= 500 ? "server_error" : "invalid_request_error";
}
