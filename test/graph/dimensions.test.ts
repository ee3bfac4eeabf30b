import { describe, expect, it } from "vitest";
import {
  addDimensions,
  bindDimension,
  broadcastShapes,
  multiplyDimensions,
  shiftDimension,
  strideDimension,
} from "../../src/graph/dimensions.ts";

describe("a symbolic dimension", () => {
  it("carries an offset, which vanishes when it is undone", () => {
    expect(shiftDimension("T", 10)).toBe("T+10");
    expect(shiftDimension("T+10", -12)).toBe("T-2");
    expect(shiftDimension("T-2", 2)).toBe("T");
    expect(shiftDimension("ceil(T/2)", 3)).toBe("ceil(T/2)+3");
    expect(shiftDimension(7, -3)).toBe(4);
  });

  it("is divided by a stride, rounding up", () => {
    expect(strideDimension("T", 2)).toBe("ceil(T/2)");
    expect(strideDimension("T+1", 2)).toBe("ceil(T+1/2)");
    expect(strideDimension("T", 1)).toBe("T");
    expect(strideDimension(7, 2)).toBe(4);
  });

  it("is one stride after a stride, with the whole strides of an offset outside", () => {
    expect(strideDimension(strideDimension("T", 2), 2)).toBe("ceil(T/4)");
    expect(strideDimension(shiftDimension(strideDimension("T", 2), 1), 3)).toBe("ceil(T+2/6)");
    expect(strideDimension("T+5", 4)).toBe("ceil(T+1/4)+1");
    expect(strideDimension("T-3", 2)).toBe("ceil(T+1/2)-2");
    expect(strideDimension("ceil(S/2)*ceil(T/2)", 2)).toBe("ceil(ceil(S/2)*ceil(T/2)/2)");
    for (let T = 0; T < 30; T++) {
      const steps = strideDimension(shiftDimension(strideDimension(shiftDimension("T", 3), 2), -1), 3);
      expect(bindDimension(steps, { T })).toBe(Math.ceil((Math.ceil((T + 3) / 2) - 1) / 3));
    }
  });

  it("is added up into one text, whatever the order", () => {
    expect(addDimensions(["T", 3])).toBe("T+3");
    expect(addDimensions(["T-2", 2])).toBe("T");
    expect(addDimensions([4, 3])).toBe(7);
    expect(addDimensions(["T+1", 3, "S", "T"])).toBe("S+T*2+4");
    expect(addDimensions(["T*2", addDimensions(["S", "T"])])).toBe(addDimensions(["S", "T*3"]));
    const sum = addDimensions(["T", "ceil(S/2)", 1]);
    expect(bindDimension(sum, { S: 5, T: 2 })).toBe(6);
    expect(bindDimension(sum, { S: 5 })).toBe("T+4");
    expect(bindDimension(strideDimension(sum, 2), { S: 5, T: 2 })).toBe(3);
    expect(bindDimension(multiplyDimensions([sum, "B", 2]), { S: 5, T: 2, B: 3 })).toBe(36);
    expect(multiplyDimensions([addDimensions(["S", "T"]), 2])).not.toBe(addDimensions(["S", "T", 2]));
  });

  it("is multiplied into one text, whatever the order", () => {
    expect(multiplyDimensions(["T", "B"])).toBe(multiplyDimensions(["B", "T"]));
    expect(multiplyDimensions(["T", 4, "B", 2])).toBe("B*T*8");
    expect(multiplyDimensions([multiplyDimensions(["T", 2]), multiplyDimensions(["B", 4])])).toBe("B*T*8");
    expect(multiplyDimensions([2, "ceil(T/2)"])).toBe("ceil(T/2)*2");
    expect(multiplyDimensions([1, "T+1"])).toBe("T+1");
    expect(multiplyDimensions(["T", 0])).toBe(0);
    expect(multiplyDimensions([2, 3])).toBe(6);
    expect(multiplyDimensions([])).toBe(1);
  });

  it("becomes a number when all its names have one", () => {
    const strided = strideDimension(shiftDimension("T", 10), 2); // ⌈(T + 10) / 2⌉
    const product = multiplyDimensions([strided, shiftDimension("B", 1), 4]);
    expect(bindDimension("T", { T: 5 })).toBe(5);
    expect(bindDimension(strided, { T: 5 })).toBe(8);
    expect(bindDimension(shiftDimension(strided, -3), { T: 5 })).toBe(5);
    expect(bindDimension(product, { T: 5, B: 2 })).toBe(8 * 3 * 4);
    expect(bindDimension(strideDimension(product, 7), { T: 5, B: 2 })).toBe(14);
    expect(bindDimension(shiftDimension(product, 1), { T: 5, B: 2 })).toBe(97);
    expect(bindDimension(7, { T: 5 })).toBe(7);
  });

  it("keeps the names without a number, in the one text for it", () => {
    const product = multiplyDimensions([shiftDimension("B", 1), strideDimension("T", 2), 4]);
    expect(bindDimension(product, { T: 5 })).toBe(multiplyDimensions([shiftDimension("B", 1), 12]));
    expect(bindDimension(product, { B: 2 })).toBe(multiplyDimensions([strideDimension("T", 2), 12]));
    expect(bindDimension(product, {})).toBe(product);
    expect(bindDimension(shiftDimension("S", 2), { T: 5 })).toBe("S+2");
    expect(bindDimension("toString", {})).toBe("toString");
  });

  it("never has the text of another size", () => {
    const shifted = shiftDimension(multiplyDimensions(["B", "T"]), 1); // BT + 1
    expect(multiplyDimensions(["B", "T+1"])).not.toBe(shifted); //        BT + B
    expect(multiplyDimensions([shifted, 2])).not.toBe(multiplyDimensions(["B", "T+1", 2]));
  });
});

describe("broadcasting", () => {
  it("repeats axes of size 1 and missing leading axes, symbolic ones too", () => {
    expect(broadcastShapes(["T", "B", 4], [4], "add")).toEqual(["T", "B", 4]);
    expect(broadcastShapes([1, 3], ["B", 1], "add")).toEqual(["B", 3]);
    expect(broadcastShapes([], [2], "add")).toEqual([2]);
    expect(broadcastShapes([0], [1], "add")).toEqual([0]);
  });

  it("takes two sizes as equal only when their text is", () => {
    expect(() => broadcastShapes(["T", 4], ["S", 4], "add")).toThrow(
      "add: Cannot broadcast [T, 4] with [S, 4]. Check the shapes of the tensors that reach this operator; " +
        "symbolic dimensions must have the same name.",
    );
    expect(() => broadcastShapes(["T"], [5], "add")).toThrow("Cannot broadcast [T] with [5].");
    expect(() => broadcastShapes([0], [2], "add")).toThrow("Cannot broadcast [0] with [2].");
  });
});
