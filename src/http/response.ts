import type { Answer } from "#http/answer.ts";
import { eventStreamType } from "#http/live.ts";

/** The answer as an HTTP response. Pages are rendered here, after their transaction has ended. */
export async function toResponse(answer: Answer, headOnly: boolean): Promise<Response> {
  switch (answer.kind) {
    case "page": {
      // In bytes once: Node would else go through the text for its length, and again to write it.
      const html = Buffer.from(String(await answer.page));
      return respond(headOnly ? null : html, answer.status, {
        "content-type": "text/html; charset=utf-8",
        ...answer.headers,
      });
    }
    case "redirect":
      return respond(null, 303, { location: answer.to });
    case "json": {
      const problem = answer.status >= 400 ? "application/problem+json" : "application/json";
      return respond(headOnly ? null : JSON.stringify(answer.body), answer.status, {
        "content-type": problem,
        ...answer.headers,
      });
    }
    case "text":
      return respond(headOnly ? null : answer.body, answer.status, {
        "content-type": answer.mediaType,
        ...answer.headers,
      });
    case "events":
      return respond(headOnly ? null : answer.open(), 200, {
        "content-type": eventStreamType,
        // A proxy that gathers answers would hold every event back (nginx: ngx_http_proxy_module).
        "x-accel-buffering": "no",
      });
    case "file": {
      const disposition = `${answer.inline ? "inline" : "attachment"}; ${fileNameHeader(answer.fileName)}`;
      const headers = { "content-type": answer.mediaType, "content-disposition": disposition };
      return respond(headOnly ? null : answer.body, 200, headers);
    }
  }
}

function respond(
  body: string | Uint8Array | ReadableStream<Uint8Array> | null,
  status: number,
  headers: Record<string, string>,
): Response {
  return new Response(body as ConstructorParameters<typeof Response>[0], { status, headers });
}

/**
 * `filename` in ASCII for old readers and `filename*` in UTF-8 (RFC 6266), without anything that could end the
 * header.
 */
function fileNameHeader(name: string): string {
  const clean = name.replace(/[\p{Cc}"\\/]/gu, "_").slice(0, 150);
  const ascii = clean.replace(/[^\x20-\x7e]/g, "_");
  const percent = (c: string) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`;
  return `filename="${ascii}"; filename*=UTF-8''${encodeURIComponent(clean).replace(/['()*]/g, percent)}`;
}

/** The headers of every answer (access.md 13). Answers that say nothing of caching are private. */
export function securityHeaders(headers: Headers, nonce: string, secure: boolean, machine: boolean): void {
  if (!headers.has("cache-control")) headers.set("cache-control", "no-store");
  headers.set("x-content-type-options", "nosniff");
  headers.set("x-frame-options", "DENY");
  headers.set("referrer-policy", headers.get("referrer-policy") ?? "same-origin");
  headers.set("cross-origin-opener-policy", "same-origin");
  headers.set("permissions-policy", "camera=(), microphone=(), geolocation=(), payment=()");
  if (secure) headers.set("strict-transport-security", "max-age=31536000; includeSubDomains");
  const page = [
    "default-src 'none'",
    `script-src 'nonce-${nonce}'`,
    `style-src 'self' 'nonce-${nonce}'`,
    "img-src 'self' data:",
    "font-src 'self'",
    "connect-src 'self'",
    "form-action 'self'",
    "base-uri 'none'",
    "frame-ancestors 'none'",
  ];
  const attached = headers.has("content-disposition");
  const policy =
    machine || attached ? ["default-src 'none'", "frame-ancestors 'none'", ...(attached ? ["sandbox"] : [])] : page;
  headers.set("content-security-policy", policy.join("; "));
}
