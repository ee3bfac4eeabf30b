// The drivers offer the same: by type (the compiler checks `alike`), by name, and in what they compute.

import { afterEach, describe, expect, it, vi } from "vitest";
import { MessageChannel, type MessagePort } from "node:worker_threads";
import { gunzipSync, inflateSync } from "node:zlib";
import * as browser from "../../src/platform/browser/driver.ts";
import {
  collectBytes,
  compressPieces,
  DamagedPackingError,
  decompress,
  decompressPieces,
  WorkerClient,
} from "../../src/platform/index.ts";
import * as node from "../../src/platform/node/driver.ts";
import { EarshotError } from "../../src/errors.ts";
import { RandomStream } from "../../src/random.ts";
import { bytes } from "./folder-contract.ts";
import { unexpected, work } from "./work.ts";

const alike: [typeof node, typeof browser] = [browser, node];

afterEach(() => vi.unstubAllGlobals());

const random = new RandomStream("drivers");
const noise = Uint8Array.from({ length: 300_000 }, () => random.integer(256));
const text = bytes("the same words again and again\n".repeat(5000));

describe("the drivers of Node and of a browser", () => {
  it("offer the same names", () => {
    expect(Object.keys(alike[0]).toSorted()).toEqual(Object.keys(alike[1]).toSorted());
  });

  it("give the digest of FIPS 180-4's example and that of parts", () => {
    for (const { sha256 } of alike) {
      const known = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";
      expect(sha256().update("abc").digest()).toBe(known);
      expect(sha256().update("a").update(bytes("bc")).digest()).toBe(known);
    }
    expect(browser.sha256().update(noise).digest()).toBe(node.sha256().update(noise).digest());
  });

  it("give the checksum of CRC-32's usual example and that of parts", () => {
    for (const { crc32 } of alike) {
      expect(crc32("123456789")).toBe(0xcbf43926);
      expect(crc32(bytes("6789"), crc32("12345"))).toBe(0xcbf43926);
      expect(crc32("")).toBe(0);
    }
    expect(browser.crc32(noise)).toBe(node.crc32(noise));
  });

  it("pack what zlib unpacks", async () => {
    for (const { deflate } of alike) expect(inflateSync(await deflate(text)).equals(text)).toBe(true);
  });

  it("count one core where the browser does not say how many there are", () => {
    vi.stubGlobal("navigator", {});
    expect(browser.coreCount()).toBe(1);
  });

  it("keep scratch files: written at the end, read anywhere, a copy", () => {
    for (const { openScratchFile } of alike) {
      const file = openScratchFile();
      const piece = bytes("abc");
      for (const part of [piece, bytes(""), bytes("defgh"), bytes("i")]) file.append(part);
      piece.fill(0);
      const read = (from: number, length: number) => {
        const target = new Uint8Array(length);
        file.read(from, target);
        return new TextDecoder().decode(target);
      };
      expect([file.bytes, read(0, 9), read(2, 3), read(8, 1), read(5, 0)]).toEqual([
        9,
        "abcdefghi",
        "cde",
        "i",
        "",
      ]);
      file.close();
    }
  });

  it("know their cores, and let events be handled", async () => {
    vi.stubGlobal("navigator", { hardwareConcurrency: 3 });
    for (const { coreCount, nextTurn } of alike) {
      expect(coreCount()).toBeGreaterThan(0);
      let isHandled = false;
      setImmediate(() => (isHandled = true));
      await nextTurn();
      await nextTurn(); // a message may come first
      expect(isHandled).toBe(true);
    }
    expect(browser.peakMemoryBytes()).toBeUndefined();
    expect(node.peakMemoryBytes()).toBeGreaterThan(1e6);
  });
});

