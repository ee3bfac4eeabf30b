// TensorBoard's Event message (tensorboard/compat/proto/event.proto and summary.proto): the parts of it that curves need.

import { BinaryWriter, WireType } from "@bufbuild/protobuf/wire";

export interface BoardEvent {
  /** Seconds since 1970. */
  readonly wallTime: number;
  readonly step: number;
  readonly content:
    | { readonly fileVersion: string }
    /** TensorBoard then forgets what an earlier file of the run says of this step and later ones. */
    | { readonly sessionStart: true }
    | { readonly scalars: Readonly<Record<string, number>> };
}

const SESSION_START = 1;

export function encodeEvent({ wallTime, step, content }: BoardEvent): Uint8Array {
  const writer = new BinaryWriter();
  writer.tag(1, WireType.Bit64).double(wallTime);
  writer.tag(2, WireType.Varint).int64(step);
  if ("fileVersion" in content) writer.tag(3, WireType.LengthDelimited).string(content.fileVersion);
  else if ("scalars" in content) writer.tag(5, WireType.LengthDelimited).bytes(summary(content.scalars));
  else writer.tag(7, WireType.LengthDelimited).bytes(sessionLog());
  return writer.finish();
}

function summary(scalars: Readonly<Record<string, number>>): Uint8Array {
  const writer = new BinaryWriter();
  for (const [tag, value] of Object.entries(scalars)) {
    writer.tag(1, WireType.LengthDelimited).fork();
    writer.tag(1, WireType.LengthDelimited).string(tag);
    writer.tag(2, WireType.Bit32).float(value);
    writer.join();
  }
  return writer.finish();
}

const sessionLog = (): Uint8Array => new BinaryWriter().tag(1, WireType.Varint).int32(SESSION_START).finish();
