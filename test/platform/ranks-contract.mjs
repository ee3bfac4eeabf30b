// What ranks do for each other, whichever driver carries it: made by every rank in the same order. As a program of its own
// it is started by mpirun, on the build.

import assert from "node:assert/strict";
import { fileURLToPath } from "node:url";

const text = (bytes) => new TextDecoder().decode(bytes);
const bytes = (string) => new TextEncoder().encode(string);

export async function checkRanks(ranks) {
  const { rank, size } = ranks;
  const all = Array.from({ length: size }, (_, i) => i);
  await ranks.barrier();

  const floats = Float32Array.from({ length: 5 }, (_, i) => i + rank / 4);
  await ranks.sum(floats);
  const sum = all.reduce((total, i) => total + i, 0);
  assert.deepEqual(
    [...floats],
    [0, 1, 2, 3, 4].map((i) => i * size + sum / 4),
  );
  const doubles = Float64Array.of(2 ** -40 + rank, 1);
  await ranks.sum(doubles);
  assert.deepEqual([...doubles], [size * 2 ** -40 + sum, size]);
  await ranks.sum(new Float32Array());

  const gathered = await ranks.gather(bytes("r".repeat(rank)));
  assert.deepEqual(
    gathered.map(text),
    all.map((i) => "r".repeat(i)),
  );
  const long = new Uint8Array(rank === 0 ? 3_000_000 : 0).fill(7);
  const received = await ranks.broadcast(long);
  assert.equal(received.length, 3_000_000);
  assert.ok(received.every((byte) => byte === 7));

  const blocks = Uint8Array.from(all.flatMap((to) => [10 * rank + to, 99]));
  assert.deepEqual(
    [...(await ranks.exchange(blocks))],
    all.flatMap((from) => [10 * from + rank, 99]),
  );

  await checkMessages(ranks, all);
  await ranks.barrier();
}

/** Everyone writes to rank 0, which answers; a wait for nothing can be ended. */
async function checkMessages(ranks, all) {
  const { rank } = ranks;
  if (rank > 0) {
    await ranks.send(0, bytes(`hello from ${rank}`));
    const answer = await ranks.receive();
    assert.equal(answer.from, 0);
    assert.equal(answer.bytes.length, 200_000);
  } else {
    const heard = [];
    while (heard.length < all.length - 1) heard.push(await ranks.receive());
    const said = heard
      .map(({ from, bytes: message }) => [from, text(message)])
      .toSorted((a, b) => a[0] - b[0]);
    assert.deepEqual(
      said,
      all.slice(1).map((i) => [i, `hello from ${i}`]),
    );
    for (const to of all.slice(1)) await ranks.send(to, new Uint8Array(200_000));
  }
  await assert.rejects(ranks.receive(AbortSignal.timeout(20)), { name: "TimeoutError" });
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { joinRanks, openRanks } = await import("../../dist/platform/index.js");
  const ranks = await openRanks({ timeoutSeconds: 60 });
  await checkRanks(ranks);
  const shared = await joinRanks(structuredClone(await ranks.share()));
  const [own, others] = [Float32Array.of(1), Float32Array.of(2)];
  const [first, second] = ranks.rank === 0 ? [ranks, shared] : [shared, ranks]; // in another order on each
  await Promise.all([first, second].map((one) => one.sum(one === ranks ? own : others)));
  assert.deepEqual([own[0], others[0]], [ranks.size, 2 * ranks.size]);
  await shared.close();
  await ranks.close();
  if (ranks.rank === 0) console.log(`${ranks.size} ranks agree`);
}
