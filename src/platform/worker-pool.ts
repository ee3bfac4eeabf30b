// Several workers of one kind, so that many calls run at once. A thread starts when there is work for it, keeps the
// process alive only while it works, and is replaced when it dies. Knows nothing of the work.

import type { EarshotError } from "../errors.ts";
import { WorkerClient, type CallResult, type Handlers, type WorkerThread } from "./worker.ts";

/** The errors of a pool, worded for its work. `subject` is what the call was about. */
export interface PoolFaults {
  died(subject: string, cause: Error): EarshotError;
  closed(subject: string): EarshotError;
}

export interface PoolOptions {
  readonly start: () => WorkerThread;
  /** Threads at most. */
  readonly size: number;
  readonly faults: PoolFaults;
}

export interface PoolCallOptions {
  /** What the call is about, such as a recording: faults name it. */
  readonly subject: string;
  /** Buffers that move to the worker instead of being copied. */
  readonly transfer?: readonly ArrayBuffer[];
  /** Ends the waiting; a call that a thread has begun is finished there, and its result is dropped. */
  readonly signal?: AbortSignal;
}

interface Task<Work extends Handlers> {
  readonly subject: string;
  readonly signal?: AbortSignal;
  /** @returns a function that settles the call, to be called once the thread is free again */
  run(client: WorkerClient<Work>): Promise<() => void>;
  reject(reason: unknown): void;
}

interface Member<Work extends Handlers> {
  readonly client: WorkerClient<Work>;
  task: Task<Work> | undefined;
}

export class WorkerPool<Work extends Handlers> {
  readonly #options: PoolOptions;
  readonly #members = new Set<Member<Work>>();
  #idle: Member<Work>[] = [];
  #queue: Task<Work>[] = [];
  /** One listener for each signal, however many calls it may end: platforms warn of many. */
  readonly #abortable = new Map<AbortSignal, Set<Task<Work>>>();
  #closed = false;

  constructor(options: PoolOptions) {
    this.#options = options;
  }

  /** Threads at most. */
  get size(): number {
    return this.#options.size;
  }

  /**
   * Calls start in their order.
   * @throws EarshotError of the work, of a thread's death, of a closed pool; or the signal's reason
   */
  call<Name extends keyof Work & string>(
    name: Name,
    parameters: Parameters<Work[Name]>,
    { subject, transfer, signal }: PoolCallOptions,
  ): Promise<CallResult<Work[Name]>> {
    return new Promise((resolve, reject) => {
      if (this.#closed) return reject(this.#options.faults.closed(subject));
      if (signal?.aborted) return reject(signal.reason as Error);
      const task: Task<Work> = {
        subject,
        signal,
        run: (client) =>
          client.call(name, parameters, transfer).then(
            (result) => () => resolve(result),
            (error: unknown) => () => reject(error as Error),
          ),
        reject,
      };
      this.#watch(task);
      this.#queue.push(task);
      this.#dispatch();
    });
  }

  /** Ends the threads; calls under way are rejected. */
  async close(): Promise<void> {
    this.#closed = true;
    const { closed } = this.#options.faults;
    const waiting = this.#queue;
    this.#queue = [];
    for (const task of waiting) this.#drop(task, closed(task.subject));
    const ending = [...this.#members].map(({ client, task }) => client.close(closed(task?.subject ?? "")));
    await Promise.all(ending);
  }

  #dispatch(): void {
    while (this.#queue.length > 0 && (this.#idle.length > 0 || this.#members.size < this.size)) {
      const task = this.#queue.shift() as Task<Work>;
      try {
        void this.#work(this.#idle.pop() ?? this.#start(), task);
      } catch (error) {
        this.#drop(task, error); // no thread could be started
      }
    }
  }

  async #work(member: Member<Work>, task: Task<Work>): Promise<void> {
    member.task = task;
    const settle = await task.run(member.client);
    this.#unwatch(task);
    member.task = undefined;
    if (!member.client.dead) this.#idle.push(member);
    this.#dispatch();
    settle();
  }

  #start(): Member<Work> {
    const client = new WorkerClient<Work>(this.#options.start(), (cause) => this.#removeDead(member, cause));
    const member: Member<Work> = { client, task: undefined };
    this.#members.add(member);
    return member;
  }

  #removeDead(member: Member<Work>, cause: Error): EarshotError {
    this.#members.delete(member);
    this.#idle = this.#idle.filter((other) => other !== member);
    return this.#options.faults.died(member.task?.subject ?? "", cause);
  }

  #drop(task: Task<Work>, reason: unknown): void {
    this.#unwatch(task);
    task.reject(reason);
  }

  #watch(task: Task<Work>): void {
    const { signal } = task;
    if (signal === undefined) return;
    const tasks = this.#abortable.get(signal) ?? new Set();
    if (tasks.size === 0) signal.addEventListener("abort", this.#abort);
    this.#abortable.set(signal, tasks.add(task));
  }

  #unwatch(task: Task<Work>): void {
    const { signal } = task;
    const tasks = signal && this.#abortable.get(signal);
    if (!signal || !tasks?.delete(task) || tasks.size > 0) return;
    signal.removeEventListener("abort", this.#abort);
    this.#abortable.delete(signal);
  }

  readonly #abort = ({ target }: Event): void => {
    const signal = target as AbortSignal;
    const tasks = this.#abortable.get(signal) ?? new Set();
    this.#abortable.delete(signal);
    this.#queue = this.#queue.filter((task) => !tasks.has(task));
    for (const task of tasks) task.reject(signal.reason);
  };
}
