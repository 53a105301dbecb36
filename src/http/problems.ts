import type { Context } from "hono";
import type { JSX } from "hono/jsx/jsx-runtime";
import type { Answer } from "#http/answer.ts";
import type { House } from "#http/house.ts";
import type { Ui } from "#http/request.ts";
import type { Route } from "#http/route.ts";
import { Problem } from "#kernel/problem.ts";
import { isUnavailable } from "#platform/database.ts";

/** Draws the error page; `reference` is what a person can quote and the log knows. */
export type ProblemPage = (ui: Ui, problem: Problem, reference: string, route: Route | undefined) => JSX.Element;

type Around = {
  readonly route: Route | undefined;
  readonly c: Context;
  readonly ui: Ui;
  readonly problemPage: ProblemPage;
  readonly pathAndQuery: string;
};

/** Every error, once: sign-in and set-up redirect, machines read problem+json (RFC 9457), people read a page. */
export async function showProblem(house: House, error: unknown, around: Around): Promise<Answer> {
  const problem = asProblem(error);
  const reference = Buffer.from(house.random.bytes(5)).toString("hex");
  const ours = problem.status >= 500 && problem.code !== "setup.required";
  const noted = {
    reference,
    problem: problem.code,
    route: around.route?.id,
    ...(ours && { err: problem.cause ?? problem }),
  };
  house.log[ours ? "error" : "info"](noted, ours ? "A request failed" : "A request was refused");
  const accept = around.c.req.header("accept") ?? "";
  const script = around.route?.machine === true || (around.route?.live === true && accept.includes("event-stream"));
  const html = !script && accept.includes("text/html");
  const elsewhere = html ? redirectFor(problem, around) : undefined;
  if (elsewhere) return { kind: "redirect", to: elsewhere };
  const seconds = problem.retryAfterSeconds;
  const headers = seconds === undefined ? {} : { "retry-after": String(seconds) };
  if (html) {
    return {
      kind: "page",
      page: around.problemPage(around.ui, problem, reference, around.route),
      status: problem.status,
      headers,
    };
  }
  return {
    kind: "json",
    status: problem.status,
    headers,
    body: {
      type: `https://portico.invalid/problems/${problem.code}`,
      title: problem.title,
      status: problem.status,
      detail: problem.message,
      code: problem.code,
      instance: reference,
      ...(Object.keys(problem.fields).length > 0 ? { errors: problem.fields } : {}),
    },
  };
}

function asProblem(error: unknown): Problem {
  if (error instanceof Problem) return error;
  if (isUnavailable(error)) {
    return new Problem("unavailable", "Please try again in a moment. Nothing was lost.", {
      cause: error,
      retryAfterSeconds: 5,
    });
  }
  return new Problem("internal", "We have noted it. Please try again, and quote the reference if it happens again.", {
    cause: error,
  });
}

function redirectFor(problem: Problem, around: Around): string | undefined {
  if (problem.code === "setup.required") return "/setup";
  const back = around.c.req.method === "GET" ? `?return_to=${encodeURIComponent(around.pathAndQuery)}` : "";
  const opens = around.route?.opens;
  if (problem.code === "sign-in.required") {
    if (opens === "partner") return `/partner/sign-in${back}`;
    return opens === "staff" || opens === "pending_staff" ? `/staff/sign-in${back}` : `/sign-in${back}`;
  }
  if (problem.code === "step-up.required" && opens === "staff") return `/staff/step-up${back}`;
  if (problem.code === "step-up.required" && opens === "partner") return `/partner/step-up${back}`;
  return undefined;
}
