import { expect, test } from "vitest";
import { systemRandom } from "#kernel/random.ts";
import { codeAt, newTotpSecret, stepOfCode, totpAddress, totpKey } from "./totp.ts";

const at = (seconds: number) => Temporal.Instant.fromEpochMilliseconds(seconds * 1_000);

test("codes are those of RFC 6238, appendix B (last six digits)", () => {
  const secret = new TextEncoder().encode("12345678901234567890");
  expect(codeAt(secret, at(59))).toBe("287082");
  expect(codeAt(secret, at(1_111_111_109))).toBe("081804");
  expect(codeAt(secret, at(1_234_567_890))).toBe("005924");
  expect(codeAt(secret, at(20_000_000_000))).toBe("353130");
});

test("a code belongs to its step, and counts one step around it", () => {
  const secret = newTotpSecret(systemRandom);
  const code = codeAt(secret, at(3_000));
  expect([2_970, 3_000, 3_029, 3_030, 3_059].map((now) => stepOfCode(secret, code, at(now)))).toEqual([
    100n,
    100n,
    100n,
    100n,
    100n,
  ]);
  for (const now of [2_969, 3_060]) expect(stepOfCode(secret, code, at(now))).toBeUndefined();
  for (const odd of ["", "12345", "1234567", "١٢٣٤٥٦", "abcdef"])
    expect(stepOfCode(secret, odd, at(3_000))).toBeUndefined();
});

test("the QR code names institution and account, and a colon in a name breaks nothing", () => {
  const secret = new TextEncoder().encode("12345678901234567890");
  const address = new URL(totpAddress(secret, "North: bridge & Co", "priya@northbridge.example"));
  expect(address.protocol).toBe("otpauth:");
  expect(address.searchParams.get("issuer")).toBe("North  bridge & Co");
  expect(address.searchParams.get("secret")).toBe("GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ");
  expect(totpKey(secret)).toBe("GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ");
});
