// Kills at random moments while an archive is transcribed: `node recipes/cluster/archive-kills.mjs [KILLS] [SEED]`, half of them of ranks under
// mpirun, half of clients of a queue. The archive is 120 of the demo's training clips. What is left has to be what one undisturbed
// process leaves. Needs Open MPI with koffi, and nats-server with the packages of NATS.

import { cpSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { differences, killRanks, killWorkers, undisturbed } from "./killed-archives.mjs";

const ROOT = join(dirname(fileURLToPath(import.meta.url)), "../..");
const { RandomStream } = await import(join(ROOT, "dist/random.js"));
const [kills = 20, seed = 1] = process.argv.slice(2).map(Number);
const RECORDINGS = 120;
const MPIRUN = ["--allow-run-as-root", "--oversubscribe", "--bind-to", "none"];

const folder = mkdtempSync(join(tmpdir(), "earshot-kills-"));
const clips = join(folder, "clips");
const all = join(ROOT, "demo/corpus/train");
for (const name of readdirSync(all).slice(0, RECORDINGS)) cpSync(join(all, name), join(clips, name));
const random = new RandomStream(seed, "kills of an archive");
const archive = {
  transcribe: [process.execPath, join(ROOT, "dist/apps/cli/main.js"), "transcribe", clips, "--threads", "1"],
  folder,
  recordings: RECORDINGS,
  random: () => random.uniform(),
};
try {
  const expected = undisturbed(archive);
  const half = Math.ceil(kills / 2);
  const ranks = await killRanks(archive, { ranks: 2, kills: half, mpirun: MPIRUN });
  report("ranks under mpirun", ranks, expected);
  report("clients of a queue", await killWorkers(archive, { kills: kills - half }), expected);
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function report(what, { outs, kills: done }, expected) {
  const found = outs.flatMap((out) => differences(out, expected));
  console.log(
    `${what}: ${done} kills, ${outs.length} archives of ${archive.recordings} recordings, ${found.length} differences`,
  );
  for (const line of found) console.log(`  ${line}`);
  if (found.length > 0) process.exitCode = 1;
}
