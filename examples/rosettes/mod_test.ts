import { checkDataset } from "@x/dcgan/datasets/testing";
import rosettes from "./mod.ts";

Deno.test("rosettes keep to the contract", async () => {
  await checkDataset(rosettes, { size: 16 });
  await checkDataset(rosettes, { size: 32, channels: 1, options: { petals: 3, length: 3 } });
});
