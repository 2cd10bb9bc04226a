import "../../../../src/host/on_native.ts";
import { assertEquals, assertThrows } from "@std/assert";
import { resolveConfig } from "../../../../src/dcgan/options/config.ts";
import { ConfigError } from "../../../../src/dcgan/options/config_issue.ts";
import { isResumable, optionNames } from "../../../../src/dcgan/options/option_table.ts";
import type { TrainOptions } from "../../../../src/dcgan/options/options.ts";
import { resumedOptions } from "../../../../src/dcgan/run/changes/resumed_options.ts";

Deno.test("resumedOptions() says of every option that a run was trained without how it cannot be given", () => {
  const config = resolveConfig({ size: 32, steps: 4 });
  const values: TrainOptions = {
    base: 8,
    maxMaps: 64,
    from: "netG.pth",
    preset: "few",
    minutes: 5,
    tune: true,
    dataOptions: { seed: 5 },
  };
  // All options that a config may lack, but for those that a resumed run may be given
  const lacking = optionNames.filter((name) =>
    !(name in config) && !isResumable(name) && !["resume", "step", "more", "override"].includes(name)
  );
  assertEquals(Object.keys(values).sort(), [...lacking, "dataOptions"].sort());
  const { issues } = assertThrows(() => resumedOptions(config, "runs/a", values), ConfigError);
  const starts = "cannot be used with --resume: it decides how a run starts, and runs/a keeps its config";
  const said = Object.fromEntries(issues.map(({ option, problem }) => [option, problem]));
  assertEquals(said, {
    base: "cannot change in a resumed run: runs/a was trained without it, found 8",
    maxMaps: "cannot change in a resumed run: runs/a was trained without it, found 64",
    from: starts,
    preset: starts,
    minutes: `${starts}. Give --more and a number of steps`,
    tune: starts,
    dataOptions: "cannot change in a resumed run: seed: runs/a was trained without it, found 5. " +
      "Give --override to change it from here on",
  });
});
