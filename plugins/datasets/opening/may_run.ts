import { fileURLToPath } from "node:url";

/** Whether a worker may read its module; asking for it would show a question to people who are not there. */
export function mayRun(module: URL): boolean {
  if (module.protocol !== "file:") return true;
  return Deno.permissions.querySync({ name: "read", path: fileURLToPath(module) }).state === "granted";
}
