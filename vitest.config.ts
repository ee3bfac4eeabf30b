import { defineConfig } from "vitest/config";

const conditions = ["earshot-source", "node", "import", "default"];

/** Only what hangs is ended: no test goes by the clock, and other work may share the machine. */
const NEVER_MS = 20 * 60_000;

// Unit tests live in test/<room>/, what runs the package or real processes for long in test/end-to-end/.
export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: ["test/**/*.test.ts"],
    testTimeout: NEVER_MS,
    hookTimeout: NEVER_MS,
    pool: "forks",
    maxWorkers: 2,
  },
});
