// How a conversation over a WebSocket ends: by the client, by the server's limits, or by a failure.

import { refusalOf, type Refusal } from "../refusal.ts";
import type { ServerClient, ServerContext } from "../server-context.ts";

/** Close codes of RFC 6455, section 7.4, and one that was added to them since (1013). */
export const CLOSE = { normal: 1000, policy: 1008, tooLarge: 1009, failed: 1011, tryLater: 1013 } as const;

/** What a close frame says where nothing better is known: of the codes that the WebSocket library closes with by itself, too. */
export const CLOSE_REASONS: Readonly<Record<number, string>> = {
  1000: "end",
  1002: "invalid_frame",
  1003: "unsupported_data",
  1007: "invalid_text",
  1008: "refused",
  1009: "message_too_large",
  1011: "internal_error",
  1013: "try_again_later",
};

export function closeCodeOf({ reason }: Refusal): number {
  if (reason === "too_many" || reason === "draining") return CLOSE.tryLater;
  if (reason === "too_large") return CLOSE.tooLarge;
  return reason === "failed" ? CLOSE.failed : CLOSE.policy;
}

/** What a conversation was broken off by: counted, and a failure of the server's own in its log. */
export function brokenOff(
  thrown: unknown,
  { requestId: request }: Pick<ServerClient, "requestId">,
  { metrics, log }: ServerContext,
): Refusal {
  const refusal = refusalOf(thrown);
  metrics.refusals.add({ reason: refusal.reason });
  if (refusal.reason === "failed")
    log.warn("failed", { request, error: String((thrown as Error)?.stack ?? thrown) });
  return refusal;
}
