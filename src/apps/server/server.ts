// The server, from its options to its end: models, ports, and the order in which it stops.

import { readFileSync } from "node:fs";
import {
  createServer,
  type IncomingMessage,
  type Server as HttpServer,
  type ServerResponse,
} from "node:http";
import { createServer as createSecureServer } from "node:https";
import { createServer as createTcpServer, type Server, type Socket } from "node:net";
import { getRequestListener } from "@hono/node-server";
import { deepgramFiles } from "./dialects/deepgram-files.ts";
import { deepgramLive } from "./dialects/deepgram-live.ts";
import { openAiFiles } from "./dialects/openai-files.ts";
import { openAiRealtime } from "./dialects/openai-realtime.ts";
import { vosk } from "./dialects/vosk.ts";
import { converseWyoming } from "./dialects/wyoming.ts";
import { wyomingError } from "./dialects/wyoming-frames.ts";
import { serverApp } from "./http/app.ts";
import { readWithoutOffer } from "./http/other-protocols.ts";
import { AllowedOrigins, isLoopback } from "./http/origins.ts";
import { removeLeftRecordings } from "./http/temporary-recordings.ts";
import {
  answerBrokenRequests,
  answerRaw,
  answerUnreadable,
  endWith,
  isTurnedAway,
  limitConnections,
} from "./http/raw-answers.ts";
import { upgrades } from "./live/upgrade.ts";
import { hostInUrl, listen } from "./listen.ts";
import { Models, type ModelEntry } from "./models/models.ts";
import type { ServedModelOptions } from "./models/served-model.ts";
import { Admission } from "./operation/admission.ts";
import { ANYBODY, Keys } from "./operation/keys.ts";
import { ServerLog } from "./operation/log.ts";
import { ServerMetrics } from "./operation/metrics.ts";
import type { ServerContext } from "./server-context.ts";
import type { ServerLimits } from "./settings.ts";

export interface ServerOptions {
  readonly models: readonly ModelEntry[];
  readonly modelOptions?: ServedModelOptions;
  readonly limits: ServerLimits;
  readonly host: string;
  /** 0: a free one. */
  readonly port: number;
  readonly wyomingPort?: number;
  readonly keys?: Keys;
  readonly tls?: { readonly cert: Buffer; readonly key: Buffer };
  /** Origins of web pages that may use it. */
  readonly cors?: readonly string[];
  /** Of the models: "en", or several as "nl,de". */
  readonly language: string;
  /** Takes a line of the log. */
  readonly writeLog: (line: string) => void;
  readonly logTexts?: boolean;
}

export interface Listening {
  readonly http: string;
  readonly wyoming?: string;
}

const WATCH_MS = 2_000;
/** For the last answers and close frames. */
const ANSWER_MS = 2_000;
/** From one look at connections that are too slow to the next. */
const CONNECTION_CHECK_MS = 1_000;

export class EarshotServer {
  readonly listening: Listening;
  readonly #context: ServerContext;
  readonly #servers: readonly ClosableServer[];
  #watch: NodeJS.Timeout | undefined;

  private constructor(context: ServerContext, servers: readonly ClosableServer[], listening: Listening) {
    this.#context = context;
    this.#servers = servers;
    this.listening = listening;
  }

  /** Resolves once the ports are listening. @throws CANNOT_LISTEN, and what models and certificates throw */
  static async start(options: ServerOptions): Promise<EarshotServer> {
    await removeLeftRecordings();
    const models = await Models.load(options.models, {
      streamBatch: options.limits.streamBatch,
      streamWorkers: options.limits.streamWorkers,
      fileWorkers: options.limits.fileWorkers,
      ...options.modelOptions,
    });
    try {
      const context = contextOf(options, models);
      const http = closable(httpServer(options, context));
      const wyoming = options.wyomingPort === undefined ? undefined : closable(wyomingServer(context));
      const servers = wyoming ? [http, wyoming] : [http];
      return new EarshotServer(context, servers, await listening(options, http, wyoming));
    } catch (error) {
      await models.close();
      throw error;
    }
  }

  /** Loads models again, all or those whose file has changed; streams that are open keep theirs. */
  reload(which: "changed" | "all" = "all"): Promise<void> {
    const { models, metrics, log } = this.#context;
    return models.reload((model, failure) => {
      metrics.reloads.add({ model, outcome: failure === undefined ? "loaded" : "failed" });
      if (failure === undefined) log.info("model loaded", { model });
      else log.warn("model kept", { model, error: (failure as Error).message });
    }, which);
  }

  /** Loads models again when their file has changed. */
  watch(everyMs = WATCH_MS): void {
    this.#watch = setInterval(() => void this.reload("changed"), everyMs).unref();
  }

  /** Conversations and files finish within the limit, nobody new is let in; then everything is closed. */
  async drain(): Promise<void> {
    const { admission, limits, log } = this.#context;
    const { conversations, streams, files } = admission;
    log.info("draining", { conversations, streams, files });
    let timer: NodeJS.Timeout | undefined;
    const late = new Promise<void>((resolve) => (timer = setTimeout(resolve, 1000 * limits.drainSeconds)));
    await Promise.race([admission.drain(), late]);
    clearTimeout(timer);
    admission.endAll();
    await this.close(ANSWER_MS);
  }

