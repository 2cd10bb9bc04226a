/** The part of imagescript that is used here. */
export type Imagescript = Pick<typeof import("imagescript"), "Image" | "GIF" | "decode">;

let loading: Promise<Imagescript | undefined> | undefined;

/**
 * imagescript, or `undefined` if it cannot be used: it is native code, which has no build for some platforms
 * and needs the permissions to call native code, read the environment and read files. Permissions are looked
 * up and never requested, so users who train without them see no prompt.
 */
export function loadImagescript(): Promise<Imagescript | undefined> {
  return loading ??= load();
}

async function load(): Promise<Imagescript | undefined> {
  for (const name of ["ffi", "env", "read"] as const) {
    if ((await Deno.permissions.query({ name })).state !== "granted") return undefined;
  }
  try {
    return await import("imagescript");
  } catch {
    return undefined;
  }
}
