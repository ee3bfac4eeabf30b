// Commands as ranks on hosts that are network namespaces of this machine (hosts.sh).

import { execFileSync, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export const here = dirname(fileURLToPath(import.meta.url));
export const root = join(here, "../..");
export const earshot = [process.execPath, join(root, "dist/apps/cli/main.js")];
export const folder = mkdtempSync(join(tmpdir(), "earshot-cluster-"));

const NETWORK = "10.77.0.0/24";

export function makeHosts(count, rate) {
  execFileSync(join(here, "hosts.sh"), ["up", String(count), ...(rate ? [rate] : [])]);
}

/** With all that runs in them. */
export const removeHosts = () => execFileSync(join(here, "hosts.sh"), ["down"]);

/** mpirun's arguments for so many ranks, each on a host of its own. */
function launcher(ranks) {
  const hostfile = join(folder, `hosts-${ranks}`);
  const hosts = Array.from({ length: ranks }, (_, i) => `10.77.0.${10 + i} slots=1\n`);
  writeFileSync(hostfile, hosts.join(""));
  const mca = {
    plm_rsh_agent: join(here, "agent.sh"),
    btl: "tcp,self",
    btl_tcp_if_include: NETWORK,
    oob_tcp_if_include: NETWORK,
  };
  const given = Object.entries(mca).flatMap(([name, value]) => ["--mca", name, value]);
  return [
    "mpirun",
    "--allow-run-as-root",
    "--bind-to",
    "none",
    "--hostfile",
    hostfile,
    ...given,
    "-np",
    String(ranks),
  ];
}

/** Starts a command as so many ranks. @returns the process, and its exit code and output when it ends */
export const startJob = (ranks, command) =>
  follow(spawn(join(here, "hosts.sh"), ["exec", "rank-host-0", ...launcher(ranks), ...command]));

/** The same on this machine itself, without hosts. */
export const startJobHere = (ranks, command) =>
  follow(spawn("mpirun", ["--allow-run-as-root", "--bind-to", "none", "-np", String(ranks), ...command]));

function follow(child) {
  const output = { stdout: "", stderr: "" };
  for (const name of ["stdout", "stderr"]) child[name].on("data", (data) => (output[name] += data));
  const ended = new Promise((resolve) => child.on("close", (code) => resolve({ code, ...output })));
  return { child, ended };
}

export async function runJob(ranks, command, start = startJob) {
  const { code, stdout, stderr } = await start(ranks, command).ended;
  if (code !== 0) throw new Error(`${command.join(" ")} ended with ${code}:\n${stdout}${stderr}`);
}

/** The processes of a run's ranks that live, on whichever host. */
export function pidsOf(run, ranks) {
  const read = (pid, name) => {
    try {
      return readFileSync(`/proc/${pid}/${name}`, "utf8");
    } catch {
      return ""; // it has ended
    }
  };
  const pids = readdirSync("/proc").filter((name) => /^\d+$/.test(name));
  const isRank = (pid) =>
    read(pid, "environ").includes(`OMPI_COMM_WORLD_SIZE=${ranks}\0`) &&
    read(pid, "cmdline").split("\0").includes(run) &&
    read(pid, "comm").startsWith("node");
  return pids.filter(isRank).map(Number);
}

/** The whole lines; none where there is no log yet. */
export const logOf = (run) =>
  existsSync(join(run, "log.jsonl"))
    ? readFileSync(join(run, "log.jsonl"), "utf8")
        .split("\n")
        .slice(0, -1)
        .map((line) => JSON.parse(line))
    : [];

/** So many utterances of the demo's training set, and of its dev set. */
export function demoManifest(train, dev = 0) {
  const path = join(root, "demo/corpus/manifest.csv");
  const [header, ...rows] = readFileSync(path, "utf8").trimEnd().split("\n");
  const chosen = [
    ...rows.filter((row) => row.endsWith(",train")).slice(0, train),
    ...rows.filter((row) => row.endsWith(",dev")).slice(0, dev),
  ];
  const manifest = join(folder, `demo-${train}-${dev}.csv`);
  writeFileSync(manifest, [header, ...chosen.map((row) => join(root, "demo/corpus", row))].join("\n"));
  return manifest;
}
