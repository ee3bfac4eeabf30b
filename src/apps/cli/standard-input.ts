// A recording on stdin, which a command names "-": the bytes of a file in any format, read to their end.

import { EarshotError } from "../../errors.ts";
import { usageFault } from "./session.ts";
import type { Session } from "./session.ts";

export const STANDARD_INPUT = "-";

/** What is read before it is certain that no recording can be meant; a file is not read beyond it either. */
const MOST_BYTES = 2 ** 31;

/** @param operands among which "-" may be, once @throws USAGE */
export function checkStandardInput(operands: readonly string[], command: string): void {
  const count = operands.filter((operand) => operand === STANDARD_INPUT).length;
  if (count > 1)
    throw usageFault('"-" is given more than once, but stdin is one recording.', "Leave one out.");
  if (count === 1 && process.stdin.isTTY)
    throw usageFault('"-" is a recording on stdin, and stdin is a terminal.', `Try: ${pipeInto(command)}`);
}

/** @throws EMPTY_AUDIO, LONG_AUDIO, the signal's reason */
export async function readStandardInput(command: string, { signal }: Session): Promise<Uint8Array> {
  const end = (): unknown => process.stdin.destroy(signal.reason as Error);
  signal.addEventListener("abort", end, { once: true });
  const pieces: Buffer[] = [];
  let length = 0;
  for await (const piece of process.stdin as AsyncIterable<Buffer>) {
    pieces.push(piece);
    length += piece.length;
    if (length > MOST_BYTES) throw endless();
  }
  signal.removeEventListener("abort", end);
  if (length === 0) throw nothingCame(command);
  return Buffer.concat(pieces);
}

const pipeInto = (command: string): string => `earshot ${command} - -m model.safetensors < hello.wav`;

function nothingCame(command: string): EarshotError {
  const remedy = `Give it a recording: ${pipeInto(command)}`;
  return new EarshotError({
    code: "EMPTY_AUDIO",
    where: STANDARD_INPUT,
    problem: "Nothing came on stdin.",
    remedy,
  });
}

function endless(): EarshotError {
  return new EarshotError({
    code: "LONG_AUDIO",
    where: STANDARD_INPUT,
    problem: "More than 2 GiB came on stdin.",
    remedy: "Cut the recording into hours, and give each by itself.",
  });
}
