// Several processes share the recordings of one command through a NATS server: each recording has one outcome, whoever comes,
// goes, dies or fails.

import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  connectQueue,
  loadQueuePackages,
  queueLost,
  type QueueConnection,
} from "../../src/apps/cli/transcribe/queue/connect.ts";
import { contentMarks, jobName } from "../../src/apps/cli/transcribe/queue/job-name.ts";
import { JobStream } from "../../src/apps/cli/transcribe/queue/job-stream.ts";
import { QueueJob } from "../../src/apps/cli/transcribe/queue/queue-job.ts";
import type { TranscriptOutcome } from "../../src/apps/cli/transcribe/outcome.ts";
import { RandomStream } from "../../src/random.ts";
import { writeModelFile } from "../../src/model/index.ts";
import { constantModel } from "../model/small-model.ts";
import { sweep, waveFile } from "../recognizer/wave-file.ts";
import { earshot, earshotUntil, jsonLines } from "./command-line.ts";
import { freePort, natsAbsent, startNats, type NatsServer } from "./nats-server.ts";

const folder = await mkdtemp(join(tmpdir(), "earshot-queue-"));
afterAll(() => rm(folder, { recursive: true }));
await mkdir(join(folder, "speech"));
for (let i = 0; i < 12; i++)
  await writeFile(
    join(folder, `speech/${String(i).padStart(2, "0")}.wav`),
    waveFile(sweep(0.2 + 0.05 * (i % 4))),
  );
await writeFile(join(folder, "model.safetensors"), writeModelFile(constantModel("a")));

const argv = (out: string, ...more: readonly string[]) =>
  ["transcribe", "speech", "-m", "model.safetensors", "--threads", "1", "--out", out, ...more] as const;
const transcribe = (out: string, ...more: readonly string[]) => earshot(folder, ...argv(out, ...more));

/** Names with their contents. */
async function contents(out: string): Promise<Map<string, string>> {
  const names = (await readdir(join(folder, out))).toSorted();
  return new Map(
    await Promise.all(
      names.map(async (name) => [name, await readFile(join(folder, out, name), "utf8")] as const),
    ),
  );
}

