import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it } from "vitest";
import { faultOf } from "../../src/apps/cli/faults.ts";
import { duration, percent } from "../../src/figures.ts";
import { earshot, finish, jsonLines, start } from "./command-line.ts";

const folder = await mkdtemp(join(tmpdir(), "earshot-usage-"));
afterAll(() => rm(folder, { recursive: true }));
await writeFile(join(folder, "model.safetensors"), "no model at all");

const matching = (text: string | RegExp): unknown =>
  typeof text === "string" ? text : expect.stringMatching(text);

describe.concurrent("the command line", () => {
  it.each([
    "train",
    "test",
    "compare",
    "tune",
    "transcribe",
    "align",
    "report",
    "inspect",
    "import",
    "export",
  ])("explains %s with examples", async (command) => {
    const { code, stdout, stderr } = await earshot(folder, command, "--help");
    expect({ code, stderr }).toEqual({ code: 0, stderr: "" });
    expect(stdout).toMatch(new RegExp(`^Usage: earshot ${command} `));
    expect(stdout).toMatch(new RegExp(`Examples:\n  earshot ${command} `));
  });

  it("tells its version, and without a command its help", async () => {
    expect((await earshot(folder, "--version")).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
    const { code, stdout, stderr } = await earshot(folder);
    expect({ code, stdout }).toEqual({ code: 2, stdout: "" });
    expect(stderr).toMatch(/^Usage: earshot \[options\] \[command\]/);
  });

  it.each([
    [["trian", "x.csv"], "Unknown command 'trian'.", "Did you mean train?"],
    [["help", "tpyo"], "Unknown command 'tpyo'.", "See: earshot --help"],
    [["help", "trian"], "Unknown command 'trian'.", "Did you mean train?"],
    [["test", "x.csv", "--modle", "m"], "Unknown option '--modle'.", "Did you mean --model?"],
    [["test", "x.csv"], "There is no -m, --model: the model file to use.", "See: earshot test --help"],
    [
      ["transcribe", "a", "-m", "m", "--beam-threshold", "5", "--beam-margin", "6"],
      "--beam-margin is the former name of --beam-threshold.",
      "Give one of the two.",
    ],
    [["train", "x.csv", "--out", ""], "--out names no folder.", "Give one, or leave --out away."],
    [["exprot", "-m", "m"], "Unknown command 'exprot'.", "Did you mean export?"],
    [
      ["export", "--out", "a.onnx"],
      "There is no -m, --model: the model file to export.",
      "See: earshot export --help",
    ],
    [["export", "-m", "m"], "There is no --out: the file to write.", "See: earshot export --help"],
    [
      ["export", "-m", "m", "--out", "a.bin"],
      '"a.bin" does not say what to write.',
      "Give --out the ending .onnx or .safetensors.",
    ],
    [
      ["export", "-m", "m", "--out", "a.onnx", "--samples", "--stream"],
      "--samples and --stream are different programs.",
      "Export one after the other.",
    ],
    [
      ["export", "-m", "m", "--out", "a.onnx", "--training", "--precision", "int8"],
      "Training needs all digits of its weights.",
      "Leave --precision out.",
    ],
    [
      ["export", "-m", "m", "--out", "a.safetensors", "--samples"],
      "--samples is for programs.",
      "Give --out the ending .onnx.",
    ],
    [
      ["export", "-m", "m", "--out", "a.safetensors", "--precision", "int8"],
      "A model file holds no bytes.",
      "Give --out the ending .onnx, or take float16.",
    ],
    [
      ["export", "-m", "m", "--out", "a.onnx", "--precision", "int4"],
      /Allowed choices are float32, float16, int8\.$/,
      /export --help$/,
    ],
    [
      ["import", "a", "--map", "b"],
      "There is no --out: the model file to write.",
      "See: earshot import --help",
    ],
    [["import", "a", "--mpa", "b"], "Unknown option '--mpa'.", "Did you mean --map?"],
    [
      ["transcribe", "a", "-m", "m", "--no-reject", "--reject-threshold", "0.9"],
      "--no-reject accepts every text, and --reject-threshold says which are rejected.",
      "Leave one of them out.",
    ],
    [
      ["data", "speak", "hello", "--out", "x", "--split", "train"],
      "--split is for --manifest FILE, whose rows it chooses.",
      "Give --manifest, or leave it out.",
    ],
    [
      ["data", "speak", "hello", "--out", "x", "--check-cer", "0.2"],
      "--check-cer is for --check MODEL, which recognizes.",
      "Give --check, or leave it out.",
    ],
    [["data", "speak", "hello", "--speeds", "2..1"], /from 0.5 to 2/, "See: earshot data speak --help"],
    [["lm", "build", "a", "--order", "x"], /./, "See: earshot lm build --help"],
    [["inspect", "a", "b"], /^Too many arguments for 'inspect'\./, "See: earshot inspect --help"],
    [
      ["transcribe", "a", "-m", "m", "--format", "doc"],
      /Allowed choices are txt, json, srt, vtt, csv, textgrid\.$/,
      /transcribe --help$/,
    ],
    [
      ["transcribe", "a", "-m", "m", "--threads", "-1"],
      /It is a whole number, such as 2\.$/,
      /transcribe --help$/,
    ],
    [["transcribe", "a", "-m", "m", "--format", "csv"], /^Both --json and --format/, /give --out FOLDER/],
    [
      ["transcribe", "a", "-m", "m", "--beam", "wide"],
      /It is a number, such as 1\.5\.$/,
      /transcribe --help$/,
    ],
    [["test", "x.csv", "-m", "m", "--bet", "1"], "Unknown option '--bet'.", "Did you mean --beta?"],
    [["tune", "-m", "m"], "There is no manifest of utterances to tune on.", "See: earshot tune --help"],
    [
      ["tune", "-m", "m", "--reject", "noise", "talk", "spoken.csv"],
      "There is no manifest of utterances to tune on. --reject takes every path behind it, spoken.csv too.",
      "If spoken.csv is the manifest, give it first: earshot tune spoken.csv --reject noise talk",
    ],
    [["train"], "There is no manifest to train on.", "See: earshot train --help"],
    [["train", "x.csv", "--resume", "runs/1"], /^A run is resumed with/, /earshot train --resume runs\/1$/],
  ])("answers the mistake %j with exit code 2 and a way out", async (argv, message, remedy) => {
    const { code, stdout, stderr } = await earshot(folder, ...argv, "--json");
    expect({ code, stderr }).toEqual({ code: 2, stderr: "" });
    expect(jsonLines(stdout)).toEqual([
      { error: { code: "USAGE", message: matching(message), remedy: matching(remedy) } },
    ]);
  });

  it("could not run without a model: exit code 3, and the name that was meant", async () => {
    const missing = await earshot(folder, "inspect", "modell.safetensors");
    expect(missing).toEqual({
      code: 3,
      stdout: "",
      stderr:
        'error: UNREADABLE_MODEL  modell.safetensors\n  There is no such file.\n  Did you mean "model.safetensors"?\n',
    });
    const damaged = await earshot(folder, "inspect", "model.safetensors", "--json");
    expect(damaged.code).toBe(3);
    expect(jsonLines(damaged.stdout)).toMatchObject([{ error: { code: "NOT_A_MODEL" } }]);
  });
});

it("a process of the command line has its streams and its exit code", async () => {
  expect(await finish(start(folder, "--version"))).toMatchObject({ code: 0, stderr: "" });
  const remedy = 'Did you mean "model.safetensors"?';
  const failed = await finish(start(folder, "inspect", "modell.safetensors"));
  expect(failed).toMatchObject({ code: 3, stdout: "", stderr: expect.stringContaining(remedy) });
  const asJson = await finish(start(folder, "inspect", "modell.safetensors", "--json"));
  expect({ ...asJson, stdout: jsonLines(asJson.stdout) }).toMatchObject({
    code: 3,
    stdout: [{ error: { remedy } }],
    stderr: "",
  });
});

describe("faults", () => {
  it("call an unknown exception a bug, in one line", async () => {
    expect(await faultOf(new TypeError("x is undefined\n  at y"), "")).toMatchObject({
      code: "INTERNAL_ERROR",
      problem: "x is undefined",
      remedy: expect.stringMatching(/^This is a bug in Earshot: .* EARSHOT_DEBUG=1 /),
    });
  });

  it("name the path that the file system refused", async () => {
    const refusal = Object.assign(new Error("ENOSPC: no space left"), {
      code: "ENOSPC",
      syscall: "write",
      path: "x",
    });
    expect(await faultOf(refusal, "")).toMatchObject({ code: "FILE_SYSTEM", where: "x" });
  });
});

describe("figures", () => {
  it("are written as people read them", () => {
    expect([0.1234, 1, 0].map(percent)).toEqual(["12.3 %", "100.0 %", "0.0 %"]);
    expect([Infinity, 4.21, 59.99, 185, 3723, 7199.7].map(duration)).toEqual([
      "–",
      "4.2 s",
      "60.0 s",
      "3:05",
      "1:02:03",
      "2:00:00",
    ]);
  });
});
