import { domainToASCII } from "node:url";

/**
 * An e-mail address in the one form in which it is stored and compared: NFC, lower case, domain in ASCII.
 * Undefined when it can't be one. Validation comes after normalisation (GHSA-7rqj-j65f-68wh shows why).
 */
export function normaliseEmail(text: string): string | undefined {
  const trimmed = text.normalize("NFKC").trim().toLowerCase();
  if (trimmed.length > 254 || /[\s\p{Cc}<>()[\],;:\\"]/u.test(trimmed)) return undefined;
  const at = trimmed.lastIndexOf("@");
  const local = trimmed.slice(0, at);
  if (at < 1 || local.includes("@") || local.length > 64) return undefined;
  if (local.startsWith(".") || local.endsWith(".") || local.includes("..")) return undefined;
  const domain = domainToASCII(trimmed.slice(at + 1));
  if (!/^(?=.{4,253}$)([a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z0-9-]{2,63}$/.test(domain)) return undefined;
  return `${local}@${domain}`;
}

/** `a•••@students.example`: enough to recognise, not enough to learn. */
export function maskEmail(email: string): string {
  const [local = "", domain = ""] = email.split("@");
  return `${local.slice(0, 1)}•••@${domain}`;
}
