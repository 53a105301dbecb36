import type { Staff } from "#access/principal.ts";
import type { PartnershipName } from "#features/partnerships/partnership.ts";
import { purposeWords, walletPurposes } from "#features/wallets/wallet.ts";
import type { Ui } from "#http/request.ts";
import type { Currency } from "#kernel/money.ts";
import { t } from "#web/staff/shared.tsx";
import { StaffPage } from "#web/staff/staff-page.tsx";
import { Actions, Button, LinkButton } from "#web/ui/button.tsx";
import { Card } from "#web/ui/card.tsx";
import { Choices, Select } from "#web/ui/fields.tsx";
import { Form, type FormState } from "#web/ui/form.tsx";
import { Empty, Notice } from "#web/ui/notice.tsx";
import { home } from "./list-page.tsx";

type Props = {
  ui: Ui;
  staff: Staff;
  form: FormState;
  /** Those with a partner account. */
  partners: readonly PartnershipName[];
  partner: string | undefined;
  /** The chosen partner, where it has no partner account. */
  without: PartnershipName | undefined;
  currencies: readonly Currency[];
};

const purposeHints = {
  general: "For everything, where one wallet is enough.",
  commission: "For what it earns.",
  deposits: "For money that it holds for others.",
  reserve: "For what it sets aside.",
} as const;

/** For which partner, in which currency, and what for. What is missing for it is said first. */
export function OpenPage(props: Props) {
  const { ui, staff, form, partners, without, currencies } = props;
  return (
    <StaffPage
      ui={ui}
      staff={staff}
      title="Open a wallet"
      crumbs={[{ href: home, label: "Wallets" }]}
      problems={form.problems}
    >
      {without && <NoAccount partner={without} />}
      <Card label="Open a wallet" pad={currencies.length > 0 && partners.length > 0}>
        {currencies.length === 0 ? (
          <Empty
            icon="coin"
            title="No currency is enabled"
            action={<LinkButton href={`${home}/currencies`}>Enable a currency</LinkButton>}
          >
            Wallets are opened in currencies that you enable for them.
          </Empty>
        ) : partners.length === 0 ? (
          <Empty
            icon="users"
            title="No partner has a partner account"
            action={<LinkButton href="/staff/partnerships">Go to the partners</LinkButton>}
          >
            A wallet belongs to a partner account: its members see and use it. Open a partner and make its account.
          </Empty>
        ) : (
          <Fields {...props} />
        )}
      </Card>
    </StaffPage>
  );
}

function NoAccount({ partner }: { partner: PartnershipName }) {
  return (
    <Notice tone="warn" title="This partner has no partner account yet">
      <p>
        A wallet belongs to a partner account: its members see and use it.{" "}
        <a href={`/staff/members/${partner.id}`}>
          Make the account of <bdi>{partner.name}</bdi>
        </a>
        , then come back.
      </p>
    </Notice>
  );
}

function Fields({ form, partners, partner, without, currencies }: Props) {
  return (
    <Form action={`${home}/new`}>
      <Select
        form={form}
        name="partnership"
        label="Partner"
        hint="Partners that have a partner account."
        placeholder="Choose a partner"
        value={without ? undefined : partner}
        options={partners.map((one) => ({ value: one.id, label: one.name }))}
      />
      <Select
        form={form}
        name="currency"
        label="Currency"
        options={currencies.map((value) => ({ value, label: value }))}
      />
      <Choices
        form={form}
        name="purpose"
        legend="What for"
        hint="One wallet for each currency and purpose. Tariffs may differ by it. It stays as it is."
        chosen={["general"]}
        options={walletPurposes.map((value) => ({ value, label: purposeWords[value], hint: purposeHints[value] }))}
      />
      <Actions>
        <Button kind="primary" icon="wallet">
          Open the wallet
        </Button>
        <LinkButton kind="ghost" href={home}>
          {t("form.cancel")}
        </LinkButton>
      </Actions>
    </Form>
  );
}
