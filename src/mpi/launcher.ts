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

/** Whether a launcher of MPI, such as `mpirun` or `srun --mpi=pmix`, started this process as one of its ranks. */
export function startedByMpi(): boolean {
  return VARIABLES.some(([name]) => host().env(name) !== undefined);
}

/** The family of the launcher that started this process; undefined if it may be either. */
export function launchedFamily(): Family | undefined {
  return VARIABLES.find(([name]) => host().env(name) !== undefined)?.[1];
}
