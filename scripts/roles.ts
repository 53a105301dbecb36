import { readConfig } from "#platform/config.ts";
import { roleName, roleNames } from "#platform/database.ts";
import { createLog } from "#platform/log.ts";
import { renewRoles } from "#platform/open-database.ts";

// npm run roles: makes the database roles, before a restore or at any time, and sets the passwords that derive from
// SECRET_KEY. A portal that runs with another key loses its connections by it, so nothing else ever does this unasked.
try {
  const access = await renewRoles(readConfig(), createLog({ level: "warn", readable: true }));
  console.log(
    `Roles with the passwords of this SECRET_KEY: ${roleNames.map((role) => roleName(access, role)).join(" ")}`,
  );
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
