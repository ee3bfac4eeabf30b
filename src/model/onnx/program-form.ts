// What an export of ours is made for, as its metadata says (onnx.proto: ModelProto.metadata_props 14,
// StringStringEntryProto.key 1 and value 2): a program for a stream has no description, and is none for a recognizer.

import { EarshotError } from "../../errors.ts";
import { messages, textOf } from "./protobuf.ts";

const METADATA = 14;
const KEY = 1;
const VALUE = 2;
const FORM = "earshot.form";

/** @throws EarshotError STREAM_PROGRAM */
export function refuseStreamProgram(program: Uint8Array, where: string): void {
  for (const entry of messages(program, METADATA))
    if (textOf(entry, KEY) === FORM && textOf(entry, VALUE) === "stream")
      throw new EarshotError({
        code: "STREAM_PROGRAM",
        where,
        problem:
          "This is a program for a stream: it takes chunks of frames and states, and gives the next states.",
        remedy: "Recognize with the model that it was made of, or export that without --stream.",
      });
}
