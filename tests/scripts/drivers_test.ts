import { assertEquals, assertStringIncludes } from "@std/assert";
import { commandFor, type Machine, planFor } from "../../scripts/drivers.ts";

const debian: Machine = {
  os: "linux",
  osRelease: 'PRETTY_NAME="Debian GNU/Linux 12 (bookworm)"\nID=debian\n',
  hasApt: true,
  isRoot: true,
  canAskForSudo: false,
};
const mint = { ...debian, osRelease: 'ID=linuxmint\nID_LIKE="ubuntu debian"\n' };
const fedora = { ...debian, osRelease: "ID=fedora\n", hasApt: false };

Deno.test("planFor() installs as root, or through sudo where someone can answer it", () => {
  assertEquals(planFor(debian), []);
  assertEquals(planFor(mint), []);
  assertEquals(planFor({ ...debian, isRoot: false, canAskForSudo: true }), ["sudo"]);
});

Deno.test("planFor() leaves alone what it may not or cannot change", () => {
  for (
    const machine of [
      { ...debian, isRoot: false },
      { ...debian, hasApt: false },
      { ...debian, os: "darwin" as const, osRelease: "" },
      { ...fedora, hasApt: true },
    ]
  ) assertEquals(planFor(machine), undefined);
});

Deno.test("commandFor() names the distribution's own command, and none where it is not known", () => {
  assertStringIncludes(commandFor(mint) ?? "", "apt-get install mesa-vulkan-drivers");
  assertEquals(commandFor(fedora), "dnf install mesa-vulkan-drivers");
  assertEquals(
    commandFor({ ...fedora, osRelease: 'ID="rocky"\nID_LIKE="rhel centos fedora"\n' }),
    commandFor(fedora),
  );
  assertEquals(commandFor({ ...fedora, osRelease: "ID=plan9\n" }), undefined);
  assertEquals(commandFor({ ...fedora, os: "windows", osRelease: "" }), undefined);
});
