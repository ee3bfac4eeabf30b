// Room outside memory for what one piece of work sets aside: written at its end, read anywhere, never kept.

/** Its calls do not wait for the event loop: sorting and merging read a little of it at a time, and often. */
export interface ScratchFile {
  readonly bytes: number;
  /** @throws the error of the file system */
  append(content: Uint8Array): void;
  /** Fills `target` with the bytes from `position` on, which must have been written. */
  read(position: number, target: Uint8Array): void;
  /** Nothing of it is left. */
  close(): void;
}
