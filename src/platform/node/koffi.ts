// The optional package koffi, which calls functions of native libraries. Its name is not written into the import, so that
// neither compilers nor bundlers ask for a package that may not be there.

const PACKAGE: string = "koffi";

export interface KoffiFunction {
  (...parameters: readonly unknown[]): number;
  readonly async: (...parameters: readonly unknown[]) => void;
}

export interface KoffiLibrary {
  func(definition: string): KoffiFunction;
  symbol(name: string): unknown;
}

export interface Koffi {
  /** @param path null for the process itself */
  load(path: string | null, options?: { readonly global: boolean }): KoffiLibrary;
  address(pointer: unknown): bigint;
  view(pointer: unknown, bytes: number): ArrayBuffer;
  config(options?: Readonly<Record<string, number>>): Readonly<Record<string, number>>;
}

/** Throws where it is not installed. */
export async function importKoffi(): Promise<Koffi> {
  const { default: koffi } = (await import(PACKAGE)) as { readonly default: Koffi };
  return koffi;
}
