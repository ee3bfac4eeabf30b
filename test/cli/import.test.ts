// `earshot import` on the weights that PyTorch made for test/model/foreign-weights.test.ts.

import { copyFile, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, it } from "vitest";
import { loadModelFile } from "../../src/model/index.ts";
import { sweep, waveFile } from "../recognizer/wave-file.ts";
import { earshot, jsonLines } from "./command-line.ts";

const folder = await mkdtemp(join(tmpdir(), "earshot-import-"));
afterAll(() => rm(folder, { recursive: true }));
const torch = new URL("../model/foreign/weights/lstm-both-ways.safetensors", import.meta.url);
await copyFile(torch, join(folder, "torch.safetensors"));
await writeFile(
  join(folder, "small.yaml"),
  `alphabet: [a, b, c, d, e, " "]
features: { bins: 6 }
network: { name: deep-speech, width: 5, context: 1, stride: 2, cell: lstm }
`,
);
await writeFile(
  join(folder, "map.yaml"),
  "layers: { fc1: h1, fc2: h2, fc3: h3, rnn: h4, fc5: h5, out: h6 }\nblank: 0\n",
);
const settings = ["--config", "small.yaml"];
const importInto = (out: string) => [
  "import",
  "torch.safetensors",
  ...settings,
  "--map",
  "map.yaml",
  "--out",
  out,
];

it("import writes a model that transcribes", async () => {
  const { code, stdout, stderr } = await earshot(folder, ...importInto("model.safetensors"), "--json");
  expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
  const { weights } = await loadModelFile(join(folder, "model.safetensors"));
  const parameters = [...weights.values()].reduce((sum, { data }) => sum + data.length, 0);
  expect(jsonLines(stdout)).toEqual([{ model: "model.safetensors", weights: weights.size, parameters }]);
  await writeFile(join(folder, "one.wav"), waveFile(sweep(0.5)));
  const heard = await earshot(
    folder,
    "transcribe",
    "one.wav",
    "-m",
    "model.safetensors",
    "--json",
    "--threads",
    "1",
  );
  expect(heard.code).toBe(0);
});

it("import without a map lists the tensors of both sides", async () => {
  const { code, stdout } = await earshot(folder, "import", "torch.safetensors", ...settings, "--json");
  expect(code).toBe(0);
  expect(jsonLines(stdout)).toMatchObject([
    {
      theirs: { "fc1.weight": [5, 18], "rnn.bias_hh_l0": [20] },
      ours: { "h1.weight": [18, 5], "h4.bias": [20] },
    },
  ]);
  const text = await earshot(folder, "import", "torch.safetensors", ...settings);
  expect(text.stdout).toContain("torch.safetensors:\n");
  expect(text.stdout).toContain("the network:\n  h1.weight [18, 5]\n");
});

it.each([
  [["--set", "network.width=7"], "torch.safetensors: fc1.weight", "WEIGHTS_MISMATCH", 3],
  [["--set", "network.width=none"], "--set: network.width", "INVALID_SETTING", 2],
])(
  "import of weights that do not fit (%j) says where, and writes nothing",
  async (more, where, fault, exit) => {
    const argv = [
      "import",
      "torch.safetensors",
      ...settings,
      ...more,
      "--map",
      "map.yaml",
      "--out",
      "other.safetensors",
    ];
    const { code, stdout } = await earshot(folder, ...argv, "--json");
    expect(code).toBe(exit);
    const message = expect.stringContaining(where) as unknown;
    expect(jsonLines(stdout)).toMatchObject([{ error: { code: fault, message } }]);
    expect(await readdir(folder)).not.toContain("other.safetensors");
  },
);

it("import writes a model file under no other name", async () => {
  await writeFile(join(folder, "small.csv"), "path,transcript\n");
  const { code, stderr } = await earshot(folder, ...importInto("small.csv"));
  expect({ code, stderr }).toEqual({
    code: 2,
    stderr: expect.stringContaining("Give --out the ending .safetensors.") as string,
  });
  expect(await readFile(join(folder, "small.csv"), "utf8")).toBe("path,transcript\n");
});

it("import never overwrites what it reads, and names a file that is not there", async () => {
  expect(
    jsonLines((await earshot(folder, ...importInto("torch.safetensors"), "--json")).stdout),
  ).toMatchObject([{ error: { code: "OUTPUT_IS_INPUT" } }]);
  const missing = await earshot(folder, "import", "tork.safetensors", ...settings, "--json");
  expect(jsonLines(missing.stdout)).toMatchObject([
    { error: { code: "UNREADABLE_MODEL", remedy: 'Did you mean "torch.safetensors"?' } },
  ]);
});
