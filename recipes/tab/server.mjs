// `earshot serve` on a free port of this machine.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const COMMAND = fileURLToPath(new URL("../../dist/apps/cli/main.js", import.meta.url));

/** @param parameters of `earshot serve` */
export async function startServer(...parameters) {
  const server = spawn(process.execPath, [COMMAND, "serve", ...parameters, "--port", "0", "--json"], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  const [line] = await once(createInterface(server.stdout), "line");
  return { url: JSON.parse(line).listening.http, stop: () => server.kill("SIGTERM") };
}
