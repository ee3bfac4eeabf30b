// Weights in half precision: half the space, eleven bits of each number. What lies beyond its range is refused: as infinity
// it would be heard in every recording.

import { EarshotError } from "../errors.ts";
import { toHalf, type Float32Tensor, type TensorData } from "../tensor.ts";

const LARGEST = 65504;

/** @throws EarshotError BEYOND_FLOAT16 */
export function halved(name: string, { dims, data }: Float32Tensor): TensorData {
  const beyond = data.find((value) => Math.abs(value) > LARGEST);
  if (beyond !== undefined) throw beyondHalf(name, beyond);
  return { type: "float16", dims, data: toHalf(data) };
}

function beyondHalf(name: string, value: number): EarshotError {
  return new EarshotError({
    code: "BEYOND_FLOAT16",
    where: name,
    problem: `It holds ${value.toPrecision(4)}, and half precision ends at ${LARGEST}.`,
    remedy: "Keep the weights in float32: leave --precision float16 out.",
  });
}
