// The server room: models for everybody's clients, over HTTP, WebSockets and TCP.

export { Keys, makeKey } from "./operation/keys.ts";
export { isLoopback } from "./http/origins.ts";
export { readPageFiles, withMeta } from "./page/page-files.ts";
export { EarshotServer } from "./server.ts";
export type { Listening, ServerOptions } from "./server.ts";
export { serverLimits } from "./settings.ts";
export type { ModelEntry } from "./models/models.ts";
