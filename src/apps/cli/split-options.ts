// Options of the commands that divide a corpus.

import { InvalidArgumentError } from "commander";

export function parseShare(text: string): number {
  const share = /^(?:0|0?\.\d+)$/.test(text) ? Number(text) : Number.NaN;
  if (!(share >= 0 && share <= 0.5))
    throw new InvalidArgumentError("It is a fraction from 0 to 0.5, such as 0.1.");
  return share;
}
