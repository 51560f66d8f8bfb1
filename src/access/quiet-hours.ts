import { z } from "zod";
import { groupedBy } from "../lib/lists.js";
import { isTimeZone } from "../lib/moment.js";

/** From Monday. */
const weekDays = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;

const clock = z
  .string()
  .regex(/^([01]\d|2[0-3]):[0-5]\d$|^24:00$/, 'a time of day such as "22:30", in quotation marks');

const timeZone = z.string().refine(isTimeZone, "not a time zone such as Asia/Shanghai");

/** Times in which no change is asked for or approved. */
export const quietHoursSchema = z.strictObject({
  time_zone: timeZone,
  /** The days on which it begins; each if absent. */
  days: z.array(z.enum(weekDays)).nonempty().optional(),
  from: clock,
  /** Before `from`: on the next day. */
  to: clock,
});
type QuietHours = z.output<typeof quietHoursSchema>;

const MINUTES_A_DAY = 24 * 60;

/** Whether `at` is in one of them. A time zone's clock decides: an hour that it repeats is quiet both times. */
export function isQuiet(hours: readonly QuietHours[], at: Date): boolean {
  return hours.some((quiet) => {
    const { day, minute } = wallClock(at, quiet.time_zone);
    return spansOf(quiet).some(([from, to]) => {
      const now = day * MINUTES_A_DAY + minute;
      return from <= now && now < to;
    });
  });
}

/** Whether no minute of a week is left in which a change could be asked for. */
export function isAlwaysQuiet(hours: readonly QuietHours[]): boolean {
  // Hours of different zones shift against each other; each zone's own are judged by themselves.
  return [...groupedBy(hours, ({ time_zone }) => time_zone).values()].some((ofZone) => {
    let covered = 0;
    for (const [from, to] of ofZone.flatMap(spansOf).sort(([a], [b]) => a - b)) {
      if (from > covered) return false;
      covered = Math.max(covered, to);
    }
    return covered >= 7 * MINUTES_A_DAY;
  });
}

/** In minutes since Monday 0:00; one that passes Sunday's end is in two parts. */
function spansOf({ days, from, to }: Pick<QuietHours, "days" | "from" | "to">): [number, number][] {
  return weekDays.flatMap((day, index): [number, number][] => {
    if (days !== undefined && !days.includes(day)) return [];
    const begins = index * MINUTES_A_DAY + minuteOf(from);
    const length = minuteOf(to) - minuteOf(from);
    const ends = begins + (length > 0 ? length : length + MINUTES_A_DAY);
    const end = 7 * MINUTES_A_DAY;
    return ends <= end
      ? [[begins, ends]]
      : [
          [begins, end],
          [0, ends - end],
        ];
  });
}

function minuteOf(clock: string): number {
  const [hours, minutes] = clock.split(":").map(Number);
  return (hours ?? 0) * 60 + (minutes ?? 0);
}

/** Day of the week from Monday, and minute of the day. */
function wallClock(at: Date, timeZone: string): { readonly day: number; readonly minute: number } {
  const parts = new Intl.DateTimeFormat("en-GB", {
    timeZone,
    weekday: "short",
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  }).formatToParts(at);
  const part = (type: string) => parts.find((each) => each.type === type)?.value ?? "";
  const day = weekDays.findIndex((name) => name.startsWith(part("weekday").toLowerCase()));
  return { day, minute: Number(part("hour")) * 60 + Number(part("minute")) };
}
