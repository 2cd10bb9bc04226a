import { PENALTIES, type PenaltyName } from "../../dcgan/numbers/step_numbers.ts";
import type { MetricsEvent } from "../../dcgan/run/events.ts";
import { duration, figure, fitParts } from "./text.ts";

/** The numbers of a step as a line of a log. */
export function metricsText(event: MetricsEvent, steps: number): string {
  return [
    `step ${event.step}/${steps}`,
    `${duration(event.secondsLeft)} left`,
    `loss D ${figure(lossOfD(event))} G ${figure(event.generatorLoss)}`,
    `${figure(event.imagesPerSecond)} img/s`,
    `D(x) ${figure(event.dReal)}`,
    `D(G(z)) ${figure(event.dFake)} / ${figure(event.dFakeAfter)}`,
    `epoch ${figure(event.epoch)}`,
  ].join("  ");
}

/**
 * The numbers of a step as the line that is drawn over and over: numbers keep their places, and all of step, losses,
 * D(x), D(G(z)), speed and time left fit 79 columns in runs of up to 100,000 steps. Wider terminals get more.
 */
export function metricsLine(event: MetricsEvent, steps: number, columns: number): string {
  const step = `${`${event.step}`.padStart(`${steps}`.length)}/${steps}`;
  const end = [`${figure(event.imagesPerSecond).padStart(4)} img/s`, `${clock(event.secondsLeft)} left`];
  const { dReal, dFake, dFakeAfter, epoch, generatorLoss } = event;
  const wide = [
    `step ${step}`,
    `loss D ${figure(lossOfD(event)).padStart(5)} G ${figure(generatorLoss).padStart(5)}`,
    `D(x) ${dReal.toFixed(3)}`,
    `D(G(z)) ${dFake.toFixed(3)} / ${dFakeAfter.toFixed(3)}`,
    ...end,
  ];
  const losses = `D ${short(lossOfD(event))} G ${short(generatorLoss)}`;
  const probabilities = `D(x) ${dReal.toFixed(2)} D(G(z)) ${dFake.toFixed(2)}`;
  if (lengthOf(wide) <= columns) {
    return fitParts([...wide, `epoch ${figure(epoch)}`, ...furtherParts(event)], columns);
  }
  const all = [[`step ${step}`, losses, probabilities, ...end], [step, losses, probabilities, ...end]];
  const fitting = all.find((parts) => lengthOf(parts) <= columns);
  return fitParts(fitting ?? [`step ${step}`, losses, ...end.toReversed(), probabilities], columns);
}

function lossOfD({ discriminatorLossReal, discriminatorLossFake }: MetricsEvent): number {
  return discriminatorLossReal + discriminatorLossFake;
}

function lengthOf(parts: readonly string[]): number {
  return parts.join("  ").length;
}

/** A number in four letters, if its whole part has no more: `0.61`, `12.3`, ` 123`, `-1.2`. */
function short(value: number): string {
  const texts = [2, 1, 0].map((digits) => value.toFixed(digits));
  return (texts.find((text) => text.length <= 4) ?? texts.at(-1)!).padStart(4);
}

/** Seconds as `0:42`, `12:05` or `2:07:00`. */
function clock(seconds: number): string {
  if (!Number.isFinite(seconds)) return "?";
  const whole = Math.round(seconds);
  const two = (value: number): string => String(Math.floor(value)).padStart(2, "0");
  const minutes = Math.floor(whole / 60);
  const end = two(whole % 60);
  return minutes < 60 ? `${minutes}:${end}` : `${Math.floor(minutes / 60)}:${two(minutes % 60)}:${end}`;
}

/** Numbers that only some runs have, and others that change in them. */
function furtherParts({ learningRate, augmentProbability, ...event }: MetricsEvent): string[] {
  const penalties = Object.entries(PENALTIES).map(([name, label]) =>
    [label, event[name as PenaltyName]] as const
  );
  const all = [...penalties, ["rate", learningRate], ["augment", augmentProbability]] as const;
  return all.flatMap(([name, value]) =>
    value === undefined ? [] : [`${name} ${name === "rate" ? Number(value.toPrecision(2)) : figure(value)}`]
  );
}
