import { mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { createServer, type IncomingMessage, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { isStorageKey, openStorage, readAll, type Storage } from "#platform/storage.ts";

type Stored = { readonly body: Buffer; readonly type: string };

/** An S3 of two rooms: keeps what is put, checks that each request is signed for its path, bucket and region. */
async function startS3(): Promise<{
  url: string;
  kept: Map<string, Stored>;
  refused: string[];
  fail: (on: boolean) => void;
  server: Server;
}> {
  const kept = new Map<string, Stored>();
  const refused: string[] = [];
  let failing = false;
  const server = createServer((request, response) => {
    void answer(request).then(({ status, body, type }) => {
      response.writeHead(status, type ? { "content-type": type } : {});
      response.end(body);
    });
  });
  async function answer(request: IncomingMessage): Promise<{ status: number; body?: Buffer | string; type?: string }> {
    const body = await readAll(request, 1e8);
    const key = decodeURIComponent((request.url ?? "").split("?")[0] ?? "");
    const signed = /^AWS4-HMAC-SHA256 Credential=the-key\/\d{8}\/ap-southeast-2\/s3\/aws4_request/;
    if (!signed.test(request.headers.authorization ?? "") || !key.startsWith("/bucket/")) {
      refused.push(`${request.method} ${key}`);
      return { status: 403 };
    }
    if (failing) return { status: 503, body: "<Error><Code>SlowDown</Code></Error>" };
    if (request.method === "PUT") {
      kept.set(key, { body, type: request.headers["content-type"] ?? "" });
      return { status: 200 };
    }
    if (request.method === "DELETE") {
      kept.delete(key);
      return { status: 204 };
    }
    const found = kept.get(key);
    if (!found) return { status: 404, body: "<Error><Code>NoSuchKey</Code></Error>", type: "application/xml" };
    return { status: 200, body: found.body, type: found.type };
  }
  await new Promise<void>((resolve) => void server.listen(0, "127.0.0.1", resolve));
  const endpoint = encodeURIComponent(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  return {
    url: `s3://the-key:the%2Fsecret@bucket/pre/fix?region=ap-southeast-2&endpoint=${endpoint}`,
    kept,
    refused,
    fail: (on) => {
      failing = on;
    },
    server,
  };
}

const folder = mkdtempSync(join(tmpdir(), "portico-storage-"));
let s3: Awaited<ReturnType<typeof startS3>>;
const stores = new Map<string, Storage>();
beforeAll(async () => {
  s3 = await startS3();
  stores.set("folder", await openStorage({ storageUrl: undefined, dataDir: folder }));
  stores.set("s3", await openStorage({ storageUrl: s3.url, dataDir: folder }));
});
afterAll(() => {
  s3.server.close();
  rmSync(folder, { recursive: true, force: true });
});

async function* pieces(...texts: string[]): AsyncGenerator<Uint8Array> {
  for (const text of texts) yield Buffer.from(text);
}

describe.each(["folder", "s3"])("%s", (name) => {
  const store = () => stores.get(name) as Storage;
  const text = async (key: string) => (await readAll(await store().get(key), 1e6)).toString();

  test("gives back what was put, bytes or stream, and its size; putting again replaces", async () => {
    expect(await store().put("inst_1/imports/a.csv", Buffer.from("été"), "text/csv")).toBe(5);
    expect(await text("inst_1/imports/a.csv")).toBe("été");
    expect(await store().put("inst_1/imports/a.csv", pieces("one,", "two"), "text/csv")).toBe(7);
    expect(await text("inst_1/imports/a.csv")).toBe("one,two");
  });

  test("what is not there, or was removed, is not found", async () => {
    await expect(store().get("inst_1/none")).rejects.toMatchObject({ code: "not-found" });
    await store().put("inst_1/gone", Buffer.from("x"), "text/plain");
    await store().remove("inst_1/gone");
    await store().remove("inst_1/gone");
    await expect(store().get("inst_1/gone")).rejects.toMatchObject({ code: "not-found" });
  });

  test("keys that climb or point elsewhere are refused", async () => {
    for (const key of [
      "../x",
      "a/../../x",
      "/etc/passwd",
      "a//b",
      "a/.",
      ".hidden",
      "a\\b",
      "a\0b",
      "",
      `a/${"x".repeat(400)}`,
    ]) {
      expect(isStorageKey(key), key).toBe(false);
      await expect(store().put(key, Buffer.from("x"), "text/plain"), key).rejects.toThrow("not a storage key");
    }
  });
});

test("in the folder, a file is whole or not there, and nobody else may read it", async () => {
  const store = stores.get("folder") as Storage;
  async function* broken() {
    yield Buffer.from("half");
    throw new Error("the upload broke off");
  }
  await expect(store.put("inst_1/half", broken(), "text/plain")).rejects.toThrow("the upload broke off");
  await expect(store.get("inst_1/half")).rejects.toMatchObject({ code: "not-found" });
  await store.put("inst_1/whole", Buffer.from("x"), "text/plain");
  const names = readdirSync(join(folder, "files", "inst_1"));
  expect(names.filter((name) => name.endsWith(".part"))).toEqual([]);
  expect(statSync(join(folder, "files", "inst_1", "whole")).mode & 0o077).toBe(0);
});

test("a full disk is said as 503 with a time to come back, and leaves nothing behind", async () => {
  const store = await openStorage({ storageUrl: "file:///dev/full", dataDir: folder });
  await expect(store.put("a", Buffer.from("x"), "text/plain")).rejects.toThrow();
  async function* full() {
    yield Buffer.from("x");
    throw Object.assign(new Error("no space left on device"), { code: "ENOSPC" });
  }
  const files = stores.get("folder") as Storage;
  await expect(files.put("inst_1/full", full(), "text/plain")).rejects.toMatchObject({
    code: "unavailable",
    status: 503,
    retryAfterSeconds: 60,
  });
  await expect(files.get("inst_1/full")).rejects.toMatchObject({ code: "not-found" });
});

test("S3 gets the prefix and the media type, signed; an answer of 503 is unavailable", async () => {
  const store = stores.get("s3") as Storage;
  await store.put("inst_1/doc.pdf", Buffer.from("%PDF"), "application/pdf");
  expect(s3.kept.get("/bucket/pre/fix/inst_1/doc.pdf")).toMatchObject({ type: "application/pdf" });
  expect(s3.kept.get("/bucket/pre/fix/inst_1/doc.pdf")?.body.toString()).toBe("%PDF");
  expect(s3.refused).toEqual([]);
  s3.fail(true);
  await expect(store.put("inst_1/later", Buffer.from("x"), "text/plain")).rejects.toMatchObject({
    code: "unavailable",
  });
  s3.fail(false);
});
