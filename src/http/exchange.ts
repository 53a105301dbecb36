import type { Context } from "hono";
import type { Permission } from "#access/permissions.ts";
import { type Permit, permit } from "#access/permit.ts";
import type { Principal } from "#access/principal.ts";
import type { Answer } from "#http/answer.ts";
import { readBody, readForm, type Typed } from "#http/body.ts";
import { readCookie, sessionCookie, writeCookie } from "#http/cookies.ts";
import { assertDrawnFor, chooseAgain, type DrawnFor, isDrawnFor, takeDrawnFor } from "#http/drawn-for.ts";
import type { House } from "#http/house.ts";
import { localeFor } from "#http/locale.ts";
import type { Rq, Ui, Upload } from "#http/request.ts";
import type { Route } from "#http/route.ts";
import { assertSameOrigin } from "#http/same-origin.ts";
import { checkStepUp } from "#http/step-up.ts";
import { Problem } from "#kernel/problem.ts";
import type { Instant } from "#kernel/time.ts";
import { isUniqueViolation } from "#platform/database.ts";
import { translator } from "#platform/i18n/messages.ts";
import { noInstitution } from "#platform/institution.ts";
import { type Cx, inOneTrip, inTx, type Opening } from "#platform/tx.ts";

/** What the app noticed of a request before its route ran; cookies to set collect here. */
export type Seen = {
  readonly secure: boolean;
  readonly nonce: string;
  readonly cookies: string[];
  readonly path: string;
  readonly host: string;
  readonly ip: string;
};

/** The facts that pages draw themselves with. */
export function uiOf(house: House, seen: Seen, institution: Ui["institution"], locale: Ui["locale"], url: URL): Ui {
  const done = url.searchParams.get("done") ?? undefined;
  return { nonce: seen.nonce, locale, path: seen.path, institution, origin: house.origin, done };
}

/** One request on its way through one route. */
export class Exchange {
  readonly #house: House;
  readonly #route: Route;
  readonly #c: Context;
  readonly #url: URL;
  readonly #seen: Seen;
  readonly #drawn: (ui: Ui) => void;
  #ui: Ui | undefined;
  /** For which partnership the form that was sent was drawn, and what was typed into it. */
  #drawnFor: DrawnFor = { said: [], chooseAgain: false };
  #typed: Typed = {};

  constructor(house: House, route: Route, c: Context, url: URL, seen: Seen, drawn: (ui: Ui) => void) {
    this.#house = house;
    this.#route = route;
    this.#c = c;
    this.#url = url;
    this.#seen = seen;
    this.#drawn = drawn;
  }

