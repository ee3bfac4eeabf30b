// What a platform's driver offers for digests of content.

export interface Hash {
  /** Text as UTF-8. */
  update(part: string | Uint8Array): Hash;
  /** In hexadecimal; once. */
  digest(): string;
}
