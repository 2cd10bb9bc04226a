/** Imported by entry points that need nothing but WebGPU. Those that need more may come later. */
import { offerLast } from "./host.ts";
import { plainHost } from "./plain.ts";

offerLast(plainHost());
