// The worker of the tests in a thread or a process of Node, by the build's own `serve`. Its work is that of work.ts.

import { EarshotError } from "../../dist/errors.js";
import { serve, serveProcess, Transferred } from "../../dist/platform/index.js";

const work = {
  double: (n) => 2 * n,
  addUp: (copied, moved) =>
    new Transferred({ sum: [...copied, ...moved].reduce((sum, n) => sum + n, 0), wasEmptied: true }, [
      moved.buffer,
    ]),
  refuse() {
    const [problem, remedy] = ["It will not.", "Ask for something else."];
    throw new EarshotError({ code: "REFUSED", where: "here", problem, remedy });
  },
  stumble() {
    throw new Error("oh");
  },
  /** Keeps the thread to itself, as native code does, and says when it is through. */
  occupy(flag) {
    const end = performance.now() + 300;
    Atomics.store(flag, 0, 1);
    while (performance.now() < end);
    Atomics.store(flag, 0, 2);
  },
  giveFunction: () => () => 1,
  waitForever: () => new Promise(() => undefined),
  die: () => process.exit(3),
};

const unexpected = (error) => ({ code: "UNEXPECTED", problem: error.message, remedy: "Again." });
serve(work, unexpected);
serveProcess(work, unexpected);
