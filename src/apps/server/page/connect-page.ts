// The page at "/connect": what runs, and how clients connect. It is plain and has no script.

import type { ServerContext } from "../server-context.ts";
import { escapeHtml } from "./page-files.ts";

/** @param host that the client asked for, such as "127.0.0.1:8080" @param isSecure over TLS */
export function connectPage(
  { models, version, keys }: ServerContext,
  host: string,
  isSecure: boolean,
): string {
  const address = escapeHtml(host);
  const [http, socket] = isSecure ? ["https", "wss"] : ["http", "ws"];
  const names = models.list().map(({ name }) => escapeHtml(name));
  const rows = [
    ["OpenAI, files", `base URL ${http}://${address}/v1`],
    ["OpenAI, Realtime", `${socket}://${address}/v1/realtime?intent=transcription`],
    ["Deepgram", `${http}://${address} and ${socket}://${address}`],
    ["Vosk", `${socket}://${address}`],
    ["Home Assistant", "Wyoming, on the port of --wyoming"],
  ];
  return `<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>Earshot</title>
<style>body{font:16px/1.5 system-ui,sans-serif;max-width:42rem;margin:2rem auto;padding:0 1rem}td{padding:.2rem 1rem .2rem 0;vertical-align:top}code{font-size:.95em}</style>
<h1>Earshot ${escapeHtml(version)}</h1>
<p>Serves ${names.map((name) => `<code>${name}</code>`).join(", ")}. ${keys.areNeeded ? "An API key is needed." : "No API key is needed."}</p>
<table>
${rows.map(([client, where]) => `<tr><td>${client}<td><code>${where}</code>`).join("\n")}
</table>
<p>Try: <code>curl ${http}://${address}/v1/audio/transcriptions -F file=@hello.wav</code></p>
<p><a href="/">Listen and teach in the browser</a>, <a href="/openapi.json">What it answers</a>, <a href="/metrics">metrics</a>, <a href="/readyz">readiness</a>.</p>
</html>
`;
}
