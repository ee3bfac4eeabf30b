// An archive that is transcribed by several processes of which some are killed (SIGKILL) on the way, and what is left of it
// compared with what one process leaves that nobody disturbs: nothing lost, nothing doubled.

import { spawn, spawnSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { startNats } from "./nats-server.mjs";

const LOG = ".transcribed.jsonl";
const POLL_MS = 5;
/** From what is waited for to the kill, at most. */
const AFTER_MS = 300;

/**
 * @typedef {object} Archive
 * @property {readonly string[]} transcribe the command without --out: node, its main file, transcribe, what
 * @property {string} folder for the outputs
 * @property {number} recordings
 * @property {() => number} random from 0 to 1
 */

/** What one process leaves. */
export function undisturbed({ transcribe, folder }) {
  const out = join(folder, "undisturbed");
  const [program, ...argv] = transcribe;
  const { status, stderr } = spawnSync(program, [...argv, "--out", out], { encoding: "utf8" });
  if (status !== 0) throw new Error(stderr);
  return out;
}

/** What is other than it should be; lines of the log may come in another order until a job has ended. */
export function differences(out, expected) {
  const names = (folder) => readdirSync(folder, { recursive: true, encoding: "utf8" }).toSorted();
  const [made, wanted] = [names(out), names(expected)];
  const missing = wanted.filter((name) => !made.includes(name)).map((name) => `${name} is lost`);
  const more = made.filter((name) => !wanted.includes(name)).map((name) => `${name} is too much`);
  const other = wanted
    .filter((name) => made.includes(name))
    .filter((name) => !readFileSync(join(out, name)).equals(readFileSync(join(expected, name))))
    .map((name) => `${name} is other than it should be`);
  return [...missing, ...more, ...other];
}

/**
 * mpirun with some ranks; one of them is killed at a random moment, and the command is given again until nobody is killed.
 * Where it ends before, another archive is begun.
 * @returns the folders that were completed, and how many kills came while it ran
 */
export async function killRanks(archive, { ranks, kills, mpirun }) {
  const outs = [];
  let done = 0;
  while (done < kills || outs.length === 0) {
    const out = join(archive.folder, `ranks-${outs.length}`);
    for (let ended = false; !ended;) {
      const isKilled = done < kills && (await killedRun(archive, out, { ranks, mpirun }));
      if (isKilled) done++;
      else {
        if (done >= kills)
          await finished(
            start("mpirun", [...mpirun, "-np", String(ranks), ...archive.transcribe, "--out", out]),
          );
        ended = true;
      }
    }
    outs.push(out);
  }
  return { outs, kills: done };
}

/** Whether the kill came before the end. */
async function killedRun(archive, out, { ranks, mpirun }) {
  const child = start("mpirun", [...mpirun, "-np", String(ranks), ...archive.transcribe, "--out", out]);
  const ended = finished(child).then(
    () => true,
    () => false,
  );
  if ((await Promise.race([ended, randomMoment(archive, out)])) === true) return false;
  const processes = childrenOf(child.pid);
  const victim = processes[Math.floor(archive.random() * processes.length)];
  if (victim !== undefined) kill(victim);
  return !(await ended);
}

/** When so many transcripts are there, and a little later. */
async function randomMoment({ recordings, random }, out) {
  const lines = Math.floor(random() * recordings);
  while (linesOf(out) < lines) await sleep(POLL_MS);
  await sleep(random() * AFTER_MS);
}

/**
 * Two clients of a queue; one of them is killed at a random moment and started again at once, until they end. Where they end
 * before there were enough kills, another archive is begun, with another server.
 */
export async function killWorkers(archive, { kills }) {
  const outs = [];
  let done = 0;
  while (done < kills || outs.length === 0) {
    const out = join(archive.folder, `queue-${outs.length}`);
    const server = await startNats(join(archive.folder, `nats-${outs.length}`));
    const [program, ...argv] = archive.transcribe;
    argv.push("--out", out, "--queue", server.url, "--redeliver-after", "2", "--tries", "5");
    const client = () => start(program, argv);
    const clients = [client(), client()];
    const ends = clients.map(finished);
    for (const end of ends) end.catch(() => undefined);
    for (;;) {
      const isOver = Promise.all(ends).then(
        () => true,
        () => false,
      );
      if (done >= kills || (await Promise.race([isOver, randomMoment(archive, out)])) === true) break;
      const victim = Math.floor(archive.random() * clients.length);
      if (clients[victim].exitCode !== null) continue;
      clients[victim].kill("SIGKILL");
      await ends[victim].catch(() => undefined);
      done++;
      clients[victim] = client();
      ends[victim] = finished(clients[victim]);
      ends[victim].catch(() => undefined);
    }
    await Promise.all(ends);
    await server.kill();
    outs.push(out);
  }
  return { outs, kills: done };
}

const start = (program, argv) => spawn(program, argv, { stdio: ["ignore", "pipe", "pipe"] });

function finished(child) {
  let told = "";
  child.stdout.resume();
  child.stderr.on("data", (data) => (told += data));
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => (code === 0 ? resolve() : reject(new Error(told))));
  });
}

function childrenOf(pid) {
  const { stdout } = spawnSync("ps", ["-o", "pid=", "--ppid", String(pid)], { encoding: "utf8" });
  return stdout
    .split("\n")
    .map(Number)
    .filter((one) => one > 0);
}

function kill(pid) {
  try {
    process.kill(pid, "SIGKILL");
  } catch {
    // it has just ended
  }
}

function linesOf(out) {
  const log = join(out, LOG);
  return existsSync(log) ? readFileSync(log, "utf8").split("\n").length - 1 : 0;
}

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
