// Which engine a name opens, and what happens where there is none: no other engine ever answers to a name.

import { readFileSync } from "node:fs";
import * as native from "onnxruntime-node";
import { describe, expect, it } from "vitest";
import * as browser from "../../src/engine/browser/driver.ts";
import { engines, nodeEngines, preferences } from "../../src/engine/node/driver.ts";
import { selectEngine } from "../../src/engine/engine.ts";
import { engineNames, openEngine } from "../../src/engine/index.ts";

describe("openEngine", () => {
  it('opens "cpu" unless told otherwise, without a word', async () => {
    expect(await openEngine()).toMatchObject({ name: "cpu", warnings: [] });
  });
  it("opens the engine of the name", async () => expect((await openEngine("wasm")).name).toBe("wasm"));

  const known = `Engines: ${engineNames.join(", ")}.`;
  it.each([
    ["cpux", 'Did you mean "cpu"?'],
    ["quantum", known],
    ["constructor", known],
  ])("knows no engine %j", async (name, remedy) => {
    const opening = openEngine(name);
    await expect(opening).rejects.toMatchObject({ code: "UNKNOWN_ENGINE", where: name });
    await expect(opening).rejects.toThrow(`${name}: There is no engine of this name. ${remedy}`);
  });
});

describe("where onnxruntime-node has no binary", () => {
  // What Node says on macOS for Intel, where the package brings none.
  const missing = new Error("Cannot find module '../bin/napi-v6/darwin/x64/onnxruntime_binding.node'");
  const table = nodeEngines({
    native: () => Promise.reject(missing),
    wasm: () => import("#engine-wasm-runtime"),
  });

  it('"auto" opens "wasm" and says so', async () => {
    const engine = await selectEngine(table, preferences, "auto");
    expect(engine.name).toBe("wasm");
    expect(engine.warnings).toEqual([
      {
        code: "ENGINE_FALLBACK",
        message:
          'The engine "cpu" is not there, so "wasm" computes, which may be slower. ' +
          `This machine cannot run the engine: onnxruntime-node has no binary for it: ${missing.message}.`,
      },
    ]);
  });
  it('"gpu" opens what there is instead, and says so', async () => {
    const engine = await selectEngine({ ...table, cpu: engines.cpu }, preferences, "gpu");
    expect(engine.name).toBe("cpu");
    expect(engine.warnings).toMatchObject([{ code: "ENGINE_FALLBACK" }]);
    expect(engine.warnings![0].message).toMatch(/^The engine "webgpu" is not there, so "cpu" computes/);
  });
  it.each(["cpu", "cuda", "webgpu", "coreml", "dml"])(
    "%j is an error that names the way out",
    async (name) => {
      const opening = selectEngine(table, preferences, name);
      await expect(opening).rejects.toMatchObject({ code: "ENGINE_ABSENT", where: name, cause: missing });
      await expect(opening).rejects.toThrow('Use the engine "wasm", which runs on every platform, or "auto"');
    },
  );
  it("a fault that is no absence is not hidden by another engine", async () => {
    const fault = new TypeError("a bug");
    const broken = { cpu: () => Promise.reject(fault), wasm: engines.wasm };
    await expect(selectEngine(broken, preferences, "auto")).rejects.toBe(fault);
  });
});

describe("an execution provider", () => {
  const built = (...names: string[]) =>
    nodeEngines({
      native: async () => ({
        ...native,
        listSupportedBackends: () => names.map((name) => ({ name, bundled: true })),
      }),
      wasm: () => import("#engine-wasm-runtime"),
    });

  it("that the runtime is built without is absent by name", async () => {
    const opening = built("cpu").dml();
    await expect(opening).rejects.toMatchObject({ code: "ENGINE_ABSENT", where: "dml" });
    await expect(opening).rejects.toThrow(
      "dml: This machine cannot run the engine: ONNX Runtime for this platform is built without it. " +
        'It needs Windows with a GPU for DirectX 12; or use the engine "cpu".',
    );
  });
  it("that is listed but does not start is absent, with what the runtime says", async () => {
    const opening = built("cpu", "cuda").cuda();
    // Either the library is not there, or it is and finds no device; on a machine with CUDA the engine opens.
    const outcome = await opening.then(
      ({ name }) => name,
      ({ code, remedy }) => `${code} ${remedy}`,
    );
    expect(["cuda", `ENGINE_ABSENT ${CUDA}`]).toContain(outcome);
  });
});

const CUDA =
  "It needs Linux x64 with CUDA 12 and cuDNN 9, and binaries that this downloads: " +
  "node node_modules/onnxruntime-node/script/install.js --onnxruntime-node-install=cuda12; " +
  'or use the engine "cpu".';

describe("a browser", () => {
  it('has "wasm", which "auto" opens without a word', async () => {
    expect(Object.keys(browser.engines)).toEqual(["wasm", "webgpu"]);
    const engine = await selectEngine(browser.engines, browser.preferences, "auto");
    expect(engine).toMatchObject({ name: "wasm", warnings: [] });
  });
  it("is given a driver without the native build by the condition of package.json", () => {
    const { imports } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8")) as {
      imports: Record<string, { browser: string; "earshot-source": { browser: string } }>;
    };
    const source = imports["#engine-driver"]["earshot-source"].browser;
    expect(imports["#engine-driver"].browser).toBe(source.replace("src", "dist").replace(".ts", ".js"));
    const text = readFileSync(new URL(`../../${source}`, import.meta.url), "utf8");
    expect([...text.matchAll(/(?:from|import\() ?"([^.][^"]*)"/g)].map(([, name]) => name)).toEqual([
      "#engine-wasm-runtime",
      "#engine-webgpu-runtime",
    ]);
  });
  it('opens "wasm" as "gpu" where there is no WebGPU, and says so', async () => {
    const engine = await selectEngine(browser.engines, browser.preferences, "gpu");
    expect(engine.name).toBe("wasm");
    const message =
      'The engine "webgpu" is not there, so "wasm" computes, which may be slower. This machine cannot run the engine: ' +
      "the browser gives this page no WebGPU.";
    expect(engine.warnings).toEqual([{ code: "ENGINE_FALLBACK", message }]);
  });
});
