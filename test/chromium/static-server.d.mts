// The types of static-server.mjs, for tests.

import type { ChromiumOptions, StaticServer } from "./chromium.mjs";

/** What lets pages share memory between threads (`crossOriginIsolated`). */
export declare const ISOLATING: Readonly<Record<string, string>>;
export declare function serveFolders(
  options?: Pick<ChromiumOptions, "folders" | "headers">,
): Promise<StaticServer>;
