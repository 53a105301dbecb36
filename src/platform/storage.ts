import { createReadStream } from "node:fs";
import { mkdir, open, rename, rm, stat } from "node:fs/promises";
import { dirname, join, resolve, sep } from "node:path";
import type { Readable } from "node:stream";
import { assert } from "#kernel/assert.ts";
import { notFound, Problem } from "#kernel/problem.ts";
import type { Config } from "#platform/config.ts";
import { isUnavailable } from "#platform/database.ts";

/** What can be kept: bytes, or a stream of them. */
export type Content = Uint8Array | AsyncIterable<Uint8Array>;

/** Where files lie. Keys are ours, never a person's: `<institution>/<noun>/<id>`. Never called inside a transaction. */
export type Storage = {
  /**
   * Keeps it under the key, whole or not at all; what was there is replaced. Returns its size in bytes. Throws
   * `unavailable`.
   */
  put(key: string, content: Content, mediaType: string): Promise<number>;
  /** A stream of it. Throws `not-found`, `unavailable`. */
  get(key: string): Promise<Readable>;
  /** Gone afterwards, whether or not it was there. */
  remove(key: string): Promise<void>;
};

/**
 * Opens what STORAGE_URL names: `file:///path`, `s3://bucket/prefix?region=…&endpoint=…`; without it `files` in
 * DATA_DIR.
 */
export async function openStorage(config: Pick<Config, "storageUrl" | "dataDir">): Promise<Storage> {
  if (config.storageUrl === undefined) return localStorage(join(config.dataDir, "files"));
  const url = new URL(config.storageUrl);
  if (url.protocol === "file:") return localStorage(decodeURIComponent(url.pathname));
  // Loading the client takes a third of a second; most run without it.
  const { s3Storage } = await import("#platform/storage-s3.ts");
  return s3Storage(url);
}

/** Whether a key is one of ours: short names between slashes, nothing that climbs. */
export function isStorageKey(key: string): boolean {
  return key.length <= 300 && /^[A-Za-z0-9_-][A-Za-z0-9._-]*(\/[A-Za-z0-9_-][A-Za-z0-9._-]*)*$/.test(key);
}

/** The answer when files can't be kept or read right now: a full disk, a bucket that does not answer. */
export function storageUnavailable(cause: unknown): Problem {
  return new Problem("unavailable", "The file could not be stored or read. Please try again in a few minutes.", {
    cause,
    retryAfterSeconds: 60,
  });
}

function localStorage(folder: string): Storage {
  const root = resolve(folder);
  const pathOf = (key: string): string => {
    assert(isStorageKey(key), `not a storage key: ${JSON.stringify(key)}`);
    const path = resolve(root, key);
    assert(path.startsWith(root + sep), "a storage key stays in its folder");
    return path;
  };
  let count = 0;
  return {
    async put(key, content) {
      const path = pathOf(key);
      count += 1;
      const unfinished = `${path}.${process.pid}-${count}.part`;
      try {
        await mkdir(dirname(path), { recursive: true, mode: 0o700 });
        const size = await writeSafely(unfinished, content);
        await rename(unfinished, path);
        return size;
      } catch (error) {
        await rm(unfinished, { force: true }).catch(() => undefined);
        throw isOurs(error) ? storageUnavailable(error) : error;
      }
    },
    async get(key) {
      const path = pathOf(key);
      try {
        if (!(await stat(path)).isFile()) throw notFound();
        return createReadStream(path);
      } catch (error) {
        if ((error as { code?: string }).code === "ENOENT") throw notFound();
        throw isOurs(error) ? storageUnavailable(error) : error;
      }
    },
    async remove(key) {
      await rm(pathOf(key), { force: true });
    },
  };
}

/** Writes a file and makes sure that the disk has it: a rename may otherwise outlive the bytes after a power cut. */
async function writeSafely(path: string, content: Content): Promise<number> {
  const file = await open(path, "wx", 0o600);
  let size = 0;
  try {
    for await (const part of content instanceof Uint8Array ? [content] : content) {
      await file.writeFile(part);
      size += part.byteLength;
    }
    await file.sync();
  } finally {
    await file.close();
  }
  return size;
}

const diskTroubles = new Set(["ENOSPC", "EDQUOT", "EROFS", "EIO", "EMFILE", "ENFILE", "EACCES", "EPERM"]);

function isOurs(error: unknown): boolean {
  return diskTroubles.has((error as { code?: string }).code ?? "") || isUnavailable(error);
}

/** All bytes of a stream; throws `request.too-large` beyond the limit. */
export async function readAll(stream: AsyncIterable<Uint8Array>, limitBytes: number): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  let size = 0;
  for await (const part of stream) {
    size += part.byteLength;
    if (size > limitBytes) throw new Problem("request.too-large", `At most ${Math.floor(limitBytes / 1e6)} MB.`);
    parts.push(part);
  }
  return Buffer.concat(parts, size);
}
