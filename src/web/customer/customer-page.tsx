import type { Child, PropsWithChildren } from "hono/jsx";
import type { Customer } from "#access/principal.ts";
import type { Ui } from "#http/request.ts";
import type { MessageKey } from "#platform/i18n/messages.ts";
import { translator } from "#platform/i18n/messages.ts";
import { brandOf } from "#web/brand.ts";
import type { Problems } from "#web/ui/form.tsx";
import { CustomerLayout, type CustomerTab } from "#web/ui/layout-customer.tsx";
import { Notice } from "#web/ui/notice.tsx";

type CustomerPageProps = PropsWithChildren<{
  ui: Ui;
  customer: Customer;
  title: string;
  current?: CustomerTab;
  counts?: Partial<Record<CustomerTab, { readonly count: number; readonly bad?: boolean }>>;
  /** Whose words of success to show after a redirect with `?done=key`. */
  done?: Readonly<Record<string, MessageKey>>;
  problems?: Problems | undefined;
  lead?: Child;
  end?: Child;
  hideTitle?: boolean;
}>;

/** The tabs that exist so far. */
const tabs: readonly CustomerTab[] = ["overview", "payments", "profile"];

/** Every page of the customer portal. */
export function CustomerPage(props: CustomerPageProps) {
  const { ui, customer, current, counts, done = {}, problems, lead, end, hideTitle, children } = props;
  const t = translator(ui.locale);
  const key = ui.done === undefined ? undefined : done[ui.done];
  return (
    <CustomerLayout
      t={t}
      title={props.title}
      brand={brandOf(ui)}
      nonce={ui.nonce}
      person={{ name: customer.name }}
      tabs={tabs}
      signOut={{ action: "/sign-out" }}
      languageHref={`/language?return_to=${encodeURIComponent(ui.path)}`}
      helpHref="/help"
      problems={problems}
      {...(current && { current })}
      {...(counts && { counts })}
      {...(lead !== undefined && { lead })}
      {...(end !== undefined && { end })}
      {...(hideTitle && { hideTitle })}
      {...(key && {
        flash: (
          <Notice tone="ok" live>
            {t(key)}
          </Notice>
        ),
      })}
    >
      {children}
    </CustomerLayout>
  );
}
