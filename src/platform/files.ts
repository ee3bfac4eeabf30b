// What a path leads to.

export interface FileFacts {
  /** "other": a device, a pipe. */
  readonly kind: "file" | "folder" | "other";
  readonly bytes: number;
  /** Time of the last change, in ms since 1970. */
  readonly modifiedMs: number;
}
