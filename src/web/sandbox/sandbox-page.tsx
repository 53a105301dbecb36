import type { PropsWithChildren } from "hono/jsx";
import type { Ui } from "#http/request.ts";
import { translator } from "#platform/i18n/messages.ts";
import { brandOf } from "#web/brand.ts";
import type { Problems } from "#web/ui/form.tsx";
import type { IconName } from "#web/ui/icon.tsx";
import { PlainLayout } from "#web/ui/layout-plain.tsx";
import { Notice } from "#web/ui/notice.tsx";

type Props = PropsWithChildren<{
  ui: Ui;
  title: string;
  icon: IconName;
  problems?: Problems | undefined;
  wide?: boolean;
}>;

/** A page of the far side, played by the sandbox. It says so before anything else. */
export function SandboxPage({ ui, title, icon, problems, children }: Props) {
  return (
    <PlainLayout
      t={translator("en")}
      title={title}
      brand={brandOf(ui)}
      nonce={ui.nonce}
      surface="customer"
      problems={problems}
      icon={icon}
      wide
    >
      <Notice tone="warn" title="This is a test">
        <p>You are at the sandbox, which plays the payment provider. No money moves.</p>
      </Notice>
      {children}
    </PlainLayout>
  );
}
