import type { Upload } from "#http/request.ts";
import { Problem } from "#kernel/problem.ts";

export type Typed = Record<string, string | string[]>;

/** Reads at most `limit` bytes; throws `request.too-large` beyond it, without reading on. */
export async function readBody(request: Request, limit: number): Promise<Uint8Array> {
  const declared = Number(request.headers.get("content-length") ?? 0);
  if (declared > limit) throw tooLarge(limit);
  if (!request.body) return new Uint8Array();
  const chunks: Uint8Array[] = [];
  let size = 0;
  for await (const chunk of request.body) {
    size += chunk.byteLength;
    if (size > limit) throw tooLarge(limit);
    chunks.push(chunk);
  }
  return chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks);
}

function tooLarge(limit: number): Problem {
  const size = limit >= 1_048_576 ? `${Math.floor(limit / 1_048_576)} MB` : `${Math.floor(limit / 1_024)} kB`;
  return new Problem("request.too-large", `Send at most ${size}.`);
}

/** The fields of a form, and its file where the route takes one. Names that repeat become lists. */
export async function readForm(
  type: string,
  body: Uint8Array,
  takesFile: boolean,
): Promise<{ typed: Typed; file: Upload | undefined }> {
  if (type.startsWith("application/x-www-form-urlencoded") || (body.length === 0 && type === "")) {
    return { typed: collect(new URLSearchParams(Buffer.from(body).toString("utf8"))), file: undefined };
  }
  if (takesFile && type.startsWith("multipart/form-data")) return await readMultipart(type, body);
  throw new Problem("request.unsupported-type", "Send the form as it is on the page.");
}

async function readMultipart(type: string, body: Uint8Array): Promise<{ typed: Typed; file: Upload | undefined }> {
  let data: FormData;
  try {
    data = await new Response(Uint8Array.from(body), { headers: { "content-type": type } }).formData();
  } catch (cause) {
    throw new Problem("request.invalid", "The form did not arrive whole. Please send it again.", { cause });
  }
  const pairs: [string, string][] = [];
  let upload: Upload | undefined;
  for (const [name, value] of data) {
    if (typeof value === "string") pairs.push([name, value]);
    else if (name === "file" && value.name !== "") {
      upload = { name: value.name.slice(0, 200), type: value.type, bytes: new Uint8Array(await value.arrayBuffer()) };
    }
  }
  return { typed: collect(pairs), file: upload };
}

/** Pairs as an object without a prototype, so that a field named `__proto__` is only a field. */
export function collect(pairs: Iterable<[string, string]>): Typed {
  const typed: Typed = Object.create(null) as Typed;
  let count = 0;
  for (const [name, value] of pairs) {
    if (++count > 2_000) throw new Problem("request.too-large", "Send at most 2,000 fields.");
    // PostgreSQL can't store NUL, and no person types one.
    const clean = value.replaceAll("\0", "");
    const before = typed[name];
    if (before === undefined) typed[name] = clean;
    else if (Array.isArray(before)) before.push(clean);
    else typed[name] = [before, clean];
  }
  return typed;
}
