import { createCipheriv, createDecipheriv, createHash, createHmac, hkdfSync } from "node:crypto";
import { assert } from "#kernel/assert.ts";
import type { Random } from "#kernel/random.ts";

/** What the program keeps secret by: the current key first, then older ones that may still have sealed something. */
export type Keys = {
  /** Encrypts for one purpose and one place (a row's id): opened anywhere else, it does not open. */
  seal(random: Random, purpose: string, place: string, plain: string | Uint8Array): Buffer;
  /** The bytes that were sealed; throws when key, purpose or place differ or a bit was changed. */
  open(purpose: string, place: string, sealed: Uint8Array): Buffer;
  /** Whether it was sealed by an older key, so that whoever rotates knows what to seal again. */
  isStale(sealed: Uint8Array): boolean;
  /** A keyed fingerprint (HMAC-SHA-256 under the current key), for what must be recognised and never read. */
  fingerprint(purpose: string, text: string): Buffer;
};

// Sealed bytes: version (1), key id (4), nonce (12), ciphertext, tag (16). AES-256-GCM, NIST SP 800-38D.
const version = 1;
const headerBytes = 17;
const tagBytes = 16;

/**
 * Opens the keys made from a secret of at least 32 characters. What is sealed is sealed by `secretKey`; what
 * `oldSecretKey` sealed before a rotation still opens (SECRET_KEY and SECRET_KEY_OLD, docs/operate.md).
 */
export function openKeys(secretKey: string, oldSecretKey?: string): Keys {
  const texts = oldSecretKey === undefined ? [secretKey] : [secretKey, oldSecretKey];
  assert(
    texts.every((text) => text.length >= 32),
    "a secret key has at least 32 characters",
  );
  const ring = texts.map((text) => ({ text, id: keyId(text) }));
  const derived = new Map<string, Buffer>();
  const derive = (text: string, use: string): Buffer => {
    const name = `${text}\0${use}`;
    const key = derived.get(name) ?? Buffer.from(hkdfSync("sha256", text, "portico", use, 32));
    derived.set(name, key);
    return key;
  };
  const [current] = ring;
  assert(current !== undefined, "there is a current key");
  return {
    seal(random, purpose, place, plain) {
      const nonce = random.bytes(12);
      const cipher = createCipheriv("aes-256-gcm", derive(current.text, `seal:${purpose}`), nonce);
      cipher.setAAD(Buffer.from(`${purpose}\0${place}`));
      const body = [cipher.update(plain), cipher.final()];
      return Buffer.concat([Buffer.of(version), current.id, nonce, ...body, cipher.getAuthTag()]);
    },
    open(purpose, place, sealed) {
      const bytes = Buffer.from(sealed);
      const key = ring.find(({ id }) => id.equals(bytes.subarray(1, 5)));
      if (bytes[0] !== version || bytes.length < headerBytes + tagBytes || !key) {
        throw new Error("Sealed by a key that is not in SECRET_KEY.");
      }
      const decipher = createDecipheriv(
        "aes-256-gcm",
        derive(key.text, `seal:${purpose}`),
        bytes.subarray(5, headerBytes),
      );
      decipher.setAAD(Buffer.from(`${purpose}\0${place}`));
      decipher.setAuthTag(bytes.subarray(-tagBytes));
      return Buffer.concat([decipher.update(bytes.subarray(headerBytes, -tagBytes)), decipher.final()]);
    },
    isStale: (sealed) => !current.id.equals(Buffer.from(sealed).subarray(1, 5)),
    fingerprint: (purpose, text) =>
      createHmac("sha256", derive(current.text, `fingerprint:${purpose}`))
        .update(text)
        .digest(),
  };
}

function keyId(text: string): Buffer {
  return createHash("sha256").update(`portico key id\0${text}`).digest().subarray(0, 4);
}