  /** At once. @param answerMs for answers that are on their way */
  async close(answerMs = 0): Promise<void> {
    clearInterval(this.#watch);
    await Promise.all(this.#servers.map((server) => server.close(answerMs)));
    await this.#context.models.close();
  }
}

function contextOf(options: ServerOptions, models: Models): ServerContext {
  const { limits, keys = Keys.none(), language } = options;
  const [admission, metrics] = [new Admission(limits), new ServerMetrics()];
  watchCounts(metrics, admission);
  const started = Date.now().toString(36);
  let ids = 0;
  return {
    models,
    limits,
    admission,
    metrics,
    keys,
    languages: language
      .split(",")
      .map((code) => code.trim())
      .filter((code) => code !== ""),
    log: new ServerLog(options.writeLog, { texts: options.logTexts }),
    version: versionOf(),
    newId: (kind) => `${kind}_${started}${(ids++).toString(36).padStart(6, "0")}`,
  };
}

/** What is counted elsewhere, as `/metrics` shows it. */
function watchCounts(metrics: ServerMetrics, admission: Admission): void {
  metrics.watch("gauge", "earshot_streams_open", "Live streams that are open.", () => admission.streams);
  metrics.watch(
    "gauge",
    "earshot_conversations_open",
    "WebSockets and Wyoming connections that are open.",
    () => admission.conversations,
  );
  metrics.watch(
    "gauge",
    "earshot_files_waiting",
    "Files that wait or are being transcribed.",
    () => admission.files,
  );
  metrics.watch("gauge", "process_resident_memory_bytes", "Memory of the process.", () =>
    process.memoryUsage.rss(),
  );
  metrics.watch("counter", "process_cpu_seconds_total", "Time of the processor.", cpuSeconds);
}

function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

function versionOf(): string {
  const file = new URL("../../../package.json", import.meta.url);
  return (JSON.parse(readFileSync(file, "utf8")) as { version: string }).version;
}

function httpServer({ tls, limits, host, cors = [] }: ServerOptions, context: ServerContext): HttpServer {
  const origins = new AllowedOrigins(cors, { needsKeys: context.keys.areNeeded, isLocal: isLoopback(host) });
  const listener = getRequestListener(serverApp(context, [openAiFiles, deepgramFiles], origins).fetch, {
    overrideGlobalObjects: false,
    hostname: "localhost", // where HTTP/1.0 names none
    errorHandler: (error) => answerUnreadable(error, context),
  });
  const options = {
    headersTimeout: 1000 * limits.headerSeconds,
    requestTimeout: 1000 * limits.uploadSeconds,
    connectionsCheckingInterval: CONNECTION_CHECK_MS,
    keepAliveTimeout: 30_000,
  };
  const onRequest = (request: IncomingMessage, response: ServerResponse) => {
    if (isTurnedAway(request.socket)) return;
    response.setTimeout(1000 * limits.idleSeconds, () => hangUpOnSlowReader(request.socket, context));
    void listener(request, response);
  };
  const server = tls
    ? createSecureServer({ ...options, ...tls, handshakeTimeout: 1000 * limits.headerSeconds }, onRequest)
    : createServer(options, onRequest);
  limitConnections(server, limits.connections, context, tls ? undefined : answerRaw);
  answerBrokenRequests(server, context);
  const openSocket = upgrades([vosk, deepgramLive, openAiRealtime], context, origins);
  server.on("upgrade", (request, socket, head) => {
    if (isTurnedAway(socket)) return;
    if (request.headers.upgrade?.toLowerCase() === "websocket") openSocket(request, socket, head);
    else readWithoutOffer(server, request, socket, head);
  });
  return server;
}

/** Of a socket where nothing moved: unless an answer waits to be read, it is the client that waits. */
function hangUpOnSlowReader(socket: Socket, { metrics }: ServerContext): void {
  if (socket.writableLength === 0) return;
  metrics.refusals.add({ reason: "slow_reader" });
  socket.destroy();
}

function wyomingServer(context: ServerContext): Server {
  const { limits, newId, log } = context;
  const server = createTcpServer((socket) => {
    if (isTurnedAway(socket)) return;
    const client = { requestId: newId("tcp"), key: ANYBODY };
    socket.on("error", () => socket.destroy());
    converseWyoming(socket, client, context).catch((error: unknown) => {
      log.warn("failed", { request: client.requestId, error: String((error as Error)?.stack ?? error) });
      socket.destroy();
    });
  });
  limitConnections(server, limits.connections, context, (socket, refusal) => {
    endWith(socket, wyomingError(refusal, context.version));
  });
  return server;
}

async function listening(
  { host, port, tls, wyomingPort }: ServerOptions,
  http: ClosableServer,
  wyoming: ClosableServer | undefined,
): Promise<Listening> {
  try {
    const own = await listen(http.server, port, host);
    const address = { http: `${tls ? "https" : "http"}://${hostInUrl(host)}:${own}` };
    if (!wyoming) return address;
    return {
      ...address,
      wyoming: `tcp://${hostInUrl(host)}:${await listen(wyoming.server, wyomingPort!, host)}`,
    };
  } catch (error) {
    await Promise.all([http.close(0), wyoming?.close(0)]);
    throw error;
  }
}

interface ClosableServer {
  readonly server: Server;
  /** @param answerMs that connections with a request under way have */
  close(answerMs: number): Promise<void>;
}

function closable(server: Server): ClosableServer {
  const sockets = new Set<Socket>();
  server.on("connection", (socket) => {
    sockets.add(socket);
    socket.once("close", () => sockets.delete(socket));
  });
  return {
    server,
    async close(answerMs) {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      if ("closeIdleConnections" in server) (server as HttpServer).closeIdleConnections();
      const end = setTimeout(() => sockets.forEach((socket) => socket.destroy()), answerMs);
      await closed;
      clearTimeout(end);
    },
  };
}
