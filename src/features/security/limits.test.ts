import { expect, test } from "vitest";
import { networkOf } from "./limits.ts";

test("an IPv6 address counts as its /64, however it is written; an IPv4 address counts alone", () => {
  expect(networkOf("192.0.2.7")).toBe("192.0.2.7");
  const same = ["2001:db8:1:2::1", "2001:DB8:1:2:ffff:ffff:ffff:ffff", "2001:0db8:0001:0002:0:0:0:9", "2001:db8:1:2::"];
  for (const ip of same) expect(networkOf(ip), ip).toBe("2001:db8:1:2::/64");
  expect(networkOf("2001:db8:1:3::1")).not.toBe(networkOf("2001:db8:1:2::1"));
  expect(networkOf("::1")).toBe("0:0:0:0::/64");
  expect(networkOf("2001:db8::5")).toBe("2001:db8:0:0::/64");
  expect(networkOf("fe80::1%eth0")).toBe("fe80:0:0:0::/64");
  expect(networkOf("")).toBe("none");
});