  async run(): Promise<Answer> {
    const route = this.#route;
    if (route.method === "POST" && !route.machine)
      assertSameOrigin(this.#house, this.#c.req.raw.headers, this.#seen.host);
    const params = this.#parse(route.params, this.#c.req.param(), "not-found");
    const query = this.#parse(route.query, queryOf(this.#url), "request.invalid");
    // Nobody sends us a file, or learns which fields a form has, who may not use it.
    if (route.uploadBytes !== undefined && route.opens !== "visitor") await this.#checkAccess();
    const sent = await this.#read();
    this.#typed = sent.typed;
    if (route.opens === "partner") this.#drawnFor = takeDrawnFor(sent.typed);
    const checked = route.form ? route.form.safeParse(sent.typed) : undefined;
    const form = (checked?.success ? checked.data : {}) as Record<string, never>;
    const rq = this.#request(params, query, form, sent.file, sent.body);
    if (this.#drawnFor.chooseAgain && route.again) return await this.#chosenAgain(rq, route.again);
    if (checked && !checked.success) {
      const problem = new Problem("form.invalid", "Please check what is marked.", {
        fields: fieldErrors(checked.error),
      });
      return await this.#again(rq, sent.typed, problem);
    }
    try {
      if (route.bare) return await route.bare(rq);
      if (route.ahead) return await this.#inOneTrip(rq, route.ahead);
      if (!route.outside) return await this.#within(rq, (cx, may) => route.handle?.(rq, cx, may) as Promise<Answer>);
      return await route.outside(rq, (work) => this.#within(rq, work), await this.#admitted(rq));
    } catch (cause) {
      const error = isUniqueViolation(cause) ? writtenTwice(cause) : cause;
      if (error instanceof Problem && canShowAgain(error)) return await this.#again(rq, sent.typed, error);
      throw error;
    }
  }

  #parse(schema: Route["params"], value: unknown, code: "not-found" | "request.invalid"): Record<string, never> {
    if (!schema) return {};
    const parsed = schema.safeParse(value);
    if (parsed.success) return parsed.data as Record<string, never>;
    throw new Problem(
      code,
      code === "not-found" ? "Check the address, or go back to the start." : "Check the address.",
    );
  }

  async #read(): Promise<{ typed: Typed; file: Upload | undefined; body: Uint8Array }> {
    if (this.#route.method === "GET") return { typed: {}, file: undefined, body: new Uint8Array() };
    const limit = (this.#route.uploadBytes ?? 0) + 262_144;
    const body = await readBody(this.#c.req.raw, limit);
    if (this.#route.machine) return { typed: {}, file: undefined, body };
    const type = this.#c.req.header("content-type") ?? "";
    return { ...(await readForm(type, body, this.#route.uploadBytes !== undefined)), body };
  }

  async #checkAccess(): Promise<void> {
    const nothing = this.#request({}, {}, {}, undefined, new Uint8Array());
    await this.#within(nothing, async () => undefined);
  }

  #request(params: Rq["params"], query: Rq["query"], form: Rq["form"], file: Upload | undefined, body: Uint8Array): Rq {
    const c = this.#c;
    const seen = this.#seen;
    const header = (name: string) => c.req.header(name);
    const fallback = () => uiOf(this.#house, seen, noInstitution, localeFor(undefined, header), this.#url);
    const ui = () => this.#ui ?? fallback();
    return {
      params,
      query,
      form,
      file,
      body,
      house: this.#house,
      ip: seen.ip,
      host: seen.host,
      header,
      get ui() {
        return ui();
      },
      pathAndQuery: this.#url.pathname + this.#url.search,
      userAgent: (header("user-agent") ?? "").slice(0, 400),
      cookie: (name) => readCookie(header("cookie"), seen.secure, name),
      setCookie: (name, value, maxAge) => seen.cookies.push(writeCookie(seen.secure, name, value, maxAge)),
    };
  }

  async #within<T>(rq: Rq, work: (cx: Cx, may: Permit<Permission>) => Promise<T>): Promise<T> {
    return await inTx(this.#house, this.#opening(rq), async (cx) => {
      this.#meet(rq, cx);
      await assertDrawnFor(cx, this.#drawnFor, this.#typed, rq.header("referer"));
      return await work(cx, this.#admit(cx.principal, cx.now));
    });
  }

  async #inOneTrip(rq: Rq, ahead: NonNullable<Route["ahead"]>): Promise<Answer> {
    const opening = this.#opening(rq);
    if (opening.as === "visitor" || opening.as === "system") throw new Error(`${this.#route.id} has no session`);
    return await inOneTrip(this.#house, opening, async (cx, opened) => {
      const admitted = opened.then((who) => {
        this.#meet(rq, who);
        this.#admit(who.principal, cx.now);
        return who;
      });
      const [answer] = await Promise.all([ahead(rq, cx, admitted), admitted]);
      return answer;
    });
  }

  /** Who asks, for a route that opens its transactions itself: nothing else is read, so one trip will do. */
  async #admitted(rq: Rq): Promise<{ by: Principal; may: Permit<Permission> }> {
    const opening = this.#opening(rq);
    if (opening.as === "visitor" || opening.as === "system")
      return await this.#within(rq, async (cx, may) => ({ by: cx.principal, may }));
    const admitted = await inOneTrip(this.#house, opening, async (cx, opened) => {
      const who = await opened;
      this.#meet(rq, who);
      const fits = isDrawnFor(who.principal, this.#drawnFor);
      return fits ? { by: who.principal, may: this.#admit(who.principal, cx.now) } : undefined;
    });
    // A form of another partnership is refused with names, and those must be asked for.
    return admitted ?? (await this.#within(rq, async (cx, may) => ({ by: cx.principal, may })));
  }

  /** Learns how pages are drawn for who asks. Throws where the route is not for their kind. */
  #meet(rq: Rq, { principal, institution }: Pick<Cx, "principal" | "institution">): void {
    this.#ui = uiOf(this.#house, this.#seen, institution, localeFor(principal, rq.header), this.#url);
    this.#drawn(this.#ui);
    if (principal.kind === "visitor" && !principal.institution && this.#route.may !== "setup.first") {
      throw new Problem("setup.required", "Set up the institution first.");
    }
    if (principal.kind !== this.#route.opens) throw wrongKind(principal.kind);
  }

  /** Whether who asks may have this route. */
  #admit(principal: Principal, now: Instant): Permit<Permission> {
    const may = permit(principal, this.#route.may);
    if (this.#route.stepUp) checkStepUp(principal, now);
    return may;
  }

  #opening(rq: Rq): Opening {
    const { opens, readOnly } = this.#route;
    if (opens === "visitor") return { as: "visitor", host: this.#seen.host, ip: this.#seen.ip };
    const face = opens === "pending_staff" ? "staff" : opens;
    const token = rq.cookie(sessionCookie[face]);
    if (!token) throw new Problem("sign-in.required", "Sign in to go on.");
    const shared = { token, ip: this.#seen.ip, readOnly: readOnly ?? false };
    if (face === "partner") return { as: face, writes: this.#route.method === "POST", ...shared };
    return { as: face, ...shared };
  }

  /** The partnership that a form was for is chosen again, and the form stands there as it was typed. */
  async #chosenAgain(rq: Rq, again: NonNullable<Route["again"]>): Promise<Answer> {
    await inTx(this.#house, this.#opening(rq), async (cx) => await chooseAgain(cx, this.#drawnFor));
    return await this.#within(rq, async (cx, may) => {
      const problem = new Problem("conflict", translator(rq.ui.locale)("partner.changed.again"));
      return await again(rq, cx, may, { typed: this.#typed, errors: { "": problem.message }, problem });
    });
  }

  async #again(rq: Rq, typed: Typed, problem: Problem): Promise<Answer> {
    const again = this.#route.again;
    if (!again) {
      await this.#within(rq, async () => undefined);
      throw problem;
    }
    const errors = Object.keys(problem.fields).length > 0 ? problem.fields : { "": problem.message };
    const answer = await this.#within(rq, (cx, may) => again(rq, cx, may, { typed, errors, problem }));
    if (answer.kind !== "page" || answer.status !== 200) return answer;
    const seconds = problem.retryAfterSeconds;
    const headers = seconds === undefined ? answer.headers : { ...answer.headers, "retry-after": String(seconds) };
    return { ...answer, status: problem.status, ...(headers && { headers }) };
  }
}

function wrongKind(kind: string): Problem {
  return kind === "pending_staff"
    ? new Problem("sign-in.required", "Finish signing in first.")
    : new Problem("not-found", "Check the address, or go back to the start.");
}

/** Two people wrote the same thing at the same moment; the checks before it saw neither. */
function writtenTwice(cause: unknown): Problem {
  return new Problem("conflict", "Somebody wrote the same at this moment. Look at it, then send it once more.", {
    cause,
  });
}

function canShowAgain(problem: Problem): boolean {
  // The form again would be that of the partnership that is chosen now.
  if (problem.code === "partner.changed") return false;
  return [400, 409, 422, 429].includes(problem.status);
}

function queryOf(url: URL): Record<string, string> {
  const query: Record<string, string> = Object.create(null) as Record<string, string>;
  for (const [name, value] of url.searchParams) query[name] = value.replaceAll("\0", "").slice(0, 2_000);
  return query;
}

function fieldErrors(error: {
  issues: readonly { path: readonly PropertyKey[]; message: string }[];
}): Record<string, string> {
  const errors: Record<string, string> = {};
  for (const issue of error.issues) {
    const name = issue.path.map(String).join(".");
    errors[name] ??= issue.message;
  }
  return errors;
}
