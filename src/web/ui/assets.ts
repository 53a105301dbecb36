import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { buildSync, transformSync } from "esbuild";

// In cascade order: what every surface shares, then its own shell and parts, then print.
const shared = ["tokens", "base", "parts", "notices", "forms", "data", "tables", "plain"] as const;
export const sheets = {
  "customer.css": [...shared, "customer-shell", "pay-parts", "customer-parts", "print"],
  "app.css": [...shared, "app-shell", "pay-parts", "app-parts", "partner-parts", "security", "print"],
} as const;

/** The scripts: ours are bundled from `client/`, htmx and its streams come as their makers ship them. */
export const scripts = {
  "customer.js": "../client/customer.ts",
  "app.js": "../client/app.ts",
} as const;
const htmx = "../../../node_modules/htmx.org/dist/htmx.min.js";
const vendored = {
  "htmx.js": [htmx],
  // In one file: htmx looks through the page once, and a stream that it does not know by then never begins.
  "live.js": [htmx, "../../../node_modules/htmx.org/dist/ext/hx-sse.min.js"],
} as const;

export type AssetName = keyof typeof sheets | keyof typeof scripts | keyof typeof vendored;
export type Asset = { readonly path: string; readonly type: string; readonly body: Uint8Array<ArrayBuffer> };

/** What each face loads. Customer, public, preview and sign-in pages load no htmx. */
export const surfaces = {
  customer: { css: ["customer.css"], js: ["customer.js"] },
  partner: { css: ["app.css"], js: ["live.js", "app.js"] },
  staff: { css: ["app.css"], js: ["htmx.js", "app.js"] },
} as const satisfies Record<string, { css: readonly AssetName[]; js: readonly AssetName[] }>;
export type Surface = keyof typeof surfaces;

function read(relative: string): string {
  return readFileSync(new URL(relative, import.meta.url), "utf8");
}

function sourceOf(name: AssetName): string {
  if (name in sheets) {
    const css = sheets[name as keyof typeof sheets].map((sheet) => read(`../styles/${sheet}.css`)).join("\n");
    return transformSync(css, { loader: "css", minify: true }).code;
  }
  if (name in scripts) {
    const entry = fileURLToPath(new URL(scripts[name as keyof typeof scripts], import.meta.url));
    const built = buildSync({
      entryPoints: [entry],
      bundle: true,
      minify: true,
      write: false,
      format: "iife",
      target: "es2020",
    });
    return built.outputFiles[0]?.text ?? "";
  }
  const files = vendored[name as keyof typeof vendored].map(read);
  return files.map((text) => text.replace(/\n?\/\/# sourceMappingURL=.*\s*$/, "")).join("\n;\n");
}

const built = new Map<AssetName, Asset>();

/** One asset, built at first use. Its path carries a hash of its content, so it may be cached for ever. */
export function asset(name: AssetName): Asset {
  const found = built.get(name);
  if (found) return found;
  const body = new TextEncoder().encode(sourceOf(name));
  const hash = createHash("sha256").update(body).digest("base64url").slice(0, 10);
  const [stem, kind] = name.split(".") as [string, string];
  const type = kind === "css" ? "text/css; charset=utf-8" : "text/javascript; charset=utf-8";
  const made = { path: `/assets/${stem}.${hash}.${kind}`, type, body };
  built.set(name, made);
  return made;
}

/** Every asset, by its path: the server answers these with `immutable`, and 404 to anything else under /assets/. */
export function assets(): ReadonlyMap<string, Asset> {
  const names = [...Object.keys(sheets), ...Object.keys(scripts), ...Object.keys(vendored)] as AssetName[];
  return new Map(names.map((name) => [asset(name).path, asset(name)]));
}
