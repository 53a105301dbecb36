import { DrawnForAnother } from "#http/drawn-for.ts";
import type { ProblemPage } from "#http/problems.ts";
import type { Problem } from "#kernel/problem.ts";
import { type T, translator } from "#platform/i18n/messages.ts";
import { ChangedPage } from "#web/partner/changed-page.tsx";
import { PlainPage } from "#web/plain-page.tsx";

const translated = [
  "host.unknown",
  "not-found",
  "permission.denied",
  "unavailable",
  "internal",
  "rate.limited",
] as const;

/** What people read when something did not work: what it was, what to do, and what to quote. */
export const problemPage: ProblemPage = (ui, problem, reference, route) => {
  if (problem instanceof DrawnForAnother) {
    return <ChangedPage ui={ui} problem={problem} shows={route?.again !== undefined} />;
  }
  const partner = route?.opens === "partner" || /^\/partner(\/|$)/.test(ui.path);
  const staff = route?.opens === "staff" || route?.opens === "pending_staff" || ui.path.startsWith("/staff");
  const t = translator(staff ? "en" : ui.locale);
  const words = wordsOf(t, problem);
  return (
    <PlainPage ui={ui} title={words.title} face={staff ? "staff" : "customer"} icon="alert-circle" lead={words.detail}>
      {problem.code !== "host.unknown" && (
        <p>
          <a class="btn primary" href={staff ? "/staff" : partner ? "/partner" : "/overview"}>
            {t("problem.back")}
          </a>
        </p>
      )}
      {problem.status >= 500 && (
        <p class="sm dim">
          {t("problem.reference")} <code>{reference}</code>
        </p>
      )}
    </PlainPage>
  );
};

/**
 * Details are written in English where they are thrown; readers of other languages get the words of the kind of
 * problem.
 */
function wordsOf(t: T, problem: Problem): { title: string; detail: string } {
  if (t.locale === "en") return { title: problem.title, detail: problem.message };
  const code = translated.find((known) => known === problem.code) ?? "other";
  return { title: t(`problem.${code}`), detail: t(`problem.${code}.detail`) };
}
