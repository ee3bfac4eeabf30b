// The frame of every page here: one file that needs nothing else, and a policy by which the browser makes sure of it.

import { markup, Markup, type Content } from "./markup.ts";
import { STYLE } from "./style.ts";

const POLICY =
  "default-src 'none'; style-src 'unsafe-inline'; script-src 'unsafe-inline'; img-src data:; media-src data:";

export interface DocumentParts {
  readonly title: string;
  /** Header and main. */
  readonly body: Content;
  /** Beside the style of all pages. */
  readonly style?: string;
  readonly script?: string;
}

export function htmlDocument({ title, body, style = "", script }: DocumentParts): string {
  return markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<title>${title} · Earshot</title>
<style>${new Markup(STYLE + style)}</style>
</head>
<body>
${body}${script !== undefined && markup`<script>${new Markup(script)}</script>\n`}</body>
</html>
`.source;
}
