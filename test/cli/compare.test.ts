// `earshot compare` on tiny models: one whose every text is "a", one whose every text is "b", an untrained one, and one as ONNX.

import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, it, vi } from "vitest";
import { parseRejection } from "../../src/ctc/index.ts";
import { compareSystems } from "../../src/evaluation/index.ts";
import { writeModelFile } from "../../src/model/index.ts";
import { inferenceProgram, initializeWeights } from "../../src/network/index.ts";
import { Alphabet } from "../../src/text/index.ts";
import { constantModel, forwardModel } from "../model/small-model.ts";
import { sweep, waveFile } from "../recognizer/wave-file.ts";
import { epochLine, makeRun, startLine } from "../report/made-run.ts";
import { readHtml } from "../report/well-formed.ts";
import { earshot, earshotUntil, jsonLines } from "./command-line.ts";

const folder = await mkdtemp(join(tmpdir(), "earshot-compare-"));
afterAll(() => rm(folder, { recursive: true }));
const at = (...names: string[]) => join(folder, ...names);

const ROWS = [
  ["1.wav", "a b", "dev"],
  ["2.wav", "b", "dev"],
  ["3.wav", "a a", "test"],
  ["4.wav", "b", "train"],
];
for (const [k, [name]] of ROWS.entries()) await writeFile(at(name), waveFile(sweep(0.4 + k / 10)));
const table = (rows: readonly (readonly string[])[]) =>
  `path,transcript,split\n${rows.map((row) => `${row.join(",")}\n`).join("")}`;
await writeFile(at("manifest.csv"), table(ROWS));
await writeFile(
  at("other.csv"),
  table([
    ["2.wav", "b", "dev"],
    ["1.wav", "a b", "train"],
  ]),
);
await writeFile(at("gone.csv"), table([...ROWS, ["gone.wav", "a", "test"]]));

const saying = (symbol: string) => writeModelFile(constantModel(symbol));
const log = [startLine, epochLine(1, { seconds: 12 })];
await makeRun(at("ann"), { log, manifests: [at("manifest.csv")], model: saying("a") });
await makeRun(at("bob"), { log, manifests: [at("other.csv")], model: saying("b") });
await writeFile(at("alone.safetensors"), saying("b"));
await writeFile(at("forward.safetensors"), writeModelFile(forwardModel()));
const other = forwardModel();
await writeFile(
  at("other.safetensors"),
  writeModelFile({ ...other, weights: initializeWeights(other.architecture, 2) }),
);
const capital = {
  ...constantModel("a"),
  alphabet: Alphabet.fromSymbols(["A", ...Alphabet.english().symbols.slice(1)]),
};
await writeFile(at("capital.safetensors"), writeModelFile(capital));
const rejection = parseRejection({ weights: {}, bias: -9, threshold: 0.9 }, "test"); // of everything
await writeFile(at("strict.safetensors"), writeModelFile({ ...constantModel("b"), rejection }));
await mkdir(at("empty"));
await mkdir(at("onnx"));
const { architecture, weights, alphabet, features } = constantModel("a");
await writeFile(at("onnx/foreign.onnx"), inferenceProgram(architecture, weights));
await writeFile(
  at("onnx/foreign.json"),
  JSON.stringify({
    tokens: [...alphabet.symbols, "<blank>"],
    input: { name: "frames", features },
    stride: 2,
    feed: { axes: "TBF", mask: "mask" },
    output: { axes: "TBV" },
  }),
);

const run = (...argv: string[]) => earshot(folder, "compare", ...argv, "--threads", "1");

interface Json {
  readonly systems: readonly Record<string, unknown>[];
  readonly pairs: readonly Record<string, unknown>[];
  readonly [field: string]: unknown;
}

