/** Every error that a reader may meet, once: its HTTP status and its title. Details are written where it is thrown. */
const catalogue = {
  // RFC 9110, 15.5.20: who answers here does not speak for that host.
  "host.unknown": [421, "There is no portal at this address"],
  "request.invalid": [400, "Some of what was sent can't be used"],
  "form.invalid": [422, "Please check what is marked"],
  "setup.required": [503, "Portico is not set up yet"],
  "request.too-large": [413, "What was sent is too large"],
  "request.unsupported-type": [415, "This kind of content can't be read here"],
  "request.cross-site": [403, "This form was sent from another site"],
  "signature.invalid": [401, "The signature does not fit"],
  "sign-in.required": [401, "Please sign in"],
  "sign-in.refused": [400, "That did not work"],
  "step-up.required": [403, "Please confirm that it is you"],
  "permission.denied": [403, "Your role does not include this"],
  "not-found": [404, "This page does not exist"],
  "method.not-allowed": [405, "This address does not take that method"],
  conflict: [409, "This was changed meanwhile"],
  "partner.changed": [409, "This form was for another partner"],
  "idempotency.key-reused": [409, "This key was used for something else"],
  "payment.not-payable": [409, "This payment can't be paid now"],
  "payment.not-editable": [409, "This payment can't be changed now"],
  "payment.not-refundable": [409, "This payment can't be refunded"],
  "ledger.insufficient-funds": [409, "There is not enough money on the account"],
  "ledger.refused": [409, "The ledger refused this entry"],
  "import.unreadable": [422, "This file can't be imported"],
  "amount.invalid": [422, "This amount can't be used"],
  "rate.limited": [429, "Too many tries"],
  internal: [500, "Something went wrong on our side"],
  "provider.unavailable": [503, "The payment provider does not answer"],
  unavailable: [503, "Portico is not available right now"],
} as const satisfies Record<string, readonly [number, string]>;

export type ProblemCode = keyof typeof catalogue;

/** Messages by field name, as a form shows them; the key "" speaks of the form as a whole. */
export type FieldErrors = Readonly<Record<string, string>>;

export type ProblemOptions = {
  readonly cause?: unknown;
  readonly fields?: FieldErrors;
  readonly retryAfterSeconds?: number;
};

/** An error for two readers: `detail` for the person (what to do), `cause` for the log only. */
export class Problem extends Error {
  readonly code: ProblemCode;
  readonly fields: FieldErrors;
  readonly retryAfterSeconds: number | undefined;

  constructor(code: ProblemCode, detail: string, options: ProblemOptions = {}) {
    super(detail, { cause: options.cause });
    this.name = "Problem";
    this.code = code;
    this.fields = options.fields ?? {};
    this.retryAfterSeconds = options.retryAfterSeconds;
  }

  get status(): number {
    return catalogue[this.code][0];
  }

  get title(): string {
    return catalogue[this.code][1];
  }
}

/** For a form whose key stands for something else by now: what was typed is kept, and a fresh key goes with it. */
export function keyReused(): Problem {
  const words =
    "This form was sent before with other content, and what that created stands. " +
    "What you see here was not created: look at it, then send it once more.";
  return new Problem("idempotency.key-reused", words);
}

/** Answers "not found": for what does not exist and for what this reader may not see, alike. */
export function notFound(): Problem {
  return new Problem("not-found", "Check the address, or go back to the start.");
}
