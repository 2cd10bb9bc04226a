import { fileURLToPath } from "node:url";

/** Whether a worker may read its module; requesting permission would show a prompt. */
export function mayRun(module: URL): boolean {
  if (module.protocol !== "file:") return true;
  return Deno.permissions.querySync({ name: "read", path: fileURLToPath(module) }).state === "granted";
}
