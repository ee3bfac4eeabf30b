import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import {
  applyAssignments,
  gatherSettings,
  readAlphabet,
  readConfig,
} from "../../src/apps/cli/training-input.ts";

describe("settings of a run", async () => {
  const folder = await mkdtemp(join(tmpdir(), "earshot-config-"));
  afterAll(() => rm(folder, { recursive: true }));
  const config = async (text: string): Promise<string> => {
    const path = join(folder, "run.yaml");
    await writeFile(path, text);
    return path;
  };

  it("come from YAML, nested as they are", async () => {
    const path = await config("# small\nepochs: 3\nnetwork:\n  width: 64\nspeeds: [0.9, 1]\n");
    expect(await readConfig(path)).toEqual({ epochs: 3, network: { width: 64 }, speeds: [0.9, 1] });
    expect(await readConfig(await config(""))).toEqual({});
  });

  it("take their symbols from a file in the format of alphabet.txt", async () => {
    const path = join(folder, "alphabet.txt");
    await writeFile(path, "# comment\na\nb\n \n");
    expect(await readAlphabet({ alphabet: path, seed: 2 })).toEqual({ alphabet: ["a", "b", " "], seed: 2 });
    expect(await readAlphabet({ alphabet: "english" })).toEqual({ alphabet: "english" });
    await expect(readAlphabet({ alphabet: "none.txt" })).rejects.toMatchObject({
      code: "INVALID_CONFIG",
      where: "alphabet: none.txt",
    });
  });

  it("have the manifests of --replay and --old-test beside what a file says of both", async () => {
    const path = await config("oldTest: { split: dev }\nreplay: { data: [a.csv], share: 0.5 }\n");
    const flags = { config: path, replay: ["b.csv", "c.csv"], oldTest: ["d.csv"] };
    const { replay, oldTest } = (await gatherSettings(flags)).settings;
    expect(replay).toEqual({ data: ["b.csv", "c.csv"], split: "train", share: 0.5 });
    expect(oldTest).toEqual({ data: ["d.csv"], split: "dev" });
    expect((await gatherSettings({ config: path })).settings.replay.data).toEqual(["a.csv"]);
  });

  it("are refused by name when an alias leads nowhere", async () => {
    const path = await config("epochs: *nope\n");
    await expect(readConfig(path)).rejects.toMatchObject({ code: "INVALID_CONFIG", where: path });
  });

  it("name the line that is not YAML", async () => {
    const path = await config("epochs: 3\nnetwork: [1, 2\nseed: 1\n");
    await expect(readConfig(path)).rejects.toMatchObject({
      code: "INVALID_CONFIG",
      where: expect.stringMatching(/run\.yaml:\d/),
      problem: expect.stringMatching(/^This is not YAML: \S.*\.$/),
    });
    await expect(readConfig(await config("- a\n"))).rejects.toThrow("The file is not a table of settings.");
    await expect(readConfig(join(folder, "none.yaml"))).rejects.toThrow("The file cannot be read.");
  });

  it("are overridden one by one, the last word last, without touching their neighbors", () => {
    const tree = { epochs: 3, network: { width: 64, context: 5 } };
    const merged = applyAssignments(tree, [
      "network.width=128",
      "data.speeds=[0.9, 1.1]",
      "epochs=4",
      "epochs=5",
    ]);
    expect(merged).toEqual({ epochs: 5, network: { width: 128, context: 5 }, data: { speeds: [0.9, 1.1] } });
    expect(tree).toEqual({ epochs: 3, network: { width: 64, context: 5 } });
  });

  it("read values as YAML does", () => {
    const merged = applyAssignments({}, ["a=1e-3", "b=true", "c=yes", "d=", 'e="1"', "f=x=y", "g=null"]);
    expect(merged).toEqual({ a: 0.001, b: true, c: "yes", d: null, e: "1", f: "x=y", g: null });
  });

  it("refuse what is no assignment", () => {
    for (const assignment of ["width", "=3", "a b=1", "a=[1"]) {
      expect(() => applyAssignments({}, [assignment])).toThrow(
        expect.objectContaining({ code: "INVALID_CONFIG", where: `--set ${assignment}` }),
      );
    }
  });

  it("cannot reach a prototype", () => {
    const merged = applyAssignments({}, ["__proto__.polluted=1", "constructor.prototype.polluted=1"]);
    expect(Object.keys(merged)).toEqual(["__proto__", "constructor"]);
    expect("polluted" in {}).toBe(false);
  });
});
