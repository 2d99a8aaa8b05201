/** Schedules of CronJobs: the grammar of robfig/cron v3 ParseStandard, and the API server's checks. */

import { DAY } from '../constants/time';
import { goDurationSeconds } from './go-duration';

const SHAPE =
  'expected five cron fields (minute hour day-of-month month day-of-week) such as 0 3 * * *, or @hourly, @daily, ' +
  '@weekly, @monthly, @yearly or @every 30m';
const NO_TIME_ZONE = 'expected a schedule without TZ= or CRON_TZ=, which Kubernetes refuses; use timeZone';
const NO_REBOOT = 'expected a schedule by time, because Kubernetes refuses @reboot; use @hourly or five cron fields';
const EVERY = 'expected @every and one space before a Go duration of at least 1s such as @every 30m or @every 1h30m';
const NEVER =
  'expected a schedule that runs at least once, but the day does not exist; correct the day of month or the month';
const NO_VALUE = 'expected a value in each of the five cron fields; replace the empty list by * or a number';

const DESCRIPTORS: { [key: string]: string } = {
  '@yearly': '0 0 1 1 *',
  '@annually': '0 0 1 1 *',
  '@monthly': '0 0 1 * *',
  '@weekly': '0 0 * * 0',
  '@daily': '0 0 * * *',
  '@midnight': '0 0 * * *',
  '@hourly': '0 * * * *',
};

interface Bounds {
  readonly field: string;
  readonly min: number;
  readonly max: number;
  readonly names: readonly string[];
}

