// A large file that is mapped has the bytes of the file that is read, and what is written to them stays here.

import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { readLargeFile } from "../../src/platform/node/mapped-file.ts";

const folder = mkdtempSync(join(tmpdir(), "earshot-mapped-"));
afterAll(() => rmSync(folder, { recursive: true }));

describe("a large file", () => {
  it("gives its bytes, mapped or read", async () => {
    const path = join(folder, "bytes");
    writeFileSync(
      path,
      Uint8Array.from({ length: 100_000 }, (_, i) => i % 251),
    );
    for (const leastBytes of [0, Infinity]) {
      const bytes = await readLargeFile(path, leastBytes);
      expect(Buffer.compare(bytes, readFileSync(path))).toBe(0);
      bytes[5] = 77;
      expect(readFileSync(path)[5]).toBe(5);
    }
  });

  it("that is empty, missing or a folder is as when it is read", async () => {
    writeFileSync(join(folder, "empty"), "");
    expect(await readLargeFile(join(folder, "empty"), 0)).toHaveLength(0);
    await expect(readLargeFile(join(folder, "none"), 0)).rejects.toMatchObject({ code: "ENOENT" });
    await expect(readLargeFile(folder, 0)).rejects.toMatchObject({ code: "EINVAL" });
  });
});
