// What deploy/ holds is true: its files copy what is there and give the server options that it has.

import { execFile } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { serverLimits } from "../../src/apps/server/index.ts";
import { earshot } from "../cli/command-line.ts";
import { selfSigned, startServing } from "./serving.ts";

const read = (path: string) => readFileSync(new URL(`../../${path}`, import.meta.url), "utf8");
const dockerfile = read("deploy/Dockerfile");
const unit = read("deploy/earshot.service");

describe("what is deployed", async () => {
  const { stdout: help } = await earshot(".", "serve", "--help");
  const known = new Set(help.match(/--[a-z][a-z-]+/g));

  it("starts the server with options that it has", () => {
    const commands = [
      ...dockerfile.matchAll(/(?<=^#.* )earshot -m .*$|^ENTRYPOINT .*$/gm),
      ...unit.matchAll(/^ExecStart=.*$/gm),
    ];
    const options = commands.flatMap(([line]) =>
      [...line.matchAll(/(?<=["\s])--[a-z][a-z-]+/g)].map(([option]) => option),
    );
    expect(options.length).toBeGreaterThan(5);
    expect(options.filter((option) => !known.has(option))).toEqual([]);
    expect(known.has("--no-such-option")).toBe(false);
  });

  it("copies what is there, and runs what the package runs", () => {
    const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, paths]) =>
      paths.split(" "),
    );
    expect(copied.length).toBeGreaterThan(3);
    for (const path of copied)
      expect([path, existsSync(new URL(`../../${path}`, import.meta.url))]).toEqual([path, true]);
    expect(copied).toContain("models"); // which the page offers, and serve takes without -m
    const { bin, engines } = JSON.parse(read("package.json")) as {
      bin: { earshot: string };
      engines: { node: string };
    };
    expect(dockerfile).toContain(`"node", "${bin.earshot}", "serve"`);
    const [, node] = /^FROM node:(\d+)/m.exec(dockerfile)!;
    expect(Number(node)).toBeGreaterThanOrEqual(Number(/\d+/.exec(engines.node)![0]));
  });

  it("asks for health where the server's command says that it listens", async () => {
    const health = fileURLToPath(new URL("../../deploy/health.mjs", import.meta.url));
    const ask = (...argv: string[]) =>
      new Promise((resolve) =>
        execFile(process.execPath, [health, ...argv], (error) => resolve(error?.code ?? 0)),
      );
    const [plain, secure] = [await startServing(), await startServing({ tls: selfSigned() })];
    const [port, tlsPort] = [plain, secure].map(({ url }) => new URL(url).port);
    const command = ["node", "main.js", "serve", "-m", "a=b.safetensors", "--watch"];
    expect(dockerfile).toContain('HEALTHCHECK CMD ["node", "deploy/health.mjs"]');
    expect(
      await Promise.all([
        ask(...command, "--port", port),
        ask(...command, `--port=${tlsPort}`, "--tls-cert", "cert.pem", "--tls-key", "key.pem"),
        ask(...command, "--port", tlsPort),
        ask(...command, "--port", "1"),
      ]),
    ).toEqual([0, 0, 1, 1]);
    await Promise.all([plain.close(), secure.close()]);
  });

  it("knows ports and the end as the server does", () => {
    expect(help).toMatch(/--port <n>.*\(default:\s+8080\)/s);
    expect(dockerfile).toMatch(/^EXPOSE 8080 10300$/m);
    const [, stop] = /^TimeoutStopSec=(\d+)$/m.exec(unit)!;
    const [, drain] = /drainSeconds=(\d+)/.exec(unit)!;
    expect(Number(stop)).toBeGreaterThan(Number(drain));
    expect(serverLimits.parse({}).drainSeconds).toBe(Number(drain));
    expect(unit).toMatch(/^ExecReload=\/bin\/kill -HUP \$MAINPID$/m);
  });
});
