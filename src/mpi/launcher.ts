import { host } from "../host/host.ts";

/** The two families of MPI, whose handles differ. Intel MPI and MVAPICH have MPICH's. */
export type Family = "Open MPI" | "MPICH";

/** Variables by which launchers tell a process that it is a rank, and the family that they belong to, if to one. */
const VARIABLES: readonly (readonly [name: string, family: Family | undefined])[] = [
  ["OMPI_COMM_WORLD_RANK", "Open MPI"],
  ["PMIX_RANK", undefined],
  ["PMI_RANK", "MPICH"],
  ["PMI_ID", "MPICH"],
];

/** The variable by which a launcher told this process its rank; undefined if none did. */
function launched(): (typeof VARIABLES)[number] | undefined {
  // SLURM leaves them in a shell that it opens for a person, as the only task of a step
  const isShell = host().env("SLURM_STEP_NUM_TASKS") === "1";
  return VARIABLES.find(([name]) => host().env(name) !== undefined && !(isShell && name.startsWith("PMI")));
}

/** Whether a launcher of MPI, such as `mpirun` or `srun --mpi=pmix`, started this process as one of its ranks. */
export function startedByMpi(): boolean {
  return launched() !== undefined;
}

/** The rank of this process, without MPI: 0 if no launcher started it. */
export function launchedRank(): number {
  const [name] = launched() ?? [];
  return name === undefined ? 0 : Number(host().env(name));
}

/** The family of the launcher that started this process; undefined if it may be either. */
export function launchedFamily(): Family | undefined {
  return launched()?.[1];
}
