// What any engine must do, whatever runtime is behind it: a driver passes when this suite does.

import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  loadOnDevice,
  type DeviceTensor,
  type Engine,
  type Feeds,
  type Program,
} from "../../src/engine/index.ts";
import {
  add,
  cast,
  equal,
  Graph,
  identity,
  matMul,
  mul,
  scan,
  writeOnnx,
  zerosLike,
  type Tensor,
} from "../../src/graph/index.ts";
import { RandomStream } from "../../src/random.ts";
import { ELEMENT_ARRAYS, type ElementType, type TensorData } from "../../src/tensor.ts";

function tensor(type: ElementType, dims: readonly number[], values: readonly number[]): TensorData {
  const data = type === "int64" ? BigInt64Array.from(values, BigInt) : ELEMENT_ARRAYS[type].from(values);
  return { type, dims, data };
}

/** y [T, B, 2] = x [T, B, 3] · w + b, with w inside the program. */
function affine(): Uint8Array {
  const graph = new Graph();
  const x = graph.input("x", "float32", ["T", "B", 3]);
  const b = graph.input("b", "float32", [2]);
  const w = graph.constant("w", "float32", [3, 2], Float32Array.of(1, 0, 0, 1, 1, 1));
  graph.output(add(matMul(x, w), b));
  return writeOnnx(graph);
}

const RESULT = "Add";
const bias = tensor("float32", [2], [10, 20]);
const affineFeeds = (T: number, B: number, x: readonly number[]) => ({
  x: tensor("float32", [T, B, 3], x),
  b: bias,
});

/** A program with one input, x [N]; `results` names what it gives. */
function programOf(type: ElementType, results: (x: Tensor) => readonly Tensor[]): Uint8Array {
  const graph = new Graph();
  for (const result of results(graph.input("x", type, ["N"]))) graph.output(result);
  return writeOnnx(graph);
}

/** A recurrence over matrices that are large enough to be shared between threads. */
export function recurrence(): { bytes: Uint8Array; feeds: Record<string, TensorData> } {
  const [T, B, H] = [8, 16, 96];
  const random = new RandomStream(1, "contract");
  const normal = (dims: readonly number[], deviation: number) =>
    tensor(
      "float32",
      dims,
      Array.from({ length: dims.reduce((a, b) => a * b, 1) }, () => deviation * random.normal()),
    );
  const graph = new Graph();
  const x = graph.input("x", "float32", ["T", "B", H]);
  const w = graph.input("w", "float32", [H, H]);
  const { outputs } = scan({
    states: [zerosLike(x, 1, 3)],
    sequences: [matMul(x, w)],
    direction: "forward",
    step: ([state], [slice]) => {
      const next = add(slice, matMul(state, w));
      return { states: [next], outputs: [next] };
    },
  });
  graph.output(outputs[0]);
  return { bytes: writeOnnx(graph), feeds: { x: normal([T, B, H], 1), w: normal([H, H], 0.05) } };
}

