// Corpora are gigabytes in archives on other sites: a page may neither fetch these (CORS) nor unpack them to a disk.

import { EarshotError } from "../../errors.ts";
import type * as node from "../node/driver.ts";

/** @throws EarshotError NOT_IN_BROWSER */
export const fetchFile: typeof node.fetchFile = (url) => refuse(url);

/** @throws EarshotError NOT_IN_BROWSER */
export const fetchText: typeof node.fetchText = (url) => refuse(url);

/** @throws EarshotError NOT_IN_BROWSER */
export const unpackArchive: typeof node.unpackArchive = (archive) => refuse(archive);

async function refuse(where: string): Promise<never> {
  throw new EarshotError({
    code: "NOT_IN_BROWSER",
    where,
    problem: "A corpus cannot be fetched or unpacked in a browser.",
    remedy: "Import it with earshot data import, and give the recordings to the page.",
  });
}
