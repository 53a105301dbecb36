import { z } from "zod";
import { ownPath, page, seeOther } from "#http/answer.ts";
import { route } from "#http/route.ts";
import { localeNames, locales } from "#platform/i18n/locales.ts";
import { translator } from "#platform/i18n/messages.ts";
import { PlainPage } from "#web/plain-page.tsx";

const yearSeconds = 31_536_000;

export default [
  route({
    id: "public.language",
    method: "GET",
    path: "/language",
    opens: "visitor",
    may: "public.read",
    query: z.object({ return_to: z.string().optional().catch(undefined) }),
    handle: async (rq) => {
      const t = translator(rq.ui.locale);
      return page(
        <PlainPage ui={rq.ui} title={t("language.title")} lead={t("language.lead")}>
          <form method="post" action="/language" class="stack s">
            <input type="hidden" name="return_to" value={ownPath(rq.query.return_to) ?? "/overview"} />
            {locales.map((locale) => (
              <button
                class={locale === rq.ui.locale ? "btn primary" : "btn"}
                type="submit"
                name="language"
                value={locale}
                lang={locale}
              >
                {localeNames[locale]}
              </button>
            ))}
          </form>
        </PlainPage>,
      );
    },
  }),
  route({
    id: "public.language.set",
    method: "POST",
    path: "/language",
    opens: "visitor",
    may: "public.read",
    form: z.object({ language: z.enum(locales), return_to: z.string() }),
    handle: async (rq) => {
      rq.setCookie("portico-language", rq.form.language, yearSeconds);
      return seeOther(ownPath(rq.form.return_to) ?? "/overview");
    },
  }),
];
