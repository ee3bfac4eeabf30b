import { defineConfig } from "vitest/config";

const conditions = ["earshot-source", "node", "import", "default"];

// Unit tests live in test/<room>/ and finish within a minute together; long proofs live in test/end-to-end/.
export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions } },
  test: {
    include: ["test/**/*.test.ts"],
    testTimeout: 60_000,
    hookTimeout: 60_000,
    pool: "forks",
    maxWorkers: 2,
  },
});
