import type { StartedFrom } from "../../dcgan/weights/started_from.ts";
import { printable } from "./printable.ts";

/** The weights that a run starts from, in a line. */
export function startedFromText({ path, parts }: StartedFrom): string {
  const networks = parts.filter((part) => !part.endsWith(" optimizer"));
  const optimizers = parts.filter((part) => part.endsWith(" optimizer"));
  const states = optimizers.length === 0
    ? ""
    : optimizers.length < networks.length
    ? `, with the state of the ${optimizers[0]}`
    : optimizers.length === 1
    ? ", with the state of its optimizer"
    : ", with the states of their optimizers";
  return `${networks.join(" and ")} of ${printable(path)}${states}`;
}
