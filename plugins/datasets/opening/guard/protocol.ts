/** Messages between the main thread and the watchdog. */

/** Milliseconds between two signs of life. */
export const TICK = 200;

/** Places in the memory that both threads see: how many things are waited for, and how many signs there were. */
export const Place = { waits: 0, ticks: 1 } as const;

/** What to do if the main thread's heartbeat stops. */
export interface GuardOrder {
  /** What to say before the process ends. */
  readonly sentence: string;
  /** Signs that may be missing. */
  readonly ticks: number;
}
