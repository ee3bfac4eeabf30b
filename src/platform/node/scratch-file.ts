// A scratch file on disk. Its name is removed as soon as it is open, where the system allows that, so that even a crash
// leaves nothing behind.

import { closeSync, openSync, readSync, rmSync, unlinkSync, writeSync } from "node:fs";
import { randomUUID } from "node:crypto";
import { tmpdir } from "node:os";
import { join } from "./path.ts";
import type { ScratchFile } from "../scratch-file.ts";

/** @param folder where it lies; by default where the system keeps such files */
export function openScratchFile(folder: string = tmpdir()): ScratchFile {
  return new DiskScratchFile(join(folder, `.earshot-scratch.${randomUUID()}.tmp`));
}

class DiskScratchFile implements ScratchFile {
  bytes = 0;
  readonly #path: string;
  readonly #file: number;

  constructor(path: string) {
    this.#path = path;
    this.#file = openSync(path, "wx+");
    try {
      unlinkSync(path);
    } catch {
      // Windows keeps the name of an open file: close() removes it
    }
  }

  append(content: Uint8Array): void {
    for (let at = 0; at < content.length;)
      at += writeSync(this.#file, content, at, content.length - at, this.bytes + at);
    this.bytes += content.length;
  }

  read(position: number, target: Uint8Array): void {
    for (let at = 0; at < target.length;)
      at += readSync(this.#file, target, at, target.length - at, position + at);
  }

  close(): void {
    closeSync(this.#file);
    rmSync(this.#path, { force: true });
  }
}
