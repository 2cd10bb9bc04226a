import { assertEquals } from "@std/assert";
import { allowedHosts, hostInUrl, isLoopback } from "../../../../src/dcgan/serve/http/hosts.ts";

Deno.test("isLoopback() knows addresses of this machine alone", () => {
  for (const host of ["127.0.0.1", "127.1.2.3", "::1", "localhost"]) {
    assertEquals([host, isLoopback(host)], [host, true]);
  }
  for (const host of ["0.0.0.0", "::", "192.168.0.1", "127.0.0.1.example", "example.com", "1127.0.0.1"]) {
    assertEquals([host, isLoopback(host)], [host, false]);
  }
});

Deno.test("allowedHosts() names this machine on loopback, and nothing beyond it", () => {
  assertEquals([...allowedHosts("127.0.0.1", 8000)!], ["127.0.0.1:8000", "localhost:8000"]);
  assertEquals([...allowedHosts("::1", 80)!].sort(), [
    "127.0.0.1",
    "127.0.0.1:80",
    "[::1]",
    "[::1]:80",
    "localhost",
    "localhost:80",
  ]);
  assertEquals(allowedHosts("0.0.0.0", 8000), undefined);
});

Deno.test("hostInUrl() puts addresses of IPv6 in brackets", () => {
  assertEquals(["127.0.0.1", "::1"].map(hostInUrl), ["127.0.0.1", "[::1]"]);
});
