// What the document says of where it comes from: its model, and the server behind it where there is one.

export interface ServedFacts {
  readonly version: string;
  readonly models: readonly string[];
  readonly needsKey: boolean;
}

const metaOf = (name: string): string =>
  document.querySelector<HTMLMetaElement>(`meta[name="${name}"]`)?.content ?? "";

/** The name of the model beside the page. */
export const shippedModelName = (): string => metaOf("earshot-model");

/** Undefined where the page is nothing but files. */
export function servedFacts(): ServedFacts | undefined {
  const content = metaOf("earshot-server");
  return content === "" ? undefined : (JSON.parse(content) as ServedFacts);
}
