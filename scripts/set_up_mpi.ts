/**
 * Sees to both families of MPI for the tests of ranks: `deno run -A scripts/set_up_mpi.ts`. It is for machines that are
 * thrown away, as in CI: `deno task test` uses what is there, and never installs any.
 *
 * If one cannot be had, it says so and ends without an error, and what needs it says that it is skipped.
 */
import { findLaunchers } from "../src/mpi/installed.ts";
import { examineMachine, installPackages } from "./packages.ts";

/** Debian's packages, and the launchers in them. Either has the library of its family with it. */
const FAMILIES = [["openmpi-bin", "mpirun.openmpi"], ["mpich", "mpirun.mpich"]] as const;

for (const [name, launcher] of FAMILIES) {
  const isThere = async (): Promise<boolean> => (await findLaunchers([launcher])).size > 0;
  const output = await isThere() ? "" : await installPackages(
    examineMachine(),
    [name],
    `No ${launcher} was found: installing ${name} with apt-get.`,
  );
  if (await isThere()) console.log(`There is ${launcher}.`);
  else {
    if (output) console.error(output);
    console.error(`${name} could not be installed here: what needs it is skipped.`);
  }
}