describe.skipIf(natsAbsent)(`transcribe --queue${natsAbsent ? ` (skipped: ${natsAbsent})` : ""}`, () => {
  let server: NatsServer;
  beforeAll(async () => {
    server = await startNats();
  });
  afterAll(() => server.remove());
  const queue = () => ["--queue", server.url];

  it("gives each of those who start it all transcripts, as one process makes them", async () => {
    const alone = await transcribe("alone", "--json");
    const [one, two] = await Promise.all([
      transcribe("one", "--json", ...queue()),
      transcribe("two", "--json", ...queue()),
    ]);
    expect(one).toEqual(alone);
    expect(two).toEqual(alone);
    expect(await contents("one")).toEqual(await contents("alone"));
    expect(await contents("two")).toEqual(await contents("alone"));
  });

  it("has nothing left to do for who comes later, and goes by what is in the folder", async () => {
    expect((await transcribe("one", ...queue())).stderr).toMatch(
      /^12 of 12 recordings have their transcript/,
    );
    await rm(join(folder, "one/03.txt"));
    await writeFile(join(folder, "one/04.txt"), "corrected\n");
    expect((await transcribe("one", ...queue())).stderr).toMatch(/^11 of 12 /);
    const made = await contents("one");
    expect([made.get("03.txt"), made.get("04.txt")]).toEqual(["a\n", "corrected\n"]);
    await mkdir(join(folder, "foreign"));
    await writeFile(join(folder, "foreign/05.txt"), "by hand\n");
    expect((await transcribe("foreign", ...queue())).stderr).toContain("FOREIGN_TRANSCRIPTS  1 of 12");
    expect((await contents("foreign")).get("05.txt")).toBe("by hand\n");
    await transcribe("foreign", "--restart", ...queue());
    expect((await contents("foreign")).get("05.txt")).toBe("a\n");
  });

  it("leaves no mess at Ctrl-C, and goes on when it is given again", async () => {
    const options = ["--beam", "3", ...queue()];
    const stopped = await earshotUntil(/^transcribing \d/, folder, ...argv("stopped", ...options));
    expect(stopped).toMatchObject({ code: 130, stderr: "Interrupted. Run the command again.\n" });
    expect((await transcribe("stopped", ...options)).code).toBe(0);
    expect((await contents("stopped")).size).toBe(13);
    expect(
      (await readFile(join(folder, "stopped/.transcribed.jsonl"), "utf8")).trim().split("\n"),
    ).toHaveLength(12);
  });

  it("reports what fails once, after some tries, and tries it again when the command is given again", async () => {
    await mkdir(join(folder, "some"));
    await writeFile(join(folder, "some/good.wav"), waveFile(sweep(0.3)));
    await writeFile(join(folder, "some/list.csv"), "path,transcript\ngood.wav,a\nlate.wav,a\n");
    const some = (out: string) =>
      earshot(
        folder,
        "transcribe",
        "some/list.csv",
        "-m",
        "model.safetensors",
        "--out",
        out,
        "--json",
        "--tries",
        "2",
        ...queue(),
      );
    const { code, stdout } = await some("some-texts");
    expect(code).toBe(1);
    expect(jsonLines(stdout)).toMatchObject([
      { path: "some/good.wav", text: "a" },
      { path: "some/late.wav", error: { code: "RECORDING_NOT_FOUND" } },
    ]);
    expect(jsonLines((await some("some-texts")).stdout)).toMatchObject([
      { path: "some/good.wav", finished: "some-texts/good.txt" },
      { path: "some/late.wav", error: { code: "RECORDING_NOT_FOUND" } },
    ]);
    expect(await readdir(join(folder, "some-texts"))).toEqual([".transcribed.jsonl", "good.txt"]);
  });

  it("lets another have what a worker held that died, and reports what ended several of them", async () => {
    const settled = new Map<number, TranscriptOutcome>();
    const controller = new AbortController();
    const options = {
      silenceMs: 400,
      tries: 2,
      nameOf: (index: number) => `recording ${index}`,
      isSettled: (index: number) => settled.has(index),
      isComplete: () => settled.size === 3,
      signal: controller.signal,
    };
    /** @param dies when it is given this one, without a word */
    const work = async (dies?: number) => {
      const connection = await connectQueue(server.url);
      const stream = await JobStream.open(connection, "deaths");
      for (const index of [0, 1, 2]) await stream.offer(index, 1e6);
      const job = new QueueJob(stream, await stream.workers(options.silenceMs), options);
      for (let portion; (portion = await job.take());)
        for (const index of portion) {
          if (index === dies) return connection.connection.close();
          const outcome = { index, text: `${index}` };
          await job.give(outcome);
          settled.set(index, outcome);
          const { known, all } = await stream.outcomes();
          for (let i = 0; i < known; i++) {
            const { value } = await all.next();
            settled.set(value.index, value);
          }
        }
      job.close();
      await connection.connection.close();
    };
    await work(1); // it was not tried by itself
    await work(1);
    await work(1);
    const last = work(1);
    const reader = await JobStream.open(await connectQueue(server.url), "deaths");
    const { all } = await reader.outcomes();
    while (settled.size < 3) {
      const { value } = await all.next();
      settled.set(value.index, value);
    }
    await last;
    await all.return?.();
    expect([...settled.values()].toSorted((a, b) => a.index - b.index)).toEqual([
      { index: 0, text: "0" },
      {
        index: 1,
        fault: {
          code: "POISON_RECORDING",
          where: "recording 1",
          problem: "Each of 2 workers that tried it by itself ended before it was done.",
          remedy:
            "Transcribe it by itself to see why; where workers were only ended from outside, run the command again.",
        },
      },
      { index: 2, text: "2" },
    ]);
  });

  it("goes on when the server comes back", async () => {
    const queued = await connectQueue(server.url);
    const stream = await JobStream.open(queued, "back");
    await server.kill();
    const offered = Promise.all([0, 1].map((index) => stream.offer(index, 1)));
    await server.start();
    await offered;
    await stream.report({ index: 0, text: "a" });
    await stream.report({ index: 0, text: "b" }); // too late
    const { known, all } = await stream.outcomes();
    expect(known).toBe(1);
    expect((await all.next()).value).toEqual({ index: 0, text: "a" });
    await all.return?.();
    await queued.connection.close();
  });
});

it("a job is another one where a recording of the same size has other content, or the version is another", async () => {
  await mkdir(join(folder, "edited"));
  const [path, absent] = ["edited/long.wav", "edited/absent.wav"].map((name) => join(folder, name));
  const recordings = [path, absent].map((one) => ({ path: one, place: one }));
  const nameWith = async (bytes: Uint8Array, madeBy?: string) => {
    await writeFile(path, bytes);
    return jobName(recordings, await contentMarks(recordings), {}, madeBy);
  };
  const bytes = new Uint8Array(200_000);
  const name = await nameWith(bytes);
  expect(await nameWith(bytes)).toBe(name);
  expect(await nameWith(bytes, "0.0.1")).not.toBe(name);
  for (const changed of [50, 65_535, 134_464, 199_999]) {
    const other = bytes.slice();
    other[changed] = 1;
    expect(await nameWith(other), String(changed)).not.toBe(name);
  }
});

