import { page } from "#http/answer.ts";
import { route } from "#http/route.ts";
import { translator } from "#platform/i18n/messages.ts";
import { PlainPage } from "#web/plain-page.tsx";

export default [
  route({
    id: "public.help",
    method: "GET",
    path: "/help",
    opens: "visitor",
    may: "public.read",
    handle: async (rq) => {
      const t = translator(rq.ui.locale);
      const { name, contactEmail } = rq.ui.institution;
      return page(
        <PlainPage ui={rq.ui} title={t("help.title")} lead={t("help.lead")} wide>
          <div class="prose">
            <h2>{t("help.signIn")}</h2>
            <p>{t("help.signInText")}</p>
            <h2>{t("help.paying")}</h2>
            <p>{t("help.payingText")}</p>
            <h2>{t("help.receipts")}</h2>
            <p>{t("help.receiptsText")}</p>
            <h2>{t("help.contact")}</h2>
            <p>{t("help.contactText", { name })}</p>
            {contactEmail && (
              <p>
                <a href={`mailto:${contactEmail}`}>{contactEmail}</a>
              </p>
            )}
          </div>
          <p>
            <a class="btn" href="/overview">
              {t("problem.back")}
            </a>
          </p>
        </PlainPage>,
      );
    },
  }),
];
