import type { Child } from "hono/jsx";
import type { Staff } from "#access/principal.ts";
import { formatWalletNumber, type Wallet, type WalletState } from "#features/wallets/wallet.ts";
import type { Ui } from "#http/request.ts";
import { t } from "#web/staff/shared.tsx";
import { StaffPage } from "#web/staff/staff-page.tsx";
import { Actions, Button, LinkButton } from "#web/ui/button.tsx";
import { Card } from "#web/ui/card.tsx";
import { TextField } from "#web/ui/fields.tsx";
import { Form, type FormState } from "#web/ui/form.tsx";
import { Notice } from "#web/ui/notice.tsx";
import { home } from "./list-page.tsx";

export type StateChange = "freeze" | "unfreeze" | "close";

type Props = { ui: Ui; staff: Staff; form: FormState; wallet: Wallet };

/** The frame of every page about one wallet. */
export function walletFrame({ ui, staff, wallet }: Omit<Props, "form">) {
  const crumbs = [
    { href: home, label: "Wallets" },
    { href: `${home}/${wallet.id}`, label: formatWalletNumber(wallet.number) },
  ];
  return { ui, staff, crumbs };
}

const words = {
  freeze: {
    from: ["active"],
    title: "Freeze the wallet?",
    means:
      "It goes on receiving: transfers from others, and payouts. Nothing leaves it any more, until somebody " +
      "unfreezes it. Transfers that were confirmed before and wait for approval can't be approved meanwhile.",
    hint: "The partner reads it, in its portal and by mail.",
    button: "Freeze the wallet",
    kind: "danger-primary",
  },
  unfreeze: {
    from: ["frozen"],
    title: "Unfreeze the wallet?",
    means: "The partner can send from it again.",
    hint: "The partner reads it, in its portal and by mail.",
    button: "Unfreeze the wallet",
    kind: "primary",
  },
  close: {
    from: ["active", "frozen"],
    title: "Close the wallet for ever?",
    means:
      "Nothing goes into it or out of it any more, and it can't be opened again: a new wallet gets a new number. " +
      "What happened in it stays for you and the partner to read. " +
      "Payouts that came here go to the partner's bank account.",
    hint: "The partner reads it, in its portal and by mail.",
    button: "Close the wallet for ever",
    kind: "danger-primary",
  },
} as const satisfies Record<StateChange, { readonly from: readonly WalletState[]; [word: string]: unknown }>;

/** What the change means, what stands in its way, and why it is made. */
export function StatePage(props: Props & { change: StateChange; blocks: readonly string[] }) {
  const { form, wallet, change, blocks } = props;
  const { title, from, means, hint, button, kind } = words[change];
  const fits = from.some((state) => state === wallet.state);
  return (
    <StaffPage {...walletFrame(props)} title={title} problems={form.problems}>
      {!fits ? (
        <Blocked wallet={wallet} title={`The wallet is ${wallet.state}`}>
          <p>It may have been changed by somebody else meanwhile.</p>
        </Blocked>
      ) : blocks.length > 0 ? (
        <Blocked wallet={wallet} title="It can't be closed yet">
          {blocks.map((block) => (
            <p>{block}</p>
          ))}
        </Blocked>
      ) : (
        <Card label={title} pad>
          <Form action={`${home}/${wallet.id}/${change}`}>
            <p>
              <Named wallet={wallet} /> {means}
            </p>
            <TextField
              form={form}
              name="reason"
              label="Why"
              hint={hint}
              maxlength={300}
              {...(change === "unfreeze" && { optional: true })}
            />
            <Actions>
              <Button kind={kind}>{button}</Button>
              <LinkButton kind="ghost" href={`${home}/${wallet.id}`}>
                {t("form.cancel")}
              </LinkButton>
            </Actions>
          </Form>
        </Card>
      )}
    </StaffPage>
  );
}

function Named({ wallet }: { wallet: Wallet }) {
  return (
    <>
      Wallet <span class="num nowrap">{formatWalletNumber(wallet.number)}</span>, {wallet.currency}, of{" "}
      <bdi>{wallet.holder}</bdi>.
    </>
  );
}

function Blocked({ wallet, title, children }: { wallet: Wallet; title: string; children?: Child }) {
  return (
    <>
      <Notice tone="warn" title={title}>
        {children}
      </Notice>
      <Actions>
        <LinkButton href={`${home}/${wallet.id}`} icon="arrow-left">
          Back to the wallet
        </LinkButton>
      </Actions>
    </>
  );
}

/** Whether payouts come here or go to the bank, and what changes with it. */
export function PayoutsPage(props: Props) {
  const { form, wallet } = props;
  const here = wallet.takesPayouts;
  const currency = wallet.currency;
  return (
    <StaffPage
      {...walletFrame(props)}
      title={here ? "Send payouts to the bank again?" : "Turn payouts to this wallet?"}
      problems={form.problems}
    >
      {wallet.state === "closed" ? (
        <Blocked wallet={wallet} title="The wallet is closed">
          <p>No payout can go to it.</p>
        </Blocked>
      ) : (
        <Card label="Payouts" pad>
          <Form action={`${home}/${wallet.id}/payouts`} hidden={{ to: here ? "bank" : "wallet" }}>
            <p>
              {here
                ? `From now on, payouts of ${wallet.holder} in ${currency} go to its bank account in that currency. ` +
                  "Without one they wait. What is in the wallet stays there."
                : `From now on, payouts of ${wallet.holder} in ${currency} come into this wallet as soon as they are ` +
                  "approved, and need no bank details. That counts for payouts that wait now, too. Above the limit " +
                  "for a second person, somebody else than you has to be that second person."}
            </p>
            <Actions>
              <Button kind="primary" icon={here ? "building-bank" : "wallet"}>
                {here ? `Send ${currency} payouts to the bank` : `Turn ${currency} payouts to this wallet`}
              </Button>
              <LinkButton kind="ghost" href={`${home}/${wallet.id}`}>
                {t("form.cancel")}
              </LinkButton>
            </Actions>
          </Form>
        </Card>
      )}
    </StaffPage>
  );
}
