import { allows } from "#access/permissions.ts";
import type { Partner } from "#access/principal.ts";
import { maskedOf, type Usable } from "#features/bank-accounts/bank-account.ts";
import type { Sources } from "#features/transfers/transfer-sources.ts";
import { formatWalletNumber } from "#features/wallets/wallet.ts";
import type { Ui } from "#http/request.ts";
import type { Currency } from "#kernel/money.ts";
import type { T } from "#platform/i18n/messages.ts";
import { PartnerPage } from "#web/partner/partner-page.tsx";
import { Actions, Button, LinkButton } from "#web/ui/button.tsx";
import { Card } from "#web/ui/card.tsx";
import { Choices, Select, TextField } from "#web/ui/fields.tsx";
import { Form, type FormState } from "#web/ui/form.tsx";
import { Empty, Notice } from "#web/ui/notice.tsx";
import { transfersHome } from "./words.ts";

/** What the form begins with. */
export type TransferStart = {
  readonly wallet?: string | undefined;
  readonly route?: string | undefined;
  readonly to?: string | undefined;
  readonly amount?: string | undefined;
  readonly reference?: string | undefined;
};

type Props = { ui: Ui; partner: Partner; sources: Sources; start: TransferStart; form: FormState };

/** The form of a transfer. Nothing is sent from here: the next page says what it comes to. */
export function NewTransferPage({ ui, partner, sources, start, form }: Props) {
  const { t } = form;
  const may = allows("partner.transfer", "partner", partner.role, partner.rights);
  return (
    <PartnerPage
      ui={ui}
      partner={partner}
      title={t("transfer.newTitle")}
      crumbs={[{ href: transfersHome, label: t("transfers.title") }]}
      lead={t("transfer.newLead")}
      problems={form.problems}
    >
      {!may && (
        <Notice>
          <p>{t("transfer.viewer")}</p>
        </Notice>
      )}
      <Card label={t("transfer.newTitle")} pad={sources.wallets.length > 0}>
        {sources.wallets.length === 0 ? (
          <Empty icon="wallet" title={t("transfer.noWallet")}>
            {t("transfer.noWalletText", { institution: ui.institution.name })}
          </Empty>
        ) : (
          <TransferForm t={t} ui={ui} sources={sources} start={start} form={form} may={may} />
        )}
      </Card>
    </PartnerPage>
  );
}

type FormProps = Omit<Props, "partner"> & { t: T; may: boolean };

function TransferForm({ t, ui, sources, start, form, may }: FormProps) {
  const [only] = sources.wallets;
  const chosen = start.wallet ?? (sources.wallets.length === 1 ? only?.number : undefined);
  return (
    <Form action={`${transfersHome}/new`}>
      <Select
        form={form}
        name="wallet"
        label={t("transfer.fromWallet")}
        value={chosen}
        {...(chosen === undefined && { placeholder: t("form.choose") })}
        options={sources.wallets.map((wallet) => ({ value: wallet.number, label: optionWords(t, wallet) }))}
      />
      <Where t={t} ui={ui} sources={sources} start={start} form={form} />
      <TextField
        form={form}
        name="amount"
        label={t("transfer.amountLabel")}
        hint={t("transfer.amountHint")}
        value={start.amount}
        inputmode="decimal"
        autocomplete="off"
        short
        ltr
      />
      <TextField
        form={form}
        name="reference"
        label={t("transfer.referenceLabel")}
        hint={t("transfer.referenceHint")}
        value={start.reference}
        maxlength={140}
        optional
      />
      {may && (
        <Actions>
          <Button kind="primary">{t("transfer.prepare")}</Button>
          <LinkButton kind="ghost" href={transfersHome}>
            {t("form.cancel")}
          </LinkButton>
        </Actions>
      )}
    </Form>
  );
}

/** A wallet by its number, or the bank account of the currency. The number is hidden where it does not count. */
function Where({ t, ui, sources, start, form }: Omit<FormProps, "may">) {
  return (
    <>
      <Choices
        form={form}
        name="route"
        legend={t("transfer.where")}
        chosen={[start.route ?? "wallet"]}
        options={[
          { value: "wallet", label: t("transfer.whereWallet"), hint: t("transfer.whereWalletHint") },
          {
            value: "bank",
            label: t("transfer.whereBank"),
            hint: sources.banks.map((bank, index) => [index > 0 && <br />, bankWords(t, ui, bank)]),
          },
        ]}
      />
      <div class="only-if-wallet">
        <TextField
          form={form}
          name="to"
          label={t("transfer.toNumber")}
          hint={t("transfer.toNumberHint")}
          value={start.to}
          inputmode="numeric"
          autocomplete="off"
          maxlength={30}
          ltr
        />
      </div>
    </>
  );
}

function optionWords(t: T, wallet: Sources["wallets"][number]): string {
  const named = { purpose: t(`transfer.purpose.${wallet.purpose}`), number: formatWalletNumber(wallet.number) };
  if (wallet.state === "frozen") return t("transfer.walletFrozen", named);
  return t("transfer.walletOption", { ...named, available: t.money(wallet.available, "code") });
}

function bankWords(t: T, ui: Ui, [currency, bank]: readonly [Currency, Usable]): string {
  if (bank.ok) {
    const account = [bank.account.bankName, maskedOf(bank.account)].filter(Boolean).join(" ");
    return t("transfer.bankIs", { currency, account });
  }
  switch (bank.why) {
    case "no_bank_details":
      return t("transfer.bankNone", { currency });
    case "bank_details_in_review":
      return t("transfer.bankReview", { currency });
    case "cooling_off":
      return t("transfer.bankCools", { currency, date: t.instant(bank.until, ui.institution.timeZone, "medium") });
  }
}
