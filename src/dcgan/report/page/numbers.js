// The page has all files of this folder in one script, which a linter of one file cannot know
// deno-lint-ignore-file no-unused-vars

/** Least contrast of a line with the page (WCAG 2.2, 1.4.11). */
const CONTRAST = 3.2;

/** A number with the digits that count. */
function figure(value) {
  const size = Math.abs(value);
  if (size !== 0 && (size < 1e-3 || size >= 1e6)) return value.toExponential(1);
  return value.toLocaleString("en-US", { maximumFractionDigits: size < 1 ? 3 : size < 100 ? 2 : 0 });
}

/** Round values from a low one to a high one for a logarithmic axis: as many as can be told apart. */
function logTicks(low, high) {
  const most = 7;
  const inside = (values) => values.filter((value) => value >= low && value <= high);
  const [first, last] = [low, high].map((value) => Math.floor(Math.log10(value)));
  const powers = Array.from({ length: last - first + 1 }, (_, i) => first + i);
  for (const digits of [[1, 2, 3, 4, 5, 6, 7, 8, 9], [1, 2, 5], [1, 3], [1]]) {
    const ticks = inside(powers.flatMap((power) => digits.map((digit) => Number(`${digit}e${power}`))));
    if (ticks.length > 2 && ticks.length <= most) return ticks;
  }
  // Within one digit, or over more powers of ten than there is room for
  if (powers.length <= 2) {
    return [0.1, 0.5, 0.9].map((at) => Number((low * (high / low) ** at).toPrecision(3)));
  }
  const every = Math.ceil(powers.length / most);
  return inside(powers.filter((power) => power % every === 0).map((power) => Number(`1e${power}`)));
}

/** Means over neighbors with weights of a normal distribution, `width` places wide. Gaps stay, and weigh nothing. */
function smooth(values, width) {
  const reach = Math.ceil(3 * width);
  const weights = Array.from({ length: reach + 1 }, (_, i) => Math.exp(-0.5 * (i / width) ** 2));
  return values.map((value, at) => {
    if (value === null) return null;
    let [sum, total] = [0, 0];
    for (let i = Math.max(0, at - reach); i <= Math.min(values.length - 1, at + reach); i++) {
      if (values[i] === null) continue;
      const weight = weights[Math.abs(i - at)];
      sum += weight * values[i];
      total += weight;
    }
    return sum / total;
  });
}

/** A color, made darker or lighter until it stands out from the page. */
function readable(color, page) {
  const channels = (hex) => [1, 3, 5].map((at) => parseInt(hex.slice(at, at + 2), 16));
  const light = (rgb) => {
    const [r, g, b] = rgb.map((value) =>
      value <= 10 ? value / 255 / 12.92 : ((value / 255 + 0.055) / 1.055) ** 2.4
    );
    return 0.2126 * r + 0.7152 * g + 0.0722 * b + 0.05;
  };
  const ground = light(channels(page));
  const end = ground > 0.5 ? 0 : 255;
  let found = color;
  while (Math.max(light(found), ground) / Math.min(light(found), ground) < CONTRAST) {
    found = found.map((value) => Math.round(value + 0.08 * (end - value) + Math.sign(end - value)));
  }
  return found;
}
