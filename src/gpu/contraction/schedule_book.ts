import type { Device } from "../device.ts";
import type { Contraction } from "./contraction.ts";
import type { Schedule } from "./schedule.ts";

/** Decides the schedule of a contraction; undefined leaves it to the defaults. */
export type ScheduleChoice = (contraction: Contraction) => Schedule | undefined;

const choices = new WeakMap<Device, ScheduleChoice>();

/** Has a device's contractions ask `choice` before the defaults, until it is set to undefined. */
export function chooseSchedulesBy(device: Device, choice: ScheduleChoice | undefined): void {
  if (choice) choices.set(device, choice);
  else choices.delete(device);
}

/** What was decided for a contraction, if anything. */
export function chosenSchedule(device: Device, contraction: Contraction): Schedule | undefined {
  return choices.get(device)?.(contraction);
}
