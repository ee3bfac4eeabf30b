// multipart/form-data (RFC 7578) of a body that is held: parts are views of it, nothing is copied, and their number is
// bounded. Knows nothing of what the fields mean.

import { badRequest } from "../refusal.ts";

export interface FormPart {
  readonly name: string;
  readonly fileName?: string;
  readonly bytes: Buffer;
}

const MOST_PARTS = 4_096;
const LONGEST_HEADERS = 8_192; // bytes

/** @throws Refusal bad_request */
export function readMultipart(body: Buffer, contentType: string): FormPart[] {
  const [, quoted, plain] = /boundary=(?:"([^"\r\n]{1,200})"|([^\s;,"]{1,200}))/i.exec(contentType) ?? [];
  const boundary = quoted ?? plain;
  if (!/^multipart\/form-data\b/i.test(contentType) || boundary === undefined)
    throw badRequest("The body is to be multipart/form-data with a boundary.");
  const delimiter = Buffer.from(`\r\n--${boundary}`);
  const parts: FormPart[] = [];
  let at = body.indexOf(delimiter.subarray(2));
  if (at < 0) throw badRequest("The body does not hold its boundary.");
  at += delimiter.length - 2;
  while (!isText(body, at, "--")) {
    const end = body.indexOf(delimiter, at);
    if (end < 0) throw badRequest("The body ends before its last boundary.");
    if (parts.length === MOST_PARTS) throw badRequest(`The body has more than ${MOST_PARTS} parts.`);
    const part = partOf(body, at, end);
    if (part) parts.push(part);
    at = end + delimiter.length;
  }
  return parts;
}

/** @param at behind the boundary; undefined for a part without a name */
function partOf(body: Buffer, at: number, end: number): FormPart | undefined {
  const start = body.indexOf("\r\n", at);
  const headersEnd = isText(body, start + 2, "\r\n") ? start : body.indexOf("\r\n\r\n", start);
  if (start < 0 || headersEnd < 0 || headersEnd > end || headersEnd - at > LONGEST_HEADERS)
    throw badRequest("A part of the body has no end of its headers.");
  const headers = body.toString("utf8", start, headersEnd);
  const [, disposition = ""] = /^content-disposition:([^\r\n]*)$/im.exec(headers) ?? [];
  const name = parameterOf(disposition, "name");
  if (name === undefined) return undefined;
  const bytes = body.subarray(Math.min(end, headersEnd + 4), end);
  return { name, fileName: parameterOf(disposition, "filename"), bytes };
}

function parameterOf(disposition: string, name: string): string | undefined {
  const [, quoted, plain] =
    new RegExp(String.raw`;\s*${name}=(?:"([^"]*)"|([^\s;"]+))`, "i").exec(disposition) ?? [];
  return quoted ?? plain;
}

const isText = (body: Buffer, at: number, text: string): boolean =>
  body.toString("latin1", at, at + text.length) === text;
