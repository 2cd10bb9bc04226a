import type { Command } from "@commander-js/extra-typings";
import type { DoctorReport } from "../gpu/doctor.ts";
import { host } from "../host/host.ts";
import type { InstalledMpi } from "../mpi/installed.ts";
import { loadDoctor } from "./load_library.ts";
import type { Session } from "./session.ts";
import { invocation } from "./arguments/invocation.ts";
import { bytes, table } from "./terminal/text.ts";

/** Adds `doctor` to the program. */
export function addDoctorCommand(program: Command, session: Session): void {
  program.command("doctor")
    .description(
      "show the WebGPU adapter and its features, check its results, and say how to fix what is missing",
    )
    .action(async () => {
      const { examine, installedMpi } = await loadDoctor();
      const [report, mpi] = [await examine(), await installedMpi()];
      const document = { healthy: isHealthy(report), ...report, ...(mpi ? { mpi } : {}) };
      session.output.result("doctor", document, reportText(report, mpi));
      if (!isHealthy(report)) session.exitCode = 1;
    });
}

/** Whether the module can work on this machine. */
export function isHealthy(report: DoctorReport): boolean {
  return report.adapter !== undefined && report.checks.every((check) => check.passed);
}

/** The report as a page of text, with the MPI that was found if one might look for it. */
export function reportText(report: DoctorReport, mpi?: readonly InstalledMpi[]): string {
  const rows = [["runtime", report.runtime], ...backendRows(report), ...adapterRows(report)];
  const sections = [table([...rows, ["MPI", mpiText(mpi)]], "")];
  if (report.adapter) {
    const limits = Object.entries(report.adapter.limits).map(([name, value]) => [
      name,
      /size$/i.test(name) && value >= 1024 ? bytes(value) : String(value),
    ]);
    sections.push(`limits\n${table(limits)}`);
  }
  if (report.checks.length > 0) {
    const rows = report.checks.map(({ name, passed, detail }) => [passed ? "ok" : "FAILED", name, detail]);
    sections.push(`self-test\n${table(rows)}`);
  }
  const advice = report.advice.map((sentence) => `  ${sentence}\n`).join("");
  if (advice !== "") sections.push(`what to do\n${advice}`);
  if (report.adapter?.software === false) sections.push(afterReset());
  sections.push(`${verdict(report)}\n`);
  return sections.join("\n");
}

/** What nothing can say when it happens: Deno itself ends then. */
const afterReset = (): string =>
  `if the driver resets the card while a run trains
  Deno ends with "Deno has panicked" and Device(Lost), a mistake of Deno's that the module cannot catch. What the
  last checkpoint holds is safe. Continue from it:
    ${invocation()} train --resume <run folder>
`;

/** The last line: what a person reads who reads no more. */
function verdict(report: DoctorReport): string {
  if (report.adapter === undefined) return "No adapter was found: see above for what to do.";
  if (!isHealthy(report)) return "Something is wrong: this adapter computes wrong numbers.";
  if (report.adapter.openGl) return "It works, but slowly: see above for what to do.";
  if (report.adapter.direct3D) return "It works, but may start slowly: see above for what to do.";
  return "Everything needed is here.";
}

/** Which MPI there is, or how to get one. */
function mpiText(found: readonly InstalledMpi[] | undefined): string {
  if (found === undefined) return "not looked for without --allow-ffi and --allow-run";
  if (found.length > 0) return found.map(familyText).join("; ");
  return host().system === "windows"
    ? "none"
    : `none, which only training on several cards needs: ${
      host().system === "darwin" ? "brew install open-mpi" : "apt-get install openmpi-bin"
    }`;
}

/** Debian's packages of each family, with library and launcher. */
const PACKAGES = { "Open MPI": "openmpi-bin", MPICH: "mpich" } as const;

/** What there is of one family. Library and launcher of different versions may not find each other. */
function familyText({ family, library, launcher }: InstalledMpi): string {
  const lack = `apt-get install ${PACKAGES[family]}`;
  if (launcher === undefined) return `${library} without its mpirun: ${lack}`;
  const { name, version = "" } = launcher;
  if (library === undefined) {
    return `${`${name} of ${family} ${version}`.trimEnd()} without its library: ${lack}`;
  }
  return `${library}, started by ${name}${
    library.endsWith(version) ? "" : ` of another version: ${version}`
  }`;
}

function backendRows({ backend, adapter }: DoctorReport): string[][] {
  const asked = backend === undefined ? [] : [`DENO_WEBGPU_BACKEND=${backend}`];
  if (adapter?.openGl) return [["backend", ["OpenGL", ...asked].join(", ")]];
  if (adapter?.direct3D) return [["backend", ["Direct3D 12", ...asked].join(", ")]];
  return asked.map((text) => ["backend", text]);
}

function adapterRows({ adapter, capabilities }: DoctorReport): string[][] {
  if (adapter === undefined) return [["adapter", "none"]];
  const rows = [["adapter", adapter.name + (adapter.software ? " (computes on the CPU)" : "")]];
  for (const key of ["vendor", "architecture"] as const) {
    if (adapter[key] !== "") rows.push([key, adapter[key]]);
  }
  if (capabilities) {
    const { f16, subgroupSize, timestamps, loopIterations } = capabilities;
    rows.push(
      ["16-bit floats", f16 ? "yes" : "no"],
      ["subgroups", subgroupSize > 0 ? `of ${subgroupSize}` : "no"],
      ["timestamps", timestamps ? "yes" : "no"],
      ["loop limit", loopIterations === Infinity ? "none" : `${loopIterations} iterations`],
    );
  }
  return [...rows, ["features", adapter.features.join(", ") || "none"]];
}
