// The 8-bit companded samples of telephony (ITU-T G.711): µ-law and A-law codes to numbers of full scale 1.
// A code is a sign, three bits of exponent and four of mantissa; each table holds the 256 values.

/** The offset that makes every µ-law step a power of two. */
const MU_LAW_BIAS = 0x84;

/** [256] */
export const MU_LAW = Float32Array.from({ length: 256 }, (_, code) => {
  const { sign, exponent, mantissa } = fields(~code & 0xff);
  return (-sign * ((((mantissa << 3) + MU_LAW_BIAS) << exponent) - MU_LAW_BIAS)) / 2 ** 15;
});

/** [256] */
export const A_LAW = Float32Array.from({ length: 256 }, (_, code) => {
  const { sign, exponent, mantissa } = fields(code ^ 0x55);
  const middle = (mantissa << 4) + 8; // of the step
  return (sign * (exponent === 0 ? middle : (middle + 0x100) << (exponent - 1))) / 2 ** 15;
});

/** The sign is that of A-law, where the highest bit says positive; µ-law means the opposite. */
function fields(code: number): { sign: 1 | -1; exponent: number; mantissa: number } {
  return { sign: code & 0x80 ? 1 : -1, exponent: (code >> 4) & 7, mantissa: code & 0x0f };
}
