// Which web pages may use the server: none but its own, unless they were named. WebSockets are not under a browser's rules for
// other requests, so the same is asked of them here; and where no key is needed, a page whose host only claims to be this
// machine (DNS rebinding) is none of its own. Browsers send no origin with a page's GETs to its own host: to such a page the
// names of models and the metrics can be read, and nothing else.

import { Refusal } from "../refusal.ts";

const OWN_HOSTS = new Set(["localhost", "127.0.0.1", "[::1]"]);

export class AllowedOrigins {
  readonly #origins: ReadonlySet<string>;

  /** @param origins such as "https://example.org"; "*" for all */
  constructor(origins: readonly string[]) {
    this.#origins = new Set(origins);
  }

  /** Whether a page of this origin, other than the server's own, may read answers. */
  isNamed(origin: string): boolean {
    return this.#origins.has("*") || this.#origins.has(origin);
  }

  /** @param origin of the header, which only browsers send @throws Refusal not_allowed */
  check(origin: string | undefined, host: string | undefined): void {
    if (origin === undefined || this.isNamed(origin) || isOwn(origin, host)) return;
    throw new Refusal(
      "not_allowed",
      "Pages of this origin may not use the server (--cors names those that may).",
      {
        code: "origin_not_allowed",
      },
    );
  }
}

function isOwn(origin: string, host: string | undefined): boolean {
  if (!URL.canParse(origin)) return false;
  const { host: ofOrigin, hostname } = new URL(origin);
  return ofOrigin === host && (OWN_HOSTS.has(hostname) || /^[\d.]+$|^\[/.test(hostname));
}
