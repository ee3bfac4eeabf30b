// Ranks and clients of a queue are killed while they transcribe an archive: nothing is lost and nothing doubled. The same with
// many kills is recipes/cluster/archive-kills.mjs; EARSHOT_KILLS sets how many.

import { cpSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, expect, it } from "vitest";
import { differences, killRanks, killWorkers, undisturbed } from "../../recipes/cluster/killed-archives.mjs";
import { RandomStream } from "../../src/random.ts";
import { natsAbsent } from "../cli/nats-server.ts";
import { mpiAbsent, MPIRUN } from "../platform/open-mpi.ts";

const path = (name: string) => fileURLToPath(new URL(`../../${name}`, import.meta.url));
const KILLS = Math.ceil(Number(process.env.EARSHOT_KILLS ?? 2) / 2);
const RECORDINGS = 60;

const folder = mkdtempSync(join(tmpdir(), "earshot-archive-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const clips = join(folder, "clips");
for (const name of readdirSync(path("demo/corpus/train")).slice(0, RECORDINGS))
  cpSync(join(path("demo/corpus/train"), name), join(clips, name));
const random = new RandomStream(1, "kills of an archive");
const archive = {
  transcribe: [process.execPath, path("dist/apps/cli/main.js"), "transcribe", clips, "--threads", "1"],
  folder,
  recordings: RECORDINGS,
  random: () => random.uniform(),
};
let expected: string | undefined;

function check({ outs, kills }: { outs: readonly string[]; kills: number }): void {
  expected ??= undisturbed(archive);
  expect(kills).toBe(KILLS);
  for (const out of outs) expect(differences(out, expected)).toEqual([]);
}

it.skipIf(mpiAbsent)(
  `killed ${KILLS} times, ranks leave what one process does${because(mpiAbsent)}`,
  async () => {
    check(await killRanks(archive, { ranks: 2, kills: KILLS, mpirun: MPIRUN }));
  },
);

it.skipIf(natsAbsent)(`killed ${KILLS} times, clients of a queue do, too${because(natsAbsent)}`, async () => {
  check(await killWorkers(archive, { kills: KILLS }));
});

function because(absent: string | undefined): string {
  return absent === undefined ? "" : ` (skipped: ${absent})`;
}
