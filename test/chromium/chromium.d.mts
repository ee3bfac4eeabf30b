// The types of chromium.mjs, for tests.

import type { Browser, BrowserContextOptions, Page } from "playwright-core";

/** The Chromium of the PATH, undefined where there is none. */
export declare const chromiumPath: string | undefined;
/** Why tests in Chromium are skipped; undefined where they are not. */
export declare const noChromium: string | undefined;

export interface ChromiumOptions {
  /** A WAV file that is the microphone. */
  readonly microphone?: string;
  /** Folders that are served, by their path. dist/ is always at /dist/. */
  readonly folders?: Readonly<Record<string, string>>;
  /** Of every answer of the server. */
  readonly headers?: Readonly<Record<string, string>>;
  /** More of Chromium's own. */
  readonly flags?: readonly string[];
}

export interface StaticServer {
  readonly origin: string;
  /** Paths, in the order of asking. */
  readonly requests: string[];
  readonly close: () => Promise<void>;
}

export interface TabPage extends Page {
  /** What was asked of anybody but the server. */
  readonly foreign: string[];
  /** Calls a function that a module exports, such as one of /in-tab/, with plain data. */
  call<Result>(module: string, name: string, ...parameters: readonly unknown[]): Promise<Result>;
}

export interface OpenChromium {
  readonly browser: Browser;
  readonly server: StaticServer;
  /** A page with storage of its own. @param options Playwright's of a context, and the path, "/" by default */
  page(options?: BrowserContextOptions & { readonly path?: string }): Promise<TabPage>;
  /** Processor time that the pages which are open have taken. */
  cpuSeconds(): Promise<number>;
  /** @throws Error where an error of a page was caught by nobody */
  close(): Promise<void>;
}

export declare function openChromium(options?: ChromiumOptions): Promise<OpenChromium>;
