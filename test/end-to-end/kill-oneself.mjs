// Loaded before a program: its process ends by SIGKILL, as in a power cut, so many milliseconds after so many writes to its
// stdout. It counts in the process itself, so that on a busy machine the kill does not come when all is over.
// EARSHOT_KILL_AFTER is "<writes> <milliseconds>".

import { isMainThread } from "node:worker_threads";

const [writes, ms] = process.env.EARSHOT_KILL_AFTER.split(" ").map(Number);
const die = () => setTimeout(() => process.kill(process.pid, "SIGKILL"), ms);

if (isMainThread) {
  const { stdout } = process;
  const write = stdout.write.bind(stdout);
  let left = writes;
  if (left === 0) die();
  stdout.write = (...parameters) => {
    if (--left === 0) die();
    return write(...parameters);
  };
}
