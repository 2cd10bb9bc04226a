import { cpus } from "node:os";
import config from "../../deno.json" with { type: "json" };
import type { Device } from "../gpu/mod.ts";
import { host } from "../host/host.ts";
import { startedByMpi } from "../mpi/launcher.ts";
import type { Ranks } from "../mpi/ranks.ts";
import { explain } from "./errors.ts";
import { Interrupt } from "./terminal/interrupt.ts";

/**
 * Joins the ranks that this process was started with; undefined if no launcher of MPI started it, and nothing is loaded then.
 *
 * @param hangAfter Seconds after which a rank that others wait for counts as hanging.
 */
export async function joinRanks(hangAfter: number | undefined): Promise<Ranks | undefined> {
  if (!startedByMpi()) return undefined;
  const { openRanks } = await import("../mpi/ranks.ts");
  return await openRanks(hangAfter === undefined ? {} : { hangAfter });
}

/** Ends all ranks unless they compute the same: the same program on the same kind of adapter. */
export async function expectEqualRanks(ranks: Ranks, device: Device): Promise<void> {
  const { name, limits: { maxStorageBufferBindingSize, maxBufferSize } } = device.adapter;
  await ranks.agree({
    ...{ version: config.version, runtime: host().runtime, adapter: name },
    limits: `maxStorageBufferBindingSize ${maxStorageBufferBindingSize} and maxBufferSize ${maxBufferSize}`,
  });
}

/** How many processor cores there are. */
export interface Cores {
  /** Those that this process may use. */
  readonly own: number;
  /** All of this machine. */
  readonly all: number;
}

/** This machine's cores, if it may be asked: launchers of MPI may tie a rank to some of them. */
export function coresHere(): Cores | undefined {
  const isAllowed = Deno.permissions.querySync({ name: "sys", kind: "cpus" }).state === "granted";
  return isAllowed ? { own: navigator.hardwareConcurrency, all: cpus().length } : undefined;
}

/**
 * A warning where ranks compute on the processor, and may not use all of it between them.
 *
 * @param here Ranks on this machine.
 */
export function coresWarning(
  here: number,
  isSoftware: boolean,
  cores: Cores | undefined,
): string | undefined {
  if (!isSoftware || !cores || cores.own * here >= cores.all) return undefined;
  const { own, all } = cores;
  const share = Math.floor(all / here);
  const who = here === 1 ? "This rank" : `Each of the ${here} ranks of this machine`;
  return `${who} may use ${own} of ${all} processor cores, as the launcher has it. ` +
    `Give it ${share}: --map-by slot:PE=${share} with Open MPI, or -bind-to core:${share} with MPICH`;
}

/** Trains as rank 0 does, without a word, until the run ends there; and returns the exit code. */
export async function follow(ranks: Ranks): Promise<number> {
  // Rank 0 hears them too, and says when it is over
  using _interrupt = new Interrupt(() => {}, undefined, { isLaunched: true });
  try {
    const [{ openDevice }, { followTraining }] = await Promise.all([
      import("../gpu/device/open_device.ts"),
      import("../dcgan/ranks/follow.ts"),
    ]);
    using device = await openDevice();
    await expectEqualRanks(ranks, device);
    await followTraining(device, ranks);
    await ranks[Symbol.asyncDispose]();
    return 0;
  } catch (error) {
    ranks.abort(explain(error).lines.join(" ").replace(/^error: /, ""));
  }
}
