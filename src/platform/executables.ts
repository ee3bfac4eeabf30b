// Other programs on the machine, such as speech synthesizers, each run to its end.

export interface ExecutableOptions {
  /** What the program reads from its stdin; nothing by default. */
  readonly input?: string;
  readonly signal?: AbortSignal;
}

export interface ExecutableOutput {
  readonly stdout: Uint8Array;
  readonly stderr: string;
  /** 0 where all went well; undefined for a program that was ended by a signal or ran too long. */
  readonly exitCode: number | undefined;
}
