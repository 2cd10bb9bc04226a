import { textOf } from "../../dcgan/schedules/scheduled_values.ts";
import { sizeText } from "../../dcgan/options/table/image_size.ts";
import { figure } from "../terminal/text.ts";

/** A value of an option, as the command line takes it; a dash if there is none. */
export function optionText(option: string, value: unknown): string {
  if (value === undefined || value === null) return "-";
  if (option === "size") return sizeText(value as Parameters<typeof sizeText>[0]);
  if (Array.isArray(value)) return value.join(",") || "none";
  if (typeof value === "object" && "from" in value) return textOf(value as Parameters<typeof textOf>[0]);
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

/** A measured number in few digits; a dash if there is none. */
export function numberText(value: number | undefined): string {
  return value === undefined ? "-" : figure(value);
}
