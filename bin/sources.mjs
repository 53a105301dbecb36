// Loaded before the program: reads TypeScript as JavaScript, quicker than tsx does it file by file. Node strips types
// by itself; the first page (.tsx) brings esbuild, which turns all sources of src/ over in one go. What it made is kept
// beside a digest of each source, so the next start transforms what was edited since and nothing else.
import { createHash } from "node:crypto";
import { globSync, mkdirSync, readFileSync, renameSync, writeFileSync } from "node:fs";
import { createRequire, registerHooks } from "node:module";
import { dirname, join, relative } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const sources = pathToFileURL(join(root, "src", "/")).href;
const keptIn = join(root, "node_modules", ".cache", "sources.json");

/** How esbuild is asked; part of what is kept, so another way or another esbuild makes all of it anew. */
const how = { jsx: "automatic", jsxImportSource: "hono/jsx", target: "esnext", format: "esm", tsconfigRaw: {} };

const esbuild = loadEsbuild();
const way = `${process.version} ${esbuild?.version} ${JSON.stringify(how)}`;
/** By path: the digest of a source and what it became; undefined: Node strips it. */
let made = readKept();
const strippedByNode = new Set();
let isMadeAnew = false;

if (esbuild) {
  process.setSourceMapsEnabled(true);
  registerHooks({ resolve, load });
}

/** In a clone in miniature (a test of the way in) there is no esbuild: Node does what it can. */
function loadEsbuild() {
  try {
    return createRequire(import.meta.url)("esbuild");
  } catch {
    return undefined;
  }
}

/** Our own specifiers say the file in full (`#kernel/ids.ts`, `./story.ts`), so nothing is to be looked for. */
function resolve(specifier, context, next) {
  if (!context.parentURL?.startsWith(sources) || !/\.tsx?$/.test(specifier)) return next(specifier, context);
  const url = specifier.startsWith("#") ? sources + specifier.slice(1) : new URL(specifier, context.parentURL).href;
  return { url, format: "module-typescript", shortCircuit: true };
}

function load(url, context, next) {
  if (!url.startsWith(sources) || !/\.tsx?$/.test(url)) return next(url, context);
  const file = fileURLToPath(url);
  const path = relative(root, file);
  const text = readFileSync(file, "utf8");
  const digest = digestOf(text);
  if (made === undefined ? path.endsWith(".ts") : made[path]?.[0] === "") {
    strippedByNode.add(path);
    return next(url, context);
  }
  if (made?.[path]?.[0] !== digest && !isMadeAnew) made = makeAll();
  if (made[path]?.[0] !== digest) made[path] = [digest, makeOne(file, text)];
  return { format: "module", source: made[path][1], shortCircuit: true };
}

function digestOf(text) {
  return createHash("sha1").update(text).digest("base64");
}

function readKept() {
  try {
    const kept = JSON.parse(readFileSync(keptIn, "utf8"));
    return kept.way === way ? kept.made : undefined;
  } catch {
    return undefined;
  }
}

function makeAll() {
  isMadeAnew = true;
  const files = globSync("src/**/*.{ts,tsx}", { cwd: root, exclude: ["src/web/client/**", "**/*.test.*"] });
  const rest = files.filter((path) => !strippedByNode.has(path));
  const entryPoints = rest.map((path) => join(root, path));
  // Nothing is written: `outdir` only says where source maps take the sources to be from.
  const outputs = { entryPoints, outdir: root, outbase: root, write: false, sourcemap: "inline" };
  let outputFiles;
  try {
    ({ outputFiles } = esbuild.buildSync({ ...how, ...outputs, sourcesContent: false, logLevel: "silent" }));
  } catch {
    // A file that is being written, say. Each is made by itself then, so what is wrong is said only where it is needed.
    return {};
  }
  const became = new Map(outputFiles.map((file) => [relative(root, file.path), file.text]));
  const all = Object.fromEntries([...strippedByNode].map((path) => [path, [""]]));
  for (const path of rest) {
    all[path] = [digestOf(readFileSync(join(root, path), "utf8")), became.get(path.replace(/tsx?$/, "js"))];
  }
  keep(all);
  return all;
}

function makeOne(file, text) {
  const loader = file.endsWith(".tsx") ? "tsx" : "ts";
  const sourcefile = file.slice(dirname(file).length + 1);
  return esbuild.transformSync(text, { ...how, loader, sourcefile, sourcemap: "inline", sourcesContent: false }).code;
}

function keep(all) {
  try {
    mkdirSync(dirname(keptIn), { recursive: true });
    const half = `${keptIn}.${process.pid}`;
    writeFileSync(half, JSON.stringify({ way, made: all }));
    // Two starts at once: the last whole file wins.
    renameSync(half, keptIn);
  } catch {
    // A read-only clone may run; it transforms at every start.
  }
}
