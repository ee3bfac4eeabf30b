import { beforeEach, describe, expect, it, vi } from "vitest";
import { memoryFolder } from "../../src/platform/index.ts";

const kept = vi.hoisted(() => ({ folder: undefined as unknown }));
vi.mock("../../src/apps/page/earshot.ts", () => ({
  loadEarshot: () => Promise.resolve({ openFolder: () => kept.folder, readModelFile: () => undefined }),
}));
vi.mock("../../src/apps/page/served.ts", () => ({ shippedModelName: () => "commands-en" }));
const { keepModel, listModels, renameModel } = await import("../../src/apps/page/models.ts");

describe("models that the page keeps", () => {
  beforeEach(() => void (kept.folder = memoryFolder()));

  it("never take the place of another of the same name", async () => {
    const names = [];
    for (const bytes of [[1, 2], [1, 3], [1, 2], [4]])
      names.push((await keepModel("lights.safetensors", Uint8Array.from(bytes))).name);
    expect(names).toEqual(["lights", "lights 2", "lights", "lights 3"]);
    const own = (await listModels()).filter(({ origin }) => origin === "own");
    expect(own.map(({ name }) => name).toSorted()).toEqual(["lights", "lights 2", "lights 3"]);
  });

  it("are renamed, not copied", async () => {
    const lights = await keepModel("lights", Uint8Array.of(1));
    await keepModel("lamps", Uint8Array.of(2));
    expect(await renameModel(lights, "lamps")).toEqual({ name: "lamps 2", origin: "own" });
    expect((await listModels()).map(({ name }) => name).toSorted()).toEqual([
      "commands-en",
      "lamps",
      "lamps 2",
    ]);
  });
});