describe("packing", () => {
  it("gives back what was packed, in any format, whole or in pieces", async () => {
    for (const format of ["gzip", "deflate", "deflate-raw"] as const) {
      for (const content of [text, noise, new Uint8Array()]) {
        const packed = await collectBytes(compressPieces(inPieces(content), format));
        const again = [
          await decompress(packed, format),
          await collectBytes(decompressPieces(inPieces(packed), format)),
        ];
        expect(again.map((bytesOf) => Buffer.compare(bytesOf, content))).toEqual([0, 0]);
      }
    }
    const packed = await collectBytes(compressPieces(text, "gzip"));
    expect(gunzipSync(packed).equals(text)).toBe(true);
  });

  it("says of damaged bytes that they are, and of the content's own fault what it was", async () => {
    const packed = await collectBytes(compressPieces(text, "gzip"));
    for (const damaged of [
      packed.subarray(0, 100),
      bytes("no gzip at all"),
      packed.with(200, packed[200] ^ 255),
    ])
      await expect(decompress(damaged, "gzip")).rejects.toBeInstanceOf(DamagedPackingError);
    const fault = new Error("the disk is gone");
    const broken = async function* () {
      yield packed.subarray(0, 100);
      throw fault;
    };
    await expect(collectBytes(decompressPieces(broken(), "gzip"))).rejects.toBe(fault);
    await expect(collectBytes(compressPieces(broken(), "gzip"))).rejects.toBe(fault);
  });

  it("holds no more than it may, and ends the content when nobody reads on", async () => {
    const packed = await collectBytes(compressPieces(text, "gzip"));
    await expect(decompress(packed, "gzip", text.length - 1)).rejects.toBeInstanceOf(RangeError);
    let hasEnded = false;
    const endless = async function* () {
      try {
        for (;;) yield noise;
      } finally {
        hasEnded = true;
      }
    };
    for await (const _ of compressPieces(endless(), "gzip")) break;
    expect(hasEnded).toBe(true);
  });
});

async function* inPieces(content: Uint8Array): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < content.length; at += 70_001) yield content.subarray(at, at + 70_001);
}

/** Stands in for a browser's Worker: two ports, and a scope that serves at the other. */
function browserWorkers() {
  const started: { url: string; type: string; fail: (message: string) => void; isTerminated: boolean }[] = [];
  class Worker extends EventTarget {
    readonly #port: MessagePort;
    readonly #state: (typeof started)[number];
    constructor(url: URL, { type }: { type: string }) {
      super();
      const { port1, port2 } = new MessageChannel();
      this.#port = port1;
      port1.on("message", (data) => this.dispatchEvent(Object.assign(new Event("message"), { data })));
      const fail = (message: string) => this.dispatchEvent(Object.assign(new Event("error"), { message }));
      this.#state = { url: url.href, type, fail, isTerminated: false };
      started.push(this.#state);
      serveAt(port2);
    }
    postMessage(message: unknown, transfer: ArrayBuffer[]) {
      this.#port.postMessage(message, transfer);
    }
    terminate() {
      this.#state.isTerminated = true;
      this.#port.close();
    }
  }
  vi.stubGlobal("Worker", Worker);
  return started;
}

/** Runs `serve` as in a worker's scope, which is the global object there. */
function serveAt(port: MessagePort): void {
  vi.stubGlobal("DedicatedWorkerGlobalScope", Object); // of which the global object is one
  vi.stubGlobal("addEventListener", (kind: string, listener: (event: { data: unknown }) => void) =>
    port.on(kind, (data: unknown) => listener({ data })),
  );
  vi.stubGlobal("postMessage", port.postMessage.bind(port));
  browser.serve(work, unexpected);
}

describe("a browser's worker", () => {
  const died = ({ message }: Error) =>
    new EarshotError({ code: "WORKER_DIED", problem: message, remedy: "Again." });

  it("is a module that answers calls and gives faults, with buffers moved", async () => {
    const started = browserWorkers();
    const worker = new WorkerClient<typeof work>(browser.startWorker(new URL("https://a/b.js")), died);
    expect(started).toMatchObject([{ url: "https://a/b.js", type: "module" }]);
    expect(await worker.call("double", [4])).toBe(8);
    const moved = Float32Array.of(3, 4);
    const sum = worker.call("addUp", [Float32Array.of(1, 2), moved], [moved.buffer]);
    expect(await sum).toEqual({ sum: 10, wasEmptied: true });
    expect(moved.length).toBe(0);
    await expect(worker.call("refuse", [])).rejects.toMatchObject({ code: "REFUSED", where: "here" });
    await worker.close(died(new Error("closed")));
    expect(started[0].isTerminated).toBe(true);
  });

  it("that cannot be loaded, or fails, rejects the calls under way", async () => {
    const started = browserWorkers();
    const worker = new WorkerClient<typeof work>(browser.startWorker(new URL("https://a/b.js")), died);
    const waiting = worker.call("waitForever", []);
    started[0].fail("no such module");
    await expect(waiting).rejects.toMatchObject({ code: "WORKER_DIED", problem: "no such module" });
    expect(started[0].isTerminated).toBe(true);
  });
});
