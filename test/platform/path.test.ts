// Paths of Node's driver: those of the system itself.

import { posix } from "node:path";
import { describe, expect, it } from "vitest";
import { basename, dirname, extname, join, relative, resolve } from "../../src/platform/index.ts";

describe.skipIf(process.platform === "win32")("paths on a disk (a name may hold a backslash)", () => {
  it.each(["a/b.wav", "a\\b.wav", "/x/../y\\z/c.tar.gz", "//.", "", "./a//b/", "/"])(
    "%s as node:path has it",
    (path) => {
      expect(basename(path)).toBe(posix.basename(path));
      expect(dirname(path)).toBe(posix.dirname(path));
      expect(extname(path)).toBe(posix.extname(path));
      expect(join("/data", path)).toBe(posix.join("/data", path));
      expect(resolve("/data", path)).toBe(posix.resolve("/data", path));
      expect(relative("/data", path)).toBe(posix.relative("/data", path));
    },
  );
});
