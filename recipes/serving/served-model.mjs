// A server in a process of its own, as recipes use it: started with a model, asked over HTTP, read by its metrics, ended.

import { once } from "node:events";
import { readdirSync, readFileSync, readlinkSync } from "node:fs";
import { spawn } from "node:child_process";
import { join } from "node:path";
import { execPath } from "node:process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

const MAIN = fileURLToPath(new URL("../../dist/apps/cli/main.js", import.meta.url));

/** The WAV files of a folder, in order. */
export const readClips = (folder) =>
  readdirSync(folder)
    .filter((name) => name.endsWith(".wav"))
    .toSorted()
    .map((name) => readFileSync(join(folder, name)));

/** @param options of `earshot serve` @param nodeOptions of the process */
export async function serveModel(model, options = [], nodeOptions = []) {
  const ports = ["--port", "0", "--wyoming", "0", "--json"];
  const server = spawn(execPath, [...nodeOptions, MAIN, "serve", "-m", `m=${model}`, ...ports, ...options]);
  const log = createInterface(server.stderr);
  const failures = [];
  log.on("line", (line) => line.includes('"failed"') && failures.push(line));
  const [first] = await once(createInterface(server.stdout), "line");
  const { http, wyoming } = JSON.parse(first).listening;
  return {
    http,
    wyoming,
    live: http.replace("http", "ws"),
    /** Lines of its log that tell a failure of its own. */
    failures,
    signal: (name) => server.kill(name),
    /** When a line of its log matches, from now on. */
    logged: (pattern) => new Promise((resolve) => log.on("line", (line) => pattern.test(line) && resolve())),
    upload: (file) => upload(http, file),
    metrics: () => metrics(http),
    held: () => held(server.pid, http),
    async end() {
      server.kill("SIGTERM");
      await once(server, "exit");
    },
  };
}

/** As OpenAI's clients ask; the server goes by the bytes, not by the name. */
async function upload(http, file) {
  const form = new FormData();
  form.set("file", new Blob([file]), "a.wav");
  const answer = await fetch(`${http}/v1/audio/transcriptions`, { method: "POST", body: form });
  return { status: answer.status, ...(await answer.json()) };
}

/** A function that gives the value of a series, 0 where there is none. */
async function metrics(http) {
  const lines = (await (await fetch(`${http}/metrics`)).text()).split("\n");
  const valueOf = (line) => Number(line?.slice(line.lastIndexOf(" ")) ?? 0);
  return (series) => valueOf(lines.find((line) => line.startsWith(`${series} `)));
}

/** What a server that leaks has more of; of descriptors those that are no sockets, since clients keep connections alive. Linux. */
async function held(pid, http) {
  const megabytes = (await metrics(http))("process_resident_memory_bytes") / 2 ** 20;
  const [, threads] = /Threads:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"));
  const isSocket = (name) => readlinkSync(`/proc/${pid}/fd/${name}`).startsWith("socket:");
  const descriptors = readdirSync(`/proc/${pid}/fd`).filter((name) => !isSocket(name)).length;
  return { megabytes: Math.round(megabytes), threads: Number(threads), descriptors };
}
