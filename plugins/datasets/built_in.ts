import type { DatasetPlugin } from "./contract.ts";
import { faces } from "./faces.ts";
import { folder } from "./folder.ts";
import { mnist } from "./mnist.ts";

/** The datasets that come with the module, by name. */
export const builtInDatasets: Readonly<Record<string, DatasetPlugin>> = {
  faces,
  mnist,
  folder,
};
