// Which web pages may use the server: none but its own, unless they were named. WebSockets are not under a browser's rules for
// other requests, so the same is asked of them here. A page whose host only claims to be this machine (DNS rebinding) is none of
// its own; browsers send no origin with such a page's GETs, so that a server for this machine alone, which needs no keys, asks
// for a host that is this machine, too.

import { Refusal } from "../refusal.ts";

const OWN_HOSTS = new Set(["localhost", "127.0.0.1", "[::1]"]);

/** Whether only this machine reaches a server that listens there. */
export const isLoopback = (address: string): boolean => ["127.0.0.1", "::1", "localhost"].includes(address);

export class AllowedOrigins {
  readonly #origins: ReadonlySet<string>;
  readonly #hosts: ReadonlySet<string> | undefined;

  /**
   * @param origins such as "https://example.org"; "*" for all
   * @param isOpen whether any host is taken: where keys are needed, or other machines are let in
   */
  constructor(origins: readonly string[], isOpen: boolean) {
    this.#origins = new Set(origins);
    const hosts = origins.filter((origin) => URL.canParse(origin)).map((origin) => new URL(origin).hostname);
    this.#hosts = isOpen || this.#origins.has("*") ? undefined : new Set(hosts);
  }

  /** Whether a page of this origin, other than the server's own, may read answers. */
  isNamed(origin: string): boolean {
    return this.#origins.has("*") || this.#origins.has(origin);
  }

  /** @param origin of the header, which only browsers send @throws Refusal not_allowed */
  check(origin: string | undefined, host: string | undefined): void {
    if (!this.#takesHost(host)) throw foreignHost();
    if (origin === undefined || this.isNamed(origin) || isOwn(origin, host)) return;
    throw foreignOrigin();
  }

  /** @param host undefined of clients that are no browsers, such as load balancers */
  #takesHost(host: string | undefined): boolean {
    if (this.#hosts === undefined || host === undefined) return true;
    const { hostname } = URL.canParse(`http://${host}`) ? new URL(`http://${host}`) : { hostname: host };
    return isMachine(hostname) || this.#hosts.has(hostname);
  }
}

/** Whether no other machine's name server says which machine this is. */
const isMachine = (hostname: string): boolean =>
  OWN_HOSTS.has(hostname) || hostname.endsWith(".localhost") || /^[\d.]+$|^\[/.test(hostname);

function isOwn(origin: string, host: string | undefined): boolean {
  if (!URL.canParse(origin)) return false;
  const { host: ofOrigin, hostname } = new URL(origin);
  return ofOrigin === host && isMachine(hostname);
}

function foreignOrigin(): Refusal {
  return new Refusal(
    "not_allowed",
    "Pages of this origin may not use the server (--cors names those that may).",
    { code: "origin_not_allowed" },
  );
}

function foreignHost(): Refusal {
  return new Refusal(
    "not_allowed",
    "The server is asked for by a name that is not this machine's: start it with --cors https://NAME, or with --keys.",
    { code: "host_not_allowed" },
  );
}
