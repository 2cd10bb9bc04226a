/** The address at which only this machine can ask. */
export const LOOPBACK = "127.0.0.1";

/** Whether only this machine can reach what listens there. */
export function isLoopback(hostname: string): boolean {
  return hostname === "localhost" || hostname === "::1" || /^127(\.\d{1,3}){3}$/.test(hostname);
}

/** A host as URLs have it: addresses of IPv6 stand in brackets. */
export function hostInUrl(hostname: string): string {
  return hostname.includes(":") ? `[${hostname}]` : hostname;
}

/**
 * What the header `Host` may be for a server on loopback. A name of somebody else that leads to this machine
 * must not let their page read what is served here (DNS rebinding).
 *
 * @returns undefined if it may be anything: names of this machine in a network cannot be known.
 */
export function allowedHosts(hostname: string, port: number): ReadonlySet<string> | undefined {
  if (!isLoopback(hostname)) return undefined;
  const names = new Set([LOOPBACK, "localhost", hostInUrl(hostname)]);
  return new Set([...names].flatMap((name) => [`${name}:${port}`, ...port === 80 ? [name] : []]));
}
