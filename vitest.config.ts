import { readdirSync, readFileSync } from "node:fs";
import { defineConfig } from "vitest/config";

const conditions = ["earshot-source", "node", "import", "default"];
/** Only what hangs is ended: no test goes by the clock, and other work may share the machine. */
const NEVER_MS = 20 * 60_000;

/** What registers networks, or starts what starts once in a process. */
const STARTED_ONCE = [
  "test/apps/page/*.test.ts",
  "test/engine/wasm-threads.test.ts",
  "test/network/network-table.test.ts",
  "test/training/frozen-statistics.test.ts",
  "test/walkthrough/walkthrough.test.ts",
];

/** What replaces modules would replace them for the tests behind it, too. */
const replacesModules = (path: string): boolean =>
  path.endsWith(".test.ts") && /\bvi\.(mock|doMock)\(/.test(readFileSync(path, "utf8"));

const OWN_PROCESS = [
  ...STARTED_ONCE,
  ...readdirSync("test", { recursive: true, encoding: "utf8" })
    .map((path) => `test/${path.replaceAll("\\", "/")}`)
    .filter(replacesModules),
];

// Unit tests live in test/<room>/, what runs the package or real processes for long in test/end-to-end/. Most share a process
// with others, which loads and compiles modules once: a fifth of the processor time. They leave it as they found it.
export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    testTimeout: NEVER_MS,
    hookTimeout: NEVER_MS,
    pool: "forks",
    maxWorkers: 2,
    setupFiles: "test/equal-bytes.ts",
    projects: [
      { extends: true, test: { name: "own process", include: OWN_PROCESS } },
      {
        extends: true,
        test: {
          name: "shared process",
          include: ["test/**/*.test.ts"],
          exclude: OWN_PROCESS,
          isolate: false,
        },
      },
    ],
  },
});
