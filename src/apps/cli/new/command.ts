// An ordinary command within this one: its progress and warnings go to the same screen, its results come back as objects.

import { EarshotError, type Warning } from "../../../errors.ts";
import { Output } from "../output.ts";
import { EXIT, interrupted, type Session } from "../session.ts";

export type RunCommandLine = (argv: readonly string[], session: Session) => Promise<void>;

type Result = Readonly<Record<string, unknown>>;

/** Warnings whose remedy is not one of `earshot new`, which says in its own way what they mean. */
const NOT_TOLD = new Set(["UNSPELLABLE_SENTENCES"]);

class InnerOutput extends Output {
  override warn(warning: Warning, where?: string): void {
    if (!NOT_TOLD.has(warning.code)) super.warn(warning, where);
  }
}

/**
 * @param argv without --json @param onResult is given each line as it comes
 * @returns the last line
 * @throws EarshotError of the command
 */
export async function runCommand(
  argv: readonly string[],
  run: RunCommandLine,
  { output, signal }: Session,
  onResult: (result: Result) => void = () => undefined,
): Promise<Result> {
  let [last, rest]: [Result, string] = [{}, ""];
  const write = (text: string): void => {
    const lines = (rest + text).split("\n");
    rest = lines.pop()!;
    for (const line of lines) {
      last = JSON.parse(line) as Result;
      if (!("error" in last)) onResult(last);
    }
  };
  const inner = new InnerOutput(true, {
    interactive: output.interactive,
    write,
    note: (text) => output.note(text),
    progress: (text) => output.progress(text),
    clear: () => output.clearProgress(),
  });
  const session: Session = { output: inner, signal, exitCode: EXIT.done };
  await run([...argv, "--json"], session);
  if (session.exitCode === EXIT.interrupted) throw interrupted("Run the command again.");
  if (session.exitCode > EXIT.findings) throw errorOf(last);
  return last;
}

function errorOf({ error }: Result): EarshotError {
  const { code, message, remedy } = error as { code: string; message: string; remedy: string };
  return new EarshotError({ code, problem: message, remedy });
}
