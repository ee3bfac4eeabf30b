// npm run bench:peers: the newest PyTorch that this machine can have, into bench/../.peers. For benchmarks only.

import { spawnSync } from "node:child_process";
import { exit } from "node:process";
import { fileURLToPath } from "node:url";

const folder = fileURLToPath(new URL("../.peers", import.meta.url));
for (const [command, ...rest] of [
  ["python3", "-m", "venv", folder],
  [`${folder}/bin/pip`, "install", "--upgrade", "torch", "numpy"],
]) {
  const { status, error } = spawnSync(command, rest, { stdio: "inherit" });
  if (status !== 0) {
    console.error(
      `${command} failed${error ? `: ${error.message}` : ""}. The peers that are there already still run.`,
    );
    exit(1);
  }
}
