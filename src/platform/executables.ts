// Other programs on the machine, such as speech synthesizers, each run to its end.

export interface ExecutableOptions {
  /** What the program reads from its stdin; nothing by default. */
  readonly input?: string;
  /** After which it is ended; 60 by default. */
  readonly limitSeconds?: number;
  readonly signal?: AbortSignal;
}

export interface ExecutableOutput {
  readonly stdout: Uint8Array;
  readonly stderr: string;
  /** 0 where all went well; undefined for a program that did not end by itself. */
  readonly exitCode: number | undefined;
  /** What ended it then, as part of a sentence. */
  readonly endedBy?: string;
}
