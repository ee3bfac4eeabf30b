// What of a request a model can do, as every dialect uses it. Names that it cannot spell are no reason to give no text.

import type { ServedModel } from "./models/served-model.ts";
import type { ServerClient, ServerContext } from "./server-context.ts";
import type { TranscriptionRequest } from "./transcription-request.ts";

/** Without hot words that the model cannot spell; with those beyond the limits they are counted, and their number is in the log, not their texts. */
export function usableRequest(
  { metrics, log }: ServerContext,
  model: ServedModel,
  asked: TranscriptionRequest,
  { dialect, client }: { readonly dialect: string; readonly client: ServerClient },
): TranscriptionRequest {
  const { request, leftOut } = model.usable(asked);
  if (leftOut === 0) return request;
  metrics.hotWordsLeftOut.add({ dialect }, leftOut);
  log.warn("hot words left out", { request: client.requestId, dialect, count: leftOut });
  return request;
}
