import type { Card } from "../record/cards.ts";

/** The part of a driver of Mesa that compiles kernels for a kind of card, run without the card. */
export interface Compiler {
  /** Short name, as in `--only`. */
  readonly name: string;
  /** Cards that it compiles for. */
  readonly compilesFor: string;
  /** Mesa's driver. */
  readonly driver: "radeon" | "intel";
  /** What makes the driver believe that there is such a card. */
  readonly environment: Readonly<Record<string, string>>;
  /** Families whose kernels it is given. Others than the card's own stand for cards whose compilers cannot be had. */
  readonly families: readonly Card["family"][];
  /** Cards of these families that have kernels of their own, which another one compiles. */
  readonly except?: readonly string[];
}

/** Every one that can be run without its card. */
export const COMPILERS: readonly Compiler[] = [
  {
    name: "rdna2",
    compilesFor: "AMD RDNA2 (RX 6000)",
    driver: "radeon",
    environment: { RADV_FORCE_FAMILY: "navi21" },
    families: ["amd"],
  },
  {
    name: "rdna3",
    compilesFor: "AMD RDNA3 (RX 7000)",
    driver: "radeon",
    environment: { RADV_FORCE_FAMILY: "gfx1100" },
    families: ["amd", "nvidia", "apple", "other"],
  },
  {
    name: "xe-lp",
    compilesFor: "Intel Xe-LP (Iris Xe)",
    driver: "intel",
    environment: { INTEL_STUB_GPU_PLATFORM: "tgl" },
    families: ["intel"],
    except: ["Arc A770"],
  },
  {
    name: "arc",
    compilesFor: "Intel Xe-HPG (Arc)",
    driver: "intel",
    environment: { INTEL_STUB_GPU_PLATFORM: "dg2" },
    families: ["intel"],
    except: ["Iris Xe"],
  },
];
