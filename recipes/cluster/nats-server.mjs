// A NATS server on a free port of loopback.

import { spawn } from "node:child_process";
import { once } from "node:events";
import { connect } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { freePort } from "../free-port.mjs";

const POLL_MS = 20;

/** @param store the folder of JetStream, which it does not have without one */
export async function startNats(store) {
  const port = await freePort();
  const argv = ["--addr", "127.0.0.1", "--port", String(port)];
  if (store !== undefined) argv.push("--jetstream", "--store_dir", store);
  let child;
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
  return { url: `nats://127.0.0.1:${port}`, kill, start };
}

async function answers(port) {
  for (;;)
    try {
      const socket = connect(port, "127.0.0.1");
      await once(socket, "connect");
      socket.destroy();
      return;
    } catch {
      await sleep(POLL_MS);
    }
}