describe("a job's stream", () => {
  /** A server that keeps what is published, and answers only every other question. */
  const forgetful = async () => {
    const published: Uint8Array[] = [];
    let questions = 0;
    const answer = async () => {
      if (++questions % 2) throw new Error("timeout");
    };
    const queue = {
      connection: { info: { max_payload: 2_000 }, isClosed: () => false },
      jetstream: {
        publish: async (_: string, data: Uint8Array) => answer().then(() => void published.push(data)),
      },
      manager: {
        streams: {
          add: async () => undefined,
          getMessage: async () => answer().then(() => ({ string: () => JSON.stringify({ tries: 2 }) })),
        },
      },
    };
    return { stream: await JobStream.open(queue as unknown as QueueConnection, "job"), published };
  };

  it("asks again where the server does not answer in time", async () => {
    expect(await (await forgetful()).stream.triesOf(3)).toEqual({ tries: 2 });
  });

  it("has a fault in place of a transcript that is larger than a message may be", async () => {
    const { stream, published } = await forgetful();
    const random = new RandomStream(1, "text");
    const text = Array.from({ length: 4_000 }, () => random.integer(10)).join("");
    await stream.report({ index: 4, text });
    expect(JSON.parse(String(gunzipSync(published[0])))).toMatchObject({
      index: 4,
      fault: {
        code: "TRANSCRIPT_TOO_LONG",
        where: "recording 5",
        problem: "Its transcript is larger than a message of the NATS server may be.",
        remedy: "Let the server take larger ones (max_payload), or transcribe it without --queue.",
      },
    });
  });

  it("is lost with its server, whose password nobody reads", () => {
    expect(queueLost("nats://user:secret@queue:4222").fault).toEqual({
      code: "QUEUE_LOST",
      where: "nats://queue:4222",
      problem: "The NATS server was away for longer than 60 s.",
      remedy: "Start it again, then run the command again: it goes on where it was.",
    });
  });
});

describe("a queue that cannot be had", () => {
  it("is told by a server that is not there", async () => {
    const port = await freePort();
    const { code, stderr } = await transcribe("none", "--queue", `nats://user:secret@127.0.0.1:${port}`);
    expect(code).toBe(3);
    expect(stderr).toContain(`error: QUEUE_UNREACHABLE  nats://127.0.0.1:${port}\n`);
    expect(stderr).toContain(
      "Start one (nats-server --jetstream), or correct the address, user and password.",
    );
  });

  it.skipIf(natsAbsent)("is told by a server without JetStream", async () => {
    const server = await startNats({ jetstream: false });
    const { code, stderr } = await transcribe("none", "--queue", server.url);
    await server.remove();
    expect(code).toBe(3);
    expect(stderr).toContain("error: QUEUE_WITHOUT_JETSTREAM");
    expect(stderr).toContain("Start it with JetStream: nats-server --jetstream --store_dir FOLDER");
  });

  it("is told without the password by an address that is none", async () => {
    for (const address of ["http://user:secret@queue", "nats://user:secret%zz@queue"]) {
      const { code, stderr } = await transcribe("none", "--queue", address);
      expect(code).toBe(2);
      expect(stderr).toContain("://queue is no address of a NATS server");
      expect(stderr).not.toContain("secret");
    }
  });

  it("is told by an address that is none, without --out, and without the packages", async () => {
    expect((await transcribe("none", "--queue", "http://queue")).stderr).toContain(
      "is no address of a NATS server",
    );
    const without = await earshot(
      folder,
      "transcribe",
      "speech",
      "-m",
      "model.safetensors",
      "--queue",
      "nats://q",
    );
    expect(without).toMatchObject({ code: 2 });
    expect(without.stderr).toContain("With --queue several processes share the recordings");
    await expect(loadQueuePackages(["@nats-io/none", "@nats-io/no"])).rejects.toMatchObject({
      code: "QUEUE_CLIENT_MISSING",
      remedy: "Install them: npm install @nats-io/none@3 @nats-io/no@3",
    });
    expect(await readdir(folder)).not.toContain("none");
  });
});
