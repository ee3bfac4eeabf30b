// Telephone codecs: 8 kHz and few bits a sample.

import { telephoneCodecs, throughTelephone, type TelephoneCodec } from "../../../audio/index.ts";
import { z } from "../../../settings.ts";
import { probability, type Effect } from "./effect.ts";

export const codecSettings = z.strictObject({
  probability: probability(0),
  codecs: z
    .array(z.enum(telephoneCodecs))
    .min(1)
    .default([...telephoneCodecs])
    .describe(
      "One of these each time: mu-law (ITU-T G.711, 64 kbit/s), adpcm (IMA, 32 kbit/s), both at 8 kHz",
    ),
});

export const codec: Effect<z.output<typeof codecSettings>, { readonly codec: TelephoneCodec }> = {
  choose({ probability: often, codecs }, random) {
    if (random.uniform() >= often) return undefined;
    return { codec: codecs[random.integer(codecs.length)] };
  },
  describe: (choice) => ({ codec: choice.codec }),
  apply: (samples, choice) => throughTelephone(samples, choice.codec),
};
