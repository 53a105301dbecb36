/**
 * Throws when something that the program relies on does not hold. For our mistakes, not for bad input (see Problem).
 */
export function assert(condition: unknown, message: string): asserts condition {
  if (!condition) throw new Error(`Assertion failed: ${message}`);
}

/** Ends a switch over a union: the compiler refuses it while a case is missing. */
export function never(value: never): never {
  throw new Error(`Unexpected value: ${String(value)}`);
}

/** The value, or an error that says what was missing: for rows that a foreign key promises. */
export function present<T>(value: T | null | undefined, what: string): T {
  if (value === null || value === undefined) throw new Error(`Missing: ${what}`);
  return value;
}
