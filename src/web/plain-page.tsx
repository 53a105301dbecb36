import type { Child, PropsWithChildren } from "hono/jsx";
import type { Ui } from "#http/request.ts";
import { localeNames, locales } from "#platform/i18n/locales.ts";
import { translator } from "#platform/i18n/messages.ts";
import { brandOf } from "#web/brand.ts";
import type { Problems } from "#web/ui/form.tsx";
import type { IconName } from "#web/ui/icon.tsx";
import { PlainLayout } from "#web/ui/layout-plain.tsx";

type PlainPageProps = PropsWithChildren<{
  ui: Ui;
  title: string;
  /** Staff pages are in English and load the staff sheet; others carry a link to the other language. */
  face?: "staff" | "customer";
  lead?: Child;
  icon?: IconName;
  wide?: boolean;
  under?: Child;
  problems?: Problems | undefined;
}>;

/** Sign-in, set-up and error pages: one card, nothing fetched ahead. */
export function PlainPage({
  ui,
  title,
  face = "customer",
  lead,
  icon,
  wide,
  under,
  problems,
  children,
}: PlainPageProps) {
  const locale = face === "staff" ? "en" : ui.locale;
  const other = locales.find((choice) => choice !== locale) ?? locale;
  const t = translator(locale);
  return (
    <PlainLayout
      t={t}
      title={title}
      brand={brandOf(ui)}
      nonce={ui.nonce}
      surface={face}
      problems={problems}
      {...(lead !== undefined && { lead })}
      {...(icon && { icon })}
      {...(wide && { wide })}
      {...(under !== undefined && { under })}
      {...(face === "customer" && {
        foot: (
          <a href={`/language?to=${other}&return_to=${encodeURIComponent(ui.path)}`} lang={other}>
            {localeNames[other]}
          </a>
        ),
      })}
    >
      {children}
    </PlainLayout>
  );
}
