// Refuses to fetch and unpack corpora: archives of gigabytes on other sites, which a page may neither fetch (CORS) nor
// unpack to a disk.

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

/** What makes such folders cannot be done in a browser. */
export const leavingNoEmptyFolders = <Result>(_path: string, work: () => Promise<Result>): Promise<Result> =>
  work();
