// Archives unpacked into a folder of a disk: what is asked of a platform, and what it tells meanwhile.

export interface UnpackProgress {
  readonly files: number;
  /** Unpacked. */
  readonly bytes: number;
}

export interface UnpackOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: UnpackProgress) => void;
}
