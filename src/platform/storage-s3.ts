import { Readable } from "node:stream";
import {
  DeleteObjectCommand,
  GetObjectCommand,
  NoSuchKey,
  PutObjectCommand,
  S3Client,
  S3ServiceException,
} from "@aws-sdk/client-s3";
import { assert } from "#kernel/assert.ts";
import { notFound } from "#kernel/problem.ts";
import { type Content, isStorageKey, readAll, type Storage, storageUnavailable } from "#platform/storage.ts";

// One upload request carries a file whole; ours are documents and imports, far below S3's limit of 5 GB for it.
const largestUploadBytes = 100_000_000;

/**
 * Files in a bucket: `s3://bucket/prefix?region=ap-southeast-2`, with `endpoint=https://…` for other providers.
 * Credentials in the address (`s3://key:secret@bucket`), or wherever the AWS client finds them.
 */
export function s3Storage(url: URL): Storage {
  const bucket = url.hostname;
  const prefix = url.pathname.replace(/^\/+|\/+$/g, "");
  const endpoint = url.searchParams.get("endpoint");
  const client = new S3Client({
    region: url.searchParams.get("region") ?? "us-east-1",
    ...(endpoint === null ? {} : { endpoint, forcePathStyle: true }),
    ...(url.username === ""
      ? {}
      : {
          credentials: {
            accessKeyId: decodeURIComponent(url.username),
            secretAccessKey: decodeURIComponent(url.password),
          },
        }),
    maxAttempts: 3,
    requestHandler: { requestTimeout: 30_000, connectionTimeout: 5_000 },
    // Other providers than Amazon don't know the newer checksums, and TLS protects the way.
    requestChecksumCalculation: "WHEN_REQUIRED",
    responseChecksumValidation: "WHEN_REQUIRED",
  });
  const place = (key: string) => {
    assert(isStorageKey(key), `not a storage key: ${JSON.stringify(key)}`);
    return { Bucket: bucket, Key: prefix === "" ? key : `${prefix}/${key}` };
  };
  return {
    async put(key, content, mediaType) {
      const body = await bytesOf(content);
      await asked(client.send(new PutObjectCommand({ ...place(key), Body: body, ContentType: mediaType })));
      return body.byteLength;
    },
    async get(key) {
      const { Body: body } = await asked(client.send(new GetObjectCommand(place(key))));
      if (!(body instanceof Readable)) throw storageUnavailable(new Error("The bucket answered without a body."));
      return body;
    },
    async remove(key) {
      await asked(client.send(new DeleteObjectCommand(place(key))));
    },
  };
}

async function bytesOf(content: Content): Promise<Uint8Array> {
  return content instanceof Uint8Array ? content : await readAll(content, largestUploadBytes);
}

async function asked<T>(answer: Promise<T>): Promise<T> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof NoSuchKey) throw notFound();
    if (error instanceof S3ServiceException && error.$metadata.httpStatusCode === 404) throw notFound();
    throw storageUnavailable(error);
  }
}
