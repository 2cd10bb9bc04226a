const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Days after which a date says more than an age. */
const MOST_DAYS = 99;

/** How long ago something was, in few letters: `now`, `5 min`, `3 h`, `12 d`, `2026-05-01`. */
export function ageText(then: Date, now: Date): string {
  const age = now.getTime() - then.getTime();
  if (age < MINUTE) return "now";
  if (age < HOUR) return `${Math.floor(age / MINUTE)} min`;
  if (age < DAY) return `${Math.floor(age / HOUR)} h`;
  if (age < MOST_DAYS * DAY) return `${Math.floor(age / DAY)} d`;
  return then.toISOString().slice(0, 10);
}
