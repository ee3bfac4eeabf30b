// A NATS server for a test, on a free port of loopback, with a folder of its own; whether there is one to start.

import { spawnSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { startNats as start, type NatsProcess } from "../../recipes/cluster/nats-server.mjs";

export { freePort } from "../../recipes/free-port.mjs";

/** Why such a test cannot run here; undefined where it can. */
export const natsAbsent: string | undefined =
  spawnSync("nats-server", ["--version"]).status === 0 ? undefined : "nats-server is not installed";

export interface NatsServer extends NatsProcess {
  /** Ends it, and removes its folder. */
  remove(): Promise<void>;
}

export async function startNats({ jetstream = true } = {}): Promise<NatsServer> {
  const folder = await mkdtemp(join(tmpdir(), "earshot-nats-"));
  const server = await start(jetstream ? folder : undefined);
  return {
    ...server,
    async remove() {
      await server.kill();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
