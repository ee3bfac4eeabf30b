// A NATS server for a test, on a free port of loopback, with a folder of its own; whether there is one to start.

import { spawn, spawnSync, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { connect, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

/** Why such a test cannot run here; undefined where it can. */
export const natsAbsent: string | undefined =
  spawnSync("nats-server", ["--version"]).status === 0 ? undefined : "nats-server is not installed";

export interface NatsServer {
  readonly url: string;
  /** Ends it as a power cut would. */
  kill(): Promise<void>;
  /** Starts it again, with what it kept. */
  start(): Promise<void>;
  /** Ends it, and removes its folder. */
  remove(): Promise<void>;
}

export async function startNats({ jetstream = true } = {}): Promise<NatsServer> {
  const folder = await mkdtemp(join(tmpdir(), "earshot-nats-"));
  const port = await freePort();
  const argv = ["--addr", "127.0.0.1", "--port", String(port)];
  if (jetstream) argv.push("--jetstream", "--store_dir", folder);
  let child: ChildProcess | undefined;
  const start = async () => {
    child = spawn("nats-server", argv, { stdio: "ignore" });
    await answers(port);
  };
  const kill = async () => {
    if (!child || child.exitCode !== null) return;
    const closed = once(child, "close");
    child.kill("SIGKILL");
    await closed;
    child = undefined;
  };
  await start();
  return {
    url: `nats://127.0.0.1:${port}`,
    kill,
    start,
    async remove() {
      await kill();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

export async function freePort(): Promise<number> {
  const server = createServer().listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as { port: number };
  server.close();
  await once(server, "close");
  return port;
}

async function answers(port: number): Promise<void> {
  for (;;)
    try {
      const socket = connect(port, "127.0.0.1");
      await once(socket, "connect");
      socket.destroy();
      return;
    } catch {
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
}
