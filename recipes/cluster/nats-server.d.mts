export interface NatsProcess {
  readonly url: string;
  /** Ends it as a power cut would. */
  kill(): Promise<void>;
  /** Starts it again, with what it kept. */
  start(): Promise<void>;
}

export function startNats(store?: string): Promise<NatsProcess>;
