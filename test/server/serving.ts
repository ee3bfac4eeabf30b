// A server in this process, on a free port of this machine, with the model that hears tones.

import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { EarshotServer, serverLimits, type ServerOptions } from "../../src/apps/server/index.ts";
import { writeModelFile } from "../../src/model/index.ts";
import { toneModel } from "./tone-model.ts";

export interface Serving {
  readonly server: EarshotServer;
  /** Of HTTP, such as "http://127.0.0.1:1234". */
  readonly url: string;
  readonly modelPath: string;
  readonly folder: string;
  /** Lines of the log so far. */
  readonly log: Record<string, unknown>[];
  metrics(): Promise<string>;
  /** Waits until a series of the metrics has this value. */
  until(series: string, value: number): Promise<void>;
  close(): Promise<void>;
}

export interface ServingOptions extends Partial<Omit<ServerOptions, "limits">> {
  readonly limits?: Parameters<typeof serverLimits.parse>[0];
}

/** Of a series for its value, however busy the machine is. */
const LONGEST_WAIT_MS = 60_000;

export async function startServing({ limits = {}, ...options }: ServingOptions = {}): Promise<Serving> {
  const folder = mkdtempSync(join(tmpdir(), "earshot-server-test-"));
  const modelPath = join(folder, "tones.safetensors");
  writeFileSync(modelPath, writeModelFile(toneModel()));
  const log: Record<string, unknown>[] = [];
  const server = await EarshotServer.start({
    models: [{ names: ["tones"], path: modelPath }],
    modelOptions: { threads: 1 },
    limits: serverLimits.parse({ drainSeconds: 30, ...(limits as object) }),
    host: "127.0.0.1",
    port: 0,
    language: "en",
    writeLog: (line) => void log.push(JSON.parse(line) as Record<string, unknown>),
    ...options,
  });
  const url = server.listening.http;
  const metrics = async () => (await fetch(`${url}/metrics`)).text();
  return {
    server,
    url,
    modelPath,
    folder,
    log,
    metrics,
    async until(series, value) {
      const end = performance.now() + LONGEST_WAIT_MS;
      for (let found; (found = metricValue(await metrics(), series)) !== value;) {
        if (performance.now() > end)
          throw new Error(
            `${series} is ${found}, and was to be ${value} within ${LONGEST_WAIT_MS / 1000} s.`,
          );
        await new Promise((resolve) => setTimeout(resolve, 5));
      }
    },
    async close() {
      await server.close();
      rmSync(folder, { recursive: true });
    },
  };
}

/** The number of one series of the metrics; 0 where there is none. */
export function metricValue(metrics: string, series: string): number {
  const line = metrics.split("\n").find((each) => each.startsWith(`${series} `));
  return line === undefined ? 0 : Number(line.slice(series.length + 1));
}

/** A certificate of this machine's own, and its key. */
export function selfSigned(): { readonly cert: Buffer; readonly key: Buffer } {
  const folder = mkdtempSync(join(tmpdir(), "earshot-tls-"));
  const [key, cert] = [join(folder, "key.pem"), join(folder, "cert.pem")];
  const made = ["-keyout", key, "-out", cert, "-days", "1", "-nodes", "-subj", "/CN=localhost"];
  const curve = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1"];
  execFileSync("openssl", ["req", "-x509", ...curve, ...made, "-addext", "subjectAltName=IP:127.0.0.1"], {
    stdio: "ignore",
  });
  const pair = { cert: readFileSync(cert), key: readFileSync(key) };
  rmSync(folder, { recursive: true });
  return pair;
}
