import type { Customer } from "#features/customers/customer.ts";
import { t } from "#web/staff/shared.tsx";
import { Actions, LinkButton } from "#web/ui/button.tsx";
import { Card } from "#web/ui/card.tsx";
import { CopyField } from "#web/ui/copy.tsx";
import { Notice } from "#web/ui/notice.tsx";
import { withQuery } from "#web/ui/pager.tsx";

type Props = { customer: Customer; origin: string; mayEdit: boolean };

/** How the customer reaches the portal: the sign-in page to copy or open; without an address, how to help (C1, C3). */
export function PortalAccess({ customer, origin, mayEdit }: Props) {
  if (customer.email === undefined) return <NoAddress customer={customer} mayEdit={mayEdit} />;
  const path = withQuery("/sign-in", { email: customer.email });
  return (
    <Card title="Customer portal" pad>
      <div class="stack s">
        <p class="dim sm">
          Open to <bdi dir="ltr">{customer.email}</bdi>, with nothing to switch on: the customer enters the address and
          gets a sign-in link by mail. Send this page along, the address is filled in:
        </p>
        <CopyField t={t} id="portal-link" label="Sign-in page" value={`${origin}${path}`} />
        <Actions>
          <LinkButton href={path} icon="external-link" target="_blank">
            Open the sign-in page
          </LinkButton>
        </Actions>
      </div>
    </Card>
  );
}

function NoAddress({ customer, mayEdit }: { customer: Customer; mayEdit: boolean }) {
  return (
    <Card title="Customer portal" pad>
      <div class="stack s">
        <Notice tone="warn" title="This customer can't sign in">
          <p>There is no e-mail address to send a sign-in link to.</p>
        </Notice>
        <p>To help them pay, do one of these:</p>
        <ul class="prose">
          <li>
            <strong>Add an e-mail address.</strong> The portal is open to it at once.
          </li>
          <li>
            <strong>Share the public payment list,</strong> a link by which anybody who holds it sees what is due and
            pays without signing in.
          </li>
        </ul>
        {mayEdit && (
          <Actions>
            <LinkButton href={`/staff/customers/${customer.id}/edit#f-email`} icon="mail">
              Add an e-mail address
            </LinkButton>
          </Actions>
        )}
      </div>
    </Card>
  );
}
