// A connection to a NATS server with JetStream. The packages that speak with it are optional, and loaded when a queue is
// asked for.

import type { JetStreamClient, JetStreamManager } from "@nats-io/jetstream";
import type { NatsConnection } from "@nats-io/transport-node";
import { EarshotError } from "../../../../errors.ts";
import { importPackage } from "../../../../platform/index.ts";
import { usageFault } from "../../session.ts";

export interface QueueConnection {
  readonly connection: NatsConnection;
  readonly jetstream: JetStreamClient;
  readonly manager: JetStreamManager;
}

/** Not written into the imports, so that neither compilers nor bundlers ask for packages that may not be there. */
const PACKAGES: readonly [string, string] = ["@nats-io/transport-node", "@nats-io/jetstream"];

type Transport = typeof import("@nats-io/transport-node");
type JetStream = typeof import("@nats-io/jetstream");

const RECONNECT_MS = 500;
const RECONNECT_ATTEMPTS = 120;
/** Then it is asked again. */
const ANSWER_MS = 2_000;

/** @throws EarshotError QUEUE_CLIENT_MISSING, QUEUE_UNREACHABLE, QUEUE_WITHOUT_JETSTREAM */
export async function connectQueue(address: string): Promise<QueueConnection> {
  const url = parseAddress(address);
  const [{ connect }, { jetstream, jetstreamManager }] = await loadQueuePackages();
  let connection: NatsConnection;
  try {
    connection = await connect({
      servers: url.host,
      user: plainText(url.username),
      pass: plainText(url.password),
      tls: url.protocol === "tls:" ? {} : undefined,
      name: "earshot",
      reconnectTimeWait: RECONNECT_MS,
      maxReconnectAttempts: RECONNECT_ATTEMPTS,
    });
  } catch (cause) {
    throw unreachable(url, cause);
  }
  try {
    return {
      connection,
      jetstream: jetstream(connection, { timeout: ANSWER_MS }),
      manager: await jetstreamManager(connection),
    };
  } catch (cause) {
    await connection.close();
    throw withoutJetStream(url, cause);
  }
}

function parseAddress(address: string): URL {
  const url = URL.canParse(address) ? new URL(address) : undefined;
  const isServer = url && ["nats:", "tls:"].includes(url.protocol) && url.host !== "";
  if (isServer && [url.username, url.password].every(isEncoded)) return url;
  const withoutPassword = address.replace(/\/\/.*@/, "//");
  throw usageFault(
    `--queue ${withoutPassword} is no address of a NATS server.`,
    "For example: --queue nats://queue:4222, or tls://USER:PASSWORD@queue:4222.",
  );
}

/** Whether each % stands before a byte in hexadecimal digits, and the bytes are UTF-8. */
function isEncoded(part: string): boolean {
  try {
    return decodeURIComponent(part) !== undefined;
  } catch {
    return false;
  }
}

const plainText = (part: string): string | undefined => decodeURIComponent(part) || undefined;

/** @throws EarshotError QUEUE_CLIENT_MISSING */
export async function loadQueuePackages([transport, jetstream] = PACKAGES): Promise<[Transport, JetStream]> {
  try {
    return [
      await importPackage(() => import(transport) as Promise<Transport>),
      await importPackage(() => import(jetstream) as Promise<JetStream>),
    ];
  } catch (cause) {
    throw new EarshotError(
      {
        code: "QUEUE_CLIENT_MISSING",
        problem: `The packages that speak with NATS are not there (${transport}, ${jetstream}).`,
        remedy: `Install them: npm install ${transport}@3 ${jetstream}@3`,
      },
      { cause },
    );
  }
}

/** Without the password. */
const placeOf = ({ protocol, host }: URL): string => `${protocol}//${host}`;

const unreachable = (url: URL, cause: unknown): EarshotError =>
  new EarshotError(
    {
      code: "QUEUE_UNREACHABLE",
      where: placeOf(url),
      problem: `The NATS server does not let us in: ${(cause as Error).message.replace(/\.$/, "")}.`,
      remedy: "Start one (nats-server --jetstream), or correct the address, user and password.",
    },
    { cause },
  );

const withoutJetStream = (url: URL, cause: unknown): EarshotError =>
  new EarshotError(
    {
      code: "QUEUE_WITHOUT_JETSTREAM",
      where: placeOf(url),
      problem: `The server keeps no queue: ${(cause as Error).message.replace(/\.$/, "")}.`,
      remedy: "Start it with JetStream: nats-server --jetstream --store_dir FOLDER",
    },
    { cause },
  );

/** The server did not come back. */
export const queueLost = (address: string): EarshotError =>
  new EarshotError({
    code: "QUEUE_LOST",
    where: placeOf(new URL(address)),
    problem: `The NATS server was away for longer than ${(RECONNECT_MS * RECONNECT_ATTEMPTS) / 1000} s.`,
    remedy: "Start it again, then run the command again: it goes on where it was.",
  });
