// What a person sees of a learner's work: progress on stderr, results on stdout; or nothing.

import type { Warning } from "../errors.ts";
import { openStatusLine } from "../platform/index.ts";
import type { Display } from "../training/index.ts";

export interface Screen extends Display {
  /** A result. */
  readonly write: (text: string) => void;
  /** Takes the moving line away. */
  readonly clear: () => void;
}

const nothing = (): void => undefined;
export const NO_SCREEN: Screen = {
  note: nothing,
  progress: nothing,
  warn: nothing,
  write: nothing,
  clear: nothing,
};

export function openScreen(): Screen {
  const status = openStatusLine();
  return {
    note: (text) => status.note(text),
    progress: (text) => status.progress(text),
    warn: ({ code, message }: Warning) => status.note(`warning: ${code}  ${message}`),
    write: (text) => status.write(text),
    clear: () => status.clear(),
  };
}
