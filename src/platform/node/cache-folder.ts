// Where a user's programs keep what can be fetched or made again.

import { homedir } from "node:os";
import { join } from "./path.ts";

export function cacheFolder(): string {
  const { LOCALAPPDATA, XDG_CACHE_HOME } = process.env;
  if (XDG_CACHE_HOME) return join(XDG_CACHE_HOME, "earshot");
  if (process.platform === "win32" && LOCALAPPDATA) return join(LOCALAPPDATA, "earshot");
  const caches = process.platform === "darwin" ? "Library/Caches" : ".cache";
  return join(homedir(), caches, "earshot");
}
