// Peers are programs of other people that do the same work: a child process that answers each line with one of JSON.

import { spawn, spawnSync } from "node:child_process";
import { existsSync } from "node:fs";
import { env } from "node:process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

/** Where `npm run bench:peers` installs the newest PyTorch. */
const INSTALLED = fileURLToPath(new URL("../.peers/bin/python", import.meta.url));

/** Pythons that can import a module, each version of it once: EARSHOT_PYTHON (a,b,…), or else our own and the system's. */
export function pythonsWith(module) {
  const installed = [existsSync(INSTALLED) ? INSTALLED : [], "python3", "/usr/bin/python3"].flat();
  const candidates = env.EARSHOT_PYTHON?.split(",") ?? installed;
  const found = new Map();
  for (const python of candidates) {
    const { status, stdout } = spawnSync(python, ["-c", `import ${module}; print(${module}.__version__)`]);
    const version = status === 0 ? stdout.toString().trim() : undefined;
    if (version && !found.has(version)) found.set(version, python);
  }
  return [...found].map(([version, python]) => ({ version, python }));
}

/** A peer that runs until it is closed. `greeting` is its first line. */
export async function openPeer(command, args, environment = {}) {
  const child = spawn(command, args, {
    stdio: ["pipe", "pipe", "inherit"],
    env: { ...env, ...environment },
  });
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const answer = async () => {
    const { value, done } = await lines.next();
    if (done) throw new Error(`${command} ${args[0]} ended without an answer.`);
    return JSON.parse(value);
  };
  const greeting = await answer();
  const ask = (question) => {
    child.stdin.write(`${question}\n`);
    return answer();
  };
  return { greeting, ask, close: () => child.stdin.end() };
}