describe("earshot compare", () => {
  it("measures runs, files, ONNX programs and ensembles on one manifest, and writes a page", async () => {
    const models = ["ann", "bob", "forward.safetensors", "onnx/foreign.onnx", "ann+bob"];
    const { code, stdout, stderr } = await run(...models, "manifest.csv", "--split", "dev", "--json");
    expect({ code, stderr }).toEqual({
      code: 0,
      stderr: expect.stringContaining(
        "TRAINED_ON_TEST  bob was trained on 1 of these 2 recordings",
      ) as string,
    });
    const [found] = jsonLines(stdout) as Json[];
    expect(found).toMatchObject({ manifests: ["manifest.csv"], split: "dev", utterances: 2, failures: [] });
    // "a" for "a b" and "b": two of three words wrong; "b" for both: one.
    const [ann, bob, forward, foreign, both] = found.systems;
    expect(ann).toMatchObject({ name: "ann", wer: 2 / 3, words: 3, wordErrors: 2, trainingSeconds: 12 });
    expect(bob).toMatchObject({ name: "bob", wer: 1 / 3, networks: ["deep-speech, clipped, width 8"] });
    expect(ann.delayMs).toBeUndefined();
    expect(forward).toMatchObject({ delayMs: (4 + 2) * 10, name: "forward.safetensors" }); // 4 frames ahead, 2 of a step
    expect(forward.trainingSeconds).toBeUndefined();
    expect(foreign).toMatchObject({ wer: ann.wer, networks: ["ONNX"] });
    expect(both).toMatchObject({ name: "ann + bob", parameters: 2 * (ann.parameters as number) });
    for (const system of found.systems) {
      const { peakBytes, idleBytes, clipMs, realTimeFactor, fileBytes } = system as Record<string, number>;
      expect(peakBytes).toBeGreaterThan(idleBytes);
      expect(idleBytes).toBeGreaterThan(1e7);
      for (const figure of [clipMs, realTimeFactor, fileBytes]) expect(figure).toBeGreaterThan(0);
    }
    expect(found.pairs).toHaveLength(10);
    expect(found.pairs[0]).toMatchObject({
      first: 0,
      second: 1,
      onlyFirst: [{ word: "b", times: 2 }],
      onlySecond: [{ word: "a", times: 1 }],
    });
    await expectPage("comparison.html", ["ann", "bob", "forward.safetensors", "foreign.onnx", "ann + bob"]);
  });

  it("counts the models of an ensemble by --model-weights, a list for each ensemble", async () => {
    const models = [
      "forward.safetensors+other.safetensors",
      "forward.safetensors",
      "forward.safetensors+other.safetensors",
    ];
    const weights = ["--model-weights", "1,999", "--model-weights", "999,1"];
    const { code, stdout } = await run(...models, "manifest.csv", "--split", "test", ...weights, "--json");
    expect(code).toBe(0);
    const [found] = jsonLines(stdout) as Json[];
    expect(found.systems).toMatchObject([
      { name: "forward.safetensors + other.safetensors (1 : 999)", weights: [1, 999] },
      { name: "forward.safetensors" },
      { name: "forward.safetensors + other.safetensors (999 : 1)", weights: [999, 1] },
    ]);
    const [{ hypotheses }] = found.differing as { hypotheses: string[] }[];
    expect(hypotheses[0]).not.toBe(hypotheses[2]);
  });

  it("names the model whose alphabet is another", async () => {
    const { code, stderr } = await run("ann", "ann+capital.safetensors", "manifest.csv", "--split", "dev");
    expect({ code, stderr }).toEqual({
      code: 3,
      stderr: expect.stringContaining(
        'capital.safetensors\n  The models cannot be combined. Its alphabet is not that of ann/model.safetensors: 28 symbols for 28, and symbol 1 is "A" for "a".',
      ) as string,
    });
  });

  it("finds so before anything is measured", async () => {
    const measured = vi.fn();
    const systems = [["ann/model.safetensors"], ["ann/model.safetensors", "capital.safetensors"]];
    const comparing = compareSystems(
      systems.map((models) => ({ name: models.join("+"), models: models.map((model) => at(model)) })),
      [{ path: at("1.wav"), transcript: "a", speaker: "", split: "", where: "1" }],
      { ownProcess: false, onProgress: measured },
    );
    await expect(comparing).rejects.toMatchObject({ code: "ENSEMBLE_MISMATCH" });
    expect(measured).not.toHaveBeenCalled();
  });

  it("shows a table, what is more than chance, and the words of one, on the dev split of the first run", async () => {
    const { code, stdout, stderr } = await run("ann", "bob", "alone.safetensors", "--out", "two.html");
    expect(code).toBe(0);
    expect(stderr).toContain("OTHER_DEV_SPLIT  bob has another dev split");
    expect(stdout).toMatch(/^model +ann +bob +alone\.safetensors\nWER +66\.7 % +33\.3 % +33\.3 %\n/);
    expect(stdout).toMatch(/^training +12\.0 s +12\.0 s +–$/m);
    expect(stdout).toMatch(/^delay +whole utterance/m);
    expect(stdout).toMatch(
      /^bob against ann: −33\.3 points of WER \(.* p = .* among 3 pairs: may be chance$/m,
    );
    expect(stdout).toContain("words that only ann has wrong: 2: b × 2\n");
    expect(stdout).toContain("2 utterances, 3 words");
    expect(stdout).toMatch(/page two\.html\n$/);
  });

  it("says what a model accepts that rejects, and with --no-reject compares all its texts", async () => {
    const given = ["ann", "strict.safetensors", "manifest.csv", "--split", "dev"];
    const strict = await run(...given);
    expect(strict.stdout).toMatch(/^WER +66\.7 % +100\.0 %$/m);
    expect(strict.stdout).toMatch(/^accepted +all +0\.0 %$/m);
    expect(await readFile(at("comparison.html"), "utf8")).toContain("<th>accepted</th>");
    const all = await run(...given, "--no-reject");
    expect(all.stdout).toMatch(/^WER +66\.7 % +33\.3 %$/m);
    expect(all.stdout).not.toContain("accepted");
    const [{ systems }] = jsonLines((await run(...given, "--json")).stdout) as Json[];
    expect(systems.map(({ accepted }) => accepted)).toEqual([undefined, 0]);
  });

  it("numbers what is given twice, and takes a model by its name", async () => {
    const { stdout } = await run("ann", "ann", "commands-en", "manifest.csv", "--split", "dev");
    expect(stdout).toMatch(/^model +ann +ann \(2\) +commands-en$/m);
    expect(stdout).toContain("words that only ann (2) has wrong: none\n");
  });

  it("leaves out what cannot be read, for every model, and exits with 1", async () => {
    const { code, stdout, stderr } = await run("ann", "gone.csv", "--split", "test");
    expect({ code, stderr }).toMatchObject({
      code: 1,
      stderr: expect.stringContaining("RECORDING_NOT_FOUND"),
    });
    expect(stdout).toContain("1 utterance, 2 words");
    expect(stdout).toContain("1 recording could not be read and is in no rate");
    expect(stdout).not.toContain("against");
  });

  it.each([
    [["manifest.csv"], "There is no model to compare, only manifest.csv.", 2],
    [["ann+empty", "manifest.csv"], "empty is neither a model nor a run with one.", 2],
    [["ann", "manifest.csv", "other.csv"], "These are no models: manifest.csv, other.csv.", 2],
    [["alone.safetensors"], "There is nothing to compare on", 2],
    [["anm", "bob"], 'Did you mean "ann"?', 3],
    [["ann", "alone.safetensor"], 'Did you mean "alone.safetensors"?', 3],
    [["ann", "--split", "tset"], 'Did you mean "test"?', 2],
    [["ann", "--bet", "1"], "Did you mean --beta?", 2],
    [["ann", "--alpha", "1"], "There is no language model to weigh", 2],
    [["ann", "--lm", "none.arpa"], "There is no such file.", 3],
    [["ann", "bob", "--model-weights", "2,1"], "Ensembles: 0, lists of --model-weights: 1.", 2],
    [["ann+bob", "--model-weights", "2,1,1"], "ann+bob has 2 models, and 2,1,1 is 3 weights.", 2],
    [["ann+bob", "--model-weights", "2,0"], "They are numbers above 0", 2],
    [["ann+bib", "manifest.csv"], 'Did you mean "bob"?', 3],
    [
      ["ann", "manifest.csv", "--no-reject", "--reject-threshold", "0.5"],
      "--no-reject accepts every text",
      2,
    ],
    [["ann", "empty"], "empty", 3],
    [["ann", "manifest.csv", "--out", "manifest.csv"], "It is read for what is to be written there", 2],
  ])("answers %j with a way out", async (argv, message, expected) => {
    const { code, stdout, stderr } = await run(...argv);
    expect({ code, stdout }).toEqual({ code: expected, stdout: "" });
    expect(stderr).toContain(message);
  });

  it("stops at Ctrl-C, and leaves the page that was there", async () => {
    await writeFile(at("old.html"), "old");
    const { code } = await earshotUntil(/^bob 0\/2/, folder, "compare", "ann", "bob", "--out", "old.html");
    expect(code).toBe(130);
    expect(await readFile(at("old.html"), "utf8")).toBe("old");
  });

  it("writes as --json what docs/cli.md shows", async () => {
    const { stdout } = await run("ann", "bob", "--json");
    const page = await readFile(new URL("../../docs/cli.md", import.meta.url), "utf8");
    const section = page.slice(page.indexOf("## `earshot compare`"));
    const shown = JSON.parse(/```json\n([\s\S]*?)```/.exec(section)![1]) as Json;
    const [found] = jsonLines(stdout) as Json[];
    const keys = (value: unknown) => Object.keys(value as object).toSorted();
    expect(keys(found)).toEqual(keys(shown));
    expect(keys(found.systems[0])).toEqual(keys(shown.systems[0]).filter((key) => key !== "delayMs"));
    expect(keys(found.pairs[0])).toEqual(keys(shown.pairs[0]));
    expect(keys((found.differing as object[])[0])).toEqual(keys((shown.differing as object[])[0]));
  });
});

async function expectPage(name: string, models: readonly string[]): Promise<void> {
  const page = await readFile(at(name), "utf8");
  const sections = readHtml(page).filter((element) => element.name === "section");
  const ids = sections.map(({ attributes }) => attributes.get("id"));
  expect(ids).toEqual(["costs", "chance", "words", "utterances"]);
  for (const model of models) expect(page).toContain(`<th scope="row">${model}</th>`);
  expect(/NaN|undefined|Infinity/.exec(page)?.[0]).toBeUndefined();
}
