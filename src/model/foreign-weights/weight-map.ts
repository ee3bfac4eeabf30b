// The map by which weights of another framework become ours: whole layers of PyTorch by name, whose matrices, gates and
// biases are recognized, and single tensors with what has to be done to each. docs/import.md shows maps.

import { parseSettings, z } from "../../settings.ts";

const name = z.string().min(1);
const direction = z.enum(["forward", "backward"]);

export const placement = z.strictObject({
  to: name.describe("The weight of ours that it becomes, or becomes a part of."),
  transpose: z
    .union([z.boolean(), z.array(z.int().min(0)).min(1)])
    .default(false)
    .describe(
      "true: its axes in reverse; or its axes in the order in which ours has them, such as [2, 1, 0].",
    ),
  flatten: z
    .boolean()
    .default(false)
    .describe(
      "Then all axes but the last become one, as where a convolution over frames becomes a window of them.",
    ),
  gates: z
    .string()
    .regex(/^(?!.*(.).*\1)(?:[ifgo]{4}|[rzn]{3})$/, {
      message: "The gates are i, f, g and o, or r, z and n, in some order",
    })
    .optional()
    .describe(
      "The gates side by side on its last axis, in its order; ours are ifgo of an LSTM and rzn of a GRU.",
    ),
  only: z
    .string()
    .regex(/^[ifgorzn]+$/)
    .optional()
    .describe(
      "The gates of it that go to this weight, such as rz; in a weight of all gates the others get 0.",
    ),
  add: z
    .boolean()
    .default(false)
    .describe("Added to what other tensors bring to this weight, as the second of two biases is."),
  direction: direction
    .optional()
    .describe(
      "Whose it is, where one weight of ours serves both directions: what each brings must be equal.",
    ),
});

const target = z.union([name, z.array(name).min(1)]);
const layer = z.union([
  target,
  z.strictObject({
    to: target.describe("The layer of ours; of several recurrent layers a list, the lowest first."),
    direction: direction.optional().describe("Of a recurrent layer that runs one way; by default forward."),
  }),
]);

export const weightMap = z.strictObject({
  layers: z
    .record(z.string(), layer)
    .default({})
    .describe(
      "Layers of PyTorch (Linear, LSTM, GRU, RNN and their cells, convolutions, LayerNorm, BatchNorm, MultiheadAttention) by their names → layers of ours.",
    ),
  tensors: z
    .record(z.string(), z.union([name, placement, z.array(placement).min(1)]))
    .default({})
    .describe("Single tensors → weights of ours, with what is to be done to each."),
  ignore: z
    .array(name)
    .default([])
    .describe("Tensors that have no place in ours; * stands for any characters."),
  zeros: z
    .array(name)
    .default([])
    .describe(
      "Weights of ours that theirs have nothing for, and that are 0: the bias of a layer without one.",
    ),
  blank: z
    .int()
    .min(0)
    .optional()
    .describe("Which of their outputs is the CTC blank, counted from 0; by default the last, as in ours."),
});

export type WeightMap = z.output<typeof weightMap>;
export type WeightMapInput = z.input<typeof weightMap>;
export type Placement = z.output<typeof placement>;
export type CellDirection = z.output<typeof direction>;

/** @throws UNKNOWN_SETTING, INVALID_SETTING */
export const parseWeightMap = (input: unknown, where: string): Readonly<WeightMap> =>
  parseSettings(weightMap, input, where);
