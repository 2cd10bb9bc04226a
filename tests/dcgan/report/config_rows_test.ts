import "../../../src/host/on_native.ts";
import { assert, assertEquals } from "@std/assert";
import { resolveConfig } from "../../../src/dcgan/options/config.ts";
import { configRows } from "../../../src/dcgan/report/config_rows.ts";

Deno.test("configRows() tells options that differ from their defaults from others", () => {
  const { different, same } = configRows(
    resolveConfig({ ngf: 8, augment: ["flip", "cutout"], out: "runs/a" }),
  );
  const values = Object.fromEntries(
    different.map(({ name, value, default: usual }) => [name, [value, usual]]),
  );
  assertEquals(values, {
    channels: ["3", undefined],
    ngf: ["8", "64"],
    augment: ["flip, cutout", "none"],
  });
  assert(same.some(({ name, value }) => name === "ndf" && value === "64"));
  assert(same.some(({ name, value }) => name === "dataOptions" && value === "none"));
  assert([...different, ...same].every(({ summary }) => summary.length > 0));
});