export function describeEngine(name: string, open: () => Promise<Engine>): void {
  describe(`the engine "${name}"`, () => {
    let engine: Engine;
    let program: Program;
    const opened: Program[] = [];
    const load = async (bytes: Uint8Array, threads = 1) => {
      const loaded = await engine.load(bytes, { threads });
      opened.push(loaded);
      return loaded;
    };
    beforeAll(async () => {
      engine = await open();
      program = await load(affine());
    });
    afterAll(() => Promise.all(opened.map((each) => each.close())));
    const values = async (T: number, B: number, x: readonly number[]) => [
      ...((await program.run(affineFeeds(T, B, x)))[RESULT].data as Float32Array),
    ];

    it("goes by its name and lists what a program takes and gives", () => {
      expect(engine.name).toBe(name);
      expect(program.inputs).toEqual(["x", "b"]);
      expect(program.outputs).toEqual([RESULT]);
      expect(program.declared.get("x")).toEqual({ type: "float32", dims: ["T", "B", 3] });
      expect(program.declared.get(RESULT)).toEqual({ type: "float32", dims: ["T", "B", 2] });
    });

    it("fills symbolic dimensions anew at each run, zero included", async () => {
      expect(await values(1, 1, [1, 2, 3])).toEqual([14, 25]);
      expect(await values(2, 1, [1, 2, 3, 0, 0, 1])).toEqual([14, 25, 11, 21]);
      expect(await values(1, 3, [1, 0, 0, 0, 1, 0, 0, 0, 1])).toEqual([11, 20, 10, 21, 11, 21]);
      const empty = await program.run(affineFeeds(0, 4, []));
      expect(empty[RESULT]).toMatchObject({ type: "float32", dims: [0, 4, 2] });
      expect(empty[RESULT].data).toHaveLength(0);
    });

    it("takes and gives every element type", async () => {
      const feeds: [ElementType, number[]][] = [
        ["float32", [0.5, -2]],
        ["float64", [0.1, -1e300]],
        ["int64", [-3, 2 ** 53 - 1]],
        ["bool", [1, 0]],
      ];
      for (const [type, x] of feeds) {
        const same = await load(programOf(type, (x) => [identity(x)]));
        const fed = tensor(type, [2], x);
        expect((await same.run({ x: fed })).Identity).toEqual(fed);
      }
      const mixed = await load(
        programOf("float32", (x) => {
          const whole = cast(x, "int64");
          return [whole, equal(x, cast(whole, "float32")), mul(cast(x, "float64"), 0.1)];
        }),
      );
      const results = await mixed.run({ x: tensor("float32", [3], [2, -1, 0.5]) });
      expect(mixed.outputs.map((output) => results[output])).toEqual([
        tensor("int64", [3], [2, -1, 0]),
        tensor("bool", [3], [1, 1, 0]),
        tensor("float64", [3], [2 * 0.1, -0.1, 0.05]),
      ]);
    });

    it("takes programs and feeds that are views into larger buffers", async () => {
      const bytes = affine();
      const padded = new Uint8Array(bytes.length + 16);
      padded.set(bytes, 7);
      const viewed = await load(padded.subarray(7, 7 + bytes.length));
      const x = { ...affineFeeds(1, 1, [0, 0, 0]).x, data: Float32Array.of(9, 9, 1, 2, 3).subarray(2) };
      expect([...((await viewed.run({ x, b: bias }))[RESULT].data as Float32Array)]).toEqual([14, 25]);
    });

    it("gives results that neither feeds nor later runs can change", async () => {
      const direct = await load(
        programOf("float32", (x) => [
          x,
          identity(x),
          x.graph.constant("c", "float32", [2], Float32Array.of(5, 6)),
        ]),
      );
      const fed = tensor("float32", [2], [1, 2]);
      const first = await direct.run({ x: fed });
      const [x, copy, five] = direct.outputs.map((output) => first[output].data as Float32Array);
      fed.data.fill(7 as never);
      five.fill(0);
      const second = await direct.run({ x: fed });
      expect([[...x], [...copy]]).toEqual([[1, 2], [1, 2]]); // prettier-ignore
      expect(direct.outputs.map((output) => [...(second[output].data as Float32Array)])).toEqual([[7, 7], [7, 7], [5, 6]]); // prettier-ignore
    });

    it("gives the same whatever ran before, and to runs at the same time", async () => {
      const x = [0.1, 0.2, 0.3];
      const alone = await values(1, 1, x);
      await values(
        2,
        2,
        Array.from({ length: 12 }, (_, i) => 1e6 * i),
      );
      expect(await values(1, 1, x)).toEqual(alone);
      const many = await Promise.all([0, 1, 2, 3, 4].map((i) => values(1, 1, [i, 0, 0])));
      expect(many.map(([first]) => first)).toEqual([10, 11, 12, 13, 14]);
    });

    it("computes the same, bit for bit, with the same threads, and nearly so with others", async () => {
      const { bytes, feeds } = recurrence();
      const results: Float32Array[] = [];
      for (const threads of [1, 1, 2, 2, 0]) {
        const loaded = await load(bytes, threads);
        results.push((await loaded.run(feeds))[loaded.outputs[0]].data as Float32Array);
      }
      const [one, oneAgain, two, twoAgain, all] = results;
      expect(oneAgain).toEqual(one);
      expect(twoAgain).toEqual(two);
      for (const other of [two, all]) {
        const errors = one.map((value, i) => Math.abs(value - other[i]) / Math.max(1, Math.abs(value)));
        expect(Math.max(...errors)).toBeLessThan(1e-6);
      }
    });

    it("leaves results where it computes, for its other programs", async () => {
      const doubled = programOf("float32", (x) => [add(x, x), mul(x, x)]);
      const first = await loadOnDevice(engine, doubled, ["Add"]);
      const { Add: stayed, Mul: came } = await first.run({ x: tensor("float32", [2], [1, 3]) });
      expect(came).toEqual(tensor("float32", [2], [1, 9]));
      expect(stayed).toMatchObject({ type: "float32", dims: [2] });
      expect(stayed).not.toHaveProperty("data");
      const second = await loadOnDevice(engine, doubled, []);
      for (const _ of [1, 2])
        expect((await second.run({ x: stayed })).Mul).toEqual(tensor("float32", [2], [4, 36]));
      (stayed as DeviceTensor).dispose();
      await second.close();
      await first.close();
    });

    const { x, b } = affineFeeds(1, 1, [1, 2, 3]);
    it.each<{ fault: string; feeds: Feeds; text: string | RegExp }>([
      { fault: "a missing feed", feeds: { x }, text: 'did not run: "b" is not fed. Feed exactly x, b.' },
      {
        fault: "an unknown feed",
        feeds: { x, b, mask: b },
        text: '"mask" is not an input. Feed exactly x, b.',
      },
      {
        fault: "a misspelled feed",
        feeds: { x, B: b },
        text: '"b" is not fed; "B" is not an input. Feed exactly x, b.',
      },
      { fault: "a feed of another type", feeds: { x, b: tensor("float64", [2], [1, 2]) }, text: /type/ },
      { fault: "a feed of another rank", feeds: { x, b: tensor("float32", [1, 2], [1, 2]) }, text: /rank/i },
      { fault: "a feed of another size", feeds: { x, b: tensor("float32", [3], [1, 2, 3]) }, text: /\bb\b/ },
      {
        fault: "fewer numbers than the dimensions say",
        feeds: { x, b: tensor("float32", [2], [1]) },
        text: /length/,
      },
      {
        fault: "an array of another type than it says",
        feeds: { x, b: { ...b, data: new Float64Array(2) } },
        text: /Float32Array/,
      },
    ])("refuses $fault, and runs on", async ({ feeds, text }) => {
      const failure = program.run(feeds);
      await expect(failure).rejects.toMatchObject({
        code: "PROGRAM_FAILED",
        remedy: expect.stringMatching(/^Feed /),
      });
      await expect(failure).rejects.toThrow(text);
      await expect(failure).rejects.toThrow(/^The program did not run: .*\.$/);
      expect(await values(1, 1, [1, 2, 3])).toEqual([14, 25]);
    });

    it.each([
      ["no bytes", new Uint8Array(0)],
      ["garbage", Uint8Array.from({ length: 500 }, (_, i) => (i * 151 + 7) % 256)],
      ["text", new TextEncoder().encode("<html>404 Not Found</html>")],
      ["a program cut at its end", affine().slice(0, -5)],
      ["a program cut at its start", affine().slice(0, 12)],
    ])("refuses to load %s", async (_, bytes) => {
      const failure = engine.load(bytes);
      await expect(failure).rejects.toMatchObject({ code: "INVALID_PROGRAM" });
      await expect(failure).rejects.toThrow(/cannot load the program: .+ the file is damaged\.$/);
    });

    it("finishes the runs under way before it closes, refuses later ones, and closes twice", async () => {
      const closing = await load(affine());
      const running = closing.run(affineFeeds(1, 1, [1, 2, 3]));
      await closing.close();
      await closing.close();
      expect([...((await running)[RESULT].data as Float32Array)]).toEqual([14, 25]);
      const late = closing.run(affineFeeds(1, 1, [1, 2, 3]));
      await expect(late).rejects.toMatchObject({ code: "PROGRAM_CLOSED" });
      await expect(late).rejects.toThrow("The program was closed. Load it again, or close it later.");
      expect(await values(1, 1, [1, 2, 3])).toEqual([14, 25]); // others stay open
    });
  });
}
