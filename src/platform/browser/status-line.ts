// Lines in a browser's console. The moving line is the page's own to draw, from the events that work emits.

import type { StatusLine } from "../status-line.ts";

export const openStatusLine = (): StatusLine => CONSOLE_LINE;

const CONSOLE_LINE: StatusLine = {
  interactive: false,
  note: (text) => console.info(text),
  progress: () => undefined,
  write: (text) => console.log(text),
  clear: () => undefined,
};
