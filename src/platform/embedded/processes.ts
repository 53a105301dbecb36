import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";

/** Whether a process of this id lives. A process of somebody else (EPERM) lives too. */
export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (cause) {
    return (cause as NodeJS.ErrnoException).code === "EPERM";
  }
}

/** The command line of a living process, its words joined by a blank; "" when it can't be read. */
export function commandLine(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
  } catch {
    // macOS has no /proc.
  }
  try {
    return execFileSync("/bin/ps", ["-o", "command=", "-p", String(pid)], { encoding: "utf8", stdio: "pipe" });
  } catch {
    return "";
  }
}

/**
 * A process id together with what tells it from an earlier process of the same id: after a restart of a container
 * the same small numbers are given out again, so a number alone proves nothing.
 */
export function processIdentity(pid: number): string {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The name in brackets may hold blanks; the start time is the 20th word behind it (proc_pid_stat(5), field 22).
    const started = stat.slice(stat.lastIndexOf(")") + 2).split(" ")[19];
    const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
    return `${pid} ${started} ${boot}`;
  } catch {
    return `${pid}`;
  }
}

/** Waits; `milliseconds` of 0 gives way to other work once. */
export function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
