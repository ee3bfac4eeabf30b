// Options and progress of fetching a large file over HTTP to a disk.

export interface Checksum {
  readonly algorithm: "sha256" | "md5";
  /** In lower case. */
  readonly hex: string;
}

export interface FetchProgress {
  readonly bytes: number;
  /** Undefined when the server does not say. */
  readonly ofBytes?: number;
}

export interface FetchOptions {
  readonly checksum?: Checksum;
  /** Attempts that bring nothing, in a row, before giving up. */
  readonly attempts?: number;
  /** Before the second attempt; doubles with each. */
  readonly pauseMs?: number;
  readonly signal?: AbortSignal;
  readonly onProgress?: (progress: FetchProgress) => void;
}
