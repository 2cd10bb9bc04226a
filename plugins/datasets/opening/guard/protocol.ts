/** Messages between the main thread and the watchdog. */

/** Milliseconds between two heartbeats. */
export const TICK = 200;

/**
 * Places in the memory that both threads see: how many things are waited for, and the number of heartbeats.
 */
export const Place = { waits: 0, ticks: 1 } as const;

/** What to do if the main thread's heartbeat stops. */
export interface GuardOrder {
  /** What to say before the process ends. */
  readonly sentence: string;
  /** Heartbeats that may be missing. */
  readonly ticks: number;
}
