import type { Ui } from "#http/request.ts";
import type { Brand } from "#web/ui/document.tsx";

/** What pages show of the institution. */
export function brandOf(ui: Ui): Brand {
  const { name, legalName, brandColour, registrationLabel, registrationNumber, contactEmail } = ui.institution;
  const number = registrationNumber ? `, ${registrationLabel} ${registrationNumber}` : "";
  return {
    name,
    colour: brandColour,
    legal: `${legalName || name}${number}`,
    contact: contactEmail ? `mailto:${contactEmail}` : undefined,
  };
}
