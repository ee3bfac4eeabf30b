import { defineConfig } from "vitest/config";

const conditions = ["earshot-source", "node", "import", "default"];
/** Only what hangs is ended: no test goes by the clock, and other work may share the machine. */
const NEVER_MS = 20 * 60_000;

/** Rooms whose tests change nothing in their process: modules are loaded once for all their files, in half the time. */
const SHARED = ["ctc", "evaluation", "graph", "ground", "lm", "model", "report", "text"].map(
  (room) => `test/${room}/**/*.test.ts`,
);

// Unit tests live in test/<room>/, what runs the package or real processes for long in test/end-to-end/.
export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    testTimeout: NEVER_MS,
    hookTimeout: NEVER_MS,
    pool: "forks",
    maxWorkers: 2,
    projects: [
      {
        extends: true,
        test: { name: "own process", include: ["test/**/*.test.ts"], exclude: SHARED },
      },
      { extends: true, test: { name: "shared process", include: SHARED, isolate: false } },
    ],
  },
});
