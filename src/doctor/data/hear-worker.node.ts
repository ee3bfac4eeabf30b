// The body of a thread that hears recordings: a path in, what was measured out.

import { parentPort } from "node:worker_threads";
import { hear } from "./hear.node.ts";

parentPort?.on(
  "message",
  (path: string) => void hear(path).then((hearing) => parentPort?.postMessage(hearing, [])),
);
