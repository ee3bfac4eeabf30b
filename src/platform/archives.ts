// Options and progress of unpacking an archive into a folder on a disk.

export interface UnpackProgress {
  readonly files: number;
  /** After unpacking. */
  readonly bytes: number;
}

export interface UnpackOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: UnpackProgress) => void;
}