const MONTH_NAMES = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const BOUNDS: readonly Bounds[] = [
  { field: 'minute', min: 0, max: 59, names: [] },
  { field: 'hour', min: 0, max: 23, names: [] },
  { field: 'day of month', min: 1, max: 31, names: [] },
  { field: 'month', min: 1, max: 12, names: MONTH_NAMES },
  { field: 'day of week', min: 0, max: 6, names: ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'] },
];

interface Field {
  readonly values: ReadonlySet<number>;
  /** A plain `*` or `?`, which does not restrict the day. A `*` with a step does. */
  readonly star: boolean;
}

type Fields = readonly [Field, Field, Field, Field, Field];
type Parsed = { readonly problem: string } | { readonly every: number } | { readonly fields: Fields };

const MONTH_DAYS = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

/** Days of the week and leap days repeat after 28 years, so 2024 to 2051 has every pair of dates. */
const WINDOW_START_YEAR = 2024;
const WINDOW_YEARS = 28;
const WINDOW_DAYS = 28 * 365 + 7;
const WINDOW_START_WEEKDAY = 1;

/** Why Kubernetes would refuse the schedule `v` or never run it, or undefined. */
export function cronProblem(v: string): string | undefined {
  const parsed = parse(v);
  if ('problem' in parsed) {
    return parsed.problem;
  }
  if ('every' in parsed) {
    return undefined;
  }
  if (parsed.fields.some((field) => field.values.size === 0)) {
    return NO_VALUE;
  }
  return shortestDayGap(parsed.fields) === undefined ? NEVER : undefined;
}

/** The shortest and the longest time in seconds between two runs. */
export interface CronGaps {
  readonly shortest: number;
  /** How old the last run can be if every run is on time. */
  readonly longest: number;
}

/** The intervals of a valid schedule, without daylight saving time. */
export function cronGaps(v: string): CronGaps {
  const parsed = parse(v);
  if ('problem' in parsed) {
    throw new Error(parsed.problem);
  }
  if ('every' in parsed) {
    return { shortest: parsed.every, longest: parsed.every };
  }
  const [minutes, hours] = parsed.fields;
  const shortestDays = shortestDayGap(parsed.fields);
  if (shortestDays === undefined || minutes.values.size === 0 || hours.values.size === 0) {
    throw new Error(NEVER);
  }
  const sortedHours = ascending(hours.values);
  const sortedMinutes = ascending(minutes.values);
  const firings = sortedHours.flatMap((hour) => sortedMinutes.map((minute) => (hour * 60 + minute) * 60));
  const withinDay = firings.slice(1).map((firing, i) => firing - firings[i]);
  const overnight = (days: number): number => days * DAY - firings[firings.length - 1] + firings[0];
  return {
    shortest: Math.min(overnight(shortestDays), ...withinDay),
    longest: Math.max(overnight(longestDayGap(parsed.fields)), ...withinDay),
  };
}

/** Why a step makes a schedule rarer than it looks, or undefined. Kubernetes accepts it. */
export function cronStepProblem(v: string): string | undefined {
  const texts = v.startsWith('@') ? [] : v.split(/\s+/).filter((text) => text !== '');
  const wide = texts.findIndex((text, i) => {
    const { min, max } = BOUNDS[i];
    return text.split(',').some((part) => Number(part.split('/')[1] ?? 1) > max - min + 1);
  });
  if (wide < 0) return undefined;
  const { field, min, max } = BOUNDS[wide];
  return `expected in the cron field ${field} a step of at most ${max - min + 1}, because a larger one runs once in its range; name the number itself`;
}

function parse(v: string): Parsed {
  if (v.includes('TZ')) {
    return { problem: NO_TIME_ZONE };
  }
  if (v.startsWith('@every')) {
    return parseEvery(v);
  }
  if (v.startsWith('@')) {
    const expression = Object.keys(DESCRIPTORS).includes(v) ? DESCRIPTORS[v] : undefined;
    return expression === undefined ? { problem: v === '@reboot' ? NO_REBOOT : SHAPE } : parseFields(expression);
  }
  return parseFields(v);
}

function parseEvery(v: string): Parsed {
  const seconds = v.startsWith('@every ') ? goDurationSeconds(v.slice('@every '.length)) : undefined;
  // Kubernetes accepts 0s and -5m, and then runs every second.
  return seconds === undefined || seconds < 1 ? { problem: EVERY } : { every: seconds };
}

function parseFields(v: string): Parsed {
  const texts = v.split(/[ \t\n\v\f\r]+/).filter((text) => text !== '');
  if (texts.length !== BOUNDS.length) {
    return { problem: SHAPE };
  }
  const fields: Field[] = [];
  for (let i = 0; i < BOUNDS.length; i++) {
    const field = parseField(texts[i], BOUNDS[i]);
    if (field === undefined) {
      return { problem: fieldProblem(BOUNDS[i]) };
    }
    fields.push(field);
  }
  return { fields: fields as unknown as Fields };
}

function fieldProblem(bounds: Bounds): string {
  const names = bounds.names.length === 0 ? '' : ` or ${bounds.names[0]} to ${bounds.names[bounds.names.length - 1]}`;
  const sunday = bounds.max === 6 ? '; for Sunday use 0' : '';
  return `expected in the cron field ${bounds.field} numbers ${bounds.min} to ${bounds.max}${names}, as *, a list, an ascending range 1-5 or a step */5 above zero${sunday}`;
}

function parseField(text: string, bounds: Bounds): Field | undefined {
  const values = new Set<number>();
  let star = false;
  for (const part of text.split(',').filter((entry) => entry !== '')) {
    const range = parseRange(part, bounds);
    if (range === undefined) {
      return undefined;
    }
    for (let value = range.start; value <= range.end; value += range.step) {
      values.add(value);
    }
    star ||= range.star;
  }
  return { values, star };
}

function parseRange(
  text: string,
  bounds: Bounds,
): { start: number; end: number; step: number; star: boolean } | undefined {
  const [span, stepText, ...moreSlashes] = text.split('/');
  const [low, high, ...moreHyphens] = span.split('-');
  const step = stepText === undefined ? 1 : parseNumber(stepText);
  if (moreSlashes.length > 0 || moreHyphens.length > 0 || step === undefined || step === 0) {
    return undefined;
  }
  if (low === '*' || low === '?') {
    return high === undefined ? { start: bounds.min, end: bounds.max, step, star: step === 1 } : undefined;
  }
  const start = parseNumberOrName(low, bounds);
  const alone = stepText === undefined ? start : bounds.max;
  const end = high === undefined ? alone : parseNumberOrName(high, bounds);
  if (start === undefined || end === undefined || start < bounds.min || end > bounds.max || start > end) {
    return undefined;
  }
  return { start, end, step, star: false };
}

function parseNumberOrName(text: string, bounds: Bounds): number | undefined {
  const index = bounds.names.indexOf(text.toLowerCase());
  return index >= 0 ? bounds.min + index : parseNumber(text);
}

function parseNumber(text: string): number | undefined {
  // Go refuses more digits than an int64 can have.
  return /^\+?0*[0-9]{1,18}$/.test(text) ? Number(text) : undefined;
}

/** The shortest number of days between two days with runs. Undefined if there are fewer than two. */
function shortestDayGap(fields: Fields): number | undefined {
  let shortest: number | undefined;
  let previous: number | undefined;
  for (const day of firingDays(fields)) {
    if (previous !== undefined && (shortest === undefined || day - previous < shortest)) {
      shortest = day - previous;
      if (shortest === 1) {
        return shortest;
      }
    }
    previous = day;
  }
  return shortest;
}

/** The longest number of days between two days with runs. The window repeats. */
function longestDayGap(fields: Fields): number {
  const [, , monthDays, months, weekdays] = fields;
  if (monthDays.star && weekdays.star && months.values.size === 12) {
    return 1; // every day, as most schedules: no need to search the window
  }
  const days = [...firingDays(fields)];
  const gaps = days.map((day, i) => (days[i + 1] ?? (days[0] ?? 0) + WINDOW_DAYS) - day);
  return Math.max(...gaps);
}

/** The days of the window that have runs, as numbers from its start. */
function* firingDays([, , days, months, weekdays]: Fields): Generator<number> {
  const both = days.star || weekdays.star;
  let monthStart = 0;
  for (let month = 0; month < WINDOW_YEARS * 12; month++) {
    const year = WINDOW_START_YEAR + Math.floor(month / 12);
    const length = MONTH_DAYS[month % 12] + (month % 12 === 1 && year % 4 === 0 ? 1 : 0);
    for (let day = 1; months.values.has((month % 12) + 1) && day <= length; day++) {
      const index = monthStart + day - 1;
      const inDays = days.values.has(day);
      const inWeekdays = weekdays.values.has((index + WINDOW_START_WEEKDAY) % 7);
      if (both ? inDays && inWeekdays : inDays || inWeekdays) {
        yield index;
      }
    }
    monthStart += length;
  }
}

function ascending(values: ReadonlySet<number>): number[] {
  return [...values].sort((a, b) => a - b);
}
