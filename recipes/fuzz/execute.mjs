// One execution and its judgment: a reader gives a result that makes sense, or an EarshotError; anything else is a
// finding, as are an input that takes more than two seconds and words on the console.

import { EarshotError } from "../../dist/errors.js";

const SLOWEST_MS = 2000; // of processor time: other work on the machine does not count

/** Undefined, or what is wrong. */
export async function execute(reader, input) {
  const start = process.cpuUsage();
  const [complaint, printed] = await listening(() => outcome(reader, input));
  const { user, system } = process.cpuUsage(start);
  const elapsedMs = (user + system) / 1000;
  return complaint ?? printed ?? (elapsedMs > SLOWEST_MS ? "slow: more than two seconds" : undefined);
}

/** A library prints nothing: it returns, or throws. */
async function listening(work) {
  const [emitWarning, error, warn] = [process.emitWarning, console.error, console.warn];
  let printed;
  process.emitWarning = console.error = console.warn = (words) => (printed ??= `printed: ${words}`);
  try {
    return [await work(), printed];
  } finally {
    Object.assign(process, { emitWarning });
    Object.assign(console, { error, warn });
  }
}

async function outcome(reader, input) {
  try {
    const complaint = reader.check(await reader.read(input), input);
    return complaint === undefined ? undefined : `wrong result: ${complaint}`;
  } catch (error) {
    if (!(error instanceof EarshotError)) return describe(error);
    if (!/^[A-Z][A-Z0-9_]+$/.test(error.code) || !error.problem || !error.remedy)
      return `half an error: ${error.message}`;
    // Decoding calls anything thrown inside it damage; what our own code throws there is a mistake all the same.
    return reader.isAudio && isOurs(error.cause) ? `hidden: ${describe(error.cause)}` : undefined;
  }
}

const isOurs = (cause) =>
  cause instanceof Error && !("cmd" in cause) && /^ +at .*\/dist\//.test(frameOf(cause));
const frameOf = ({ stack }) =>
  String(stack)
    .split("\n")
    .find((line) => /^ +at /.test(line)) ?? "";
const describe = (error) =>
  error instanceof Error
    ? `${error.name}: ${error.message.split("\n")[0]}${frameOf(error)}`
    : `thrown: ${error}`;
