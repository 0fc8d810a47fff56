// A usual week as minutes, and the two texts that stand for it. The texts are those that
// src/engine/calendar/weekly.hpp reads: one window a line, `Mon-Fri 18:00-20:00`.

export const levels = ["no", "maybe", "free"] as const;
export type Level = 0 | 1 | 2;
export const NO: Level = 0, MAYBE: Level = 1, FREE: Level = 2;

export const DAY = 1440;
const WEEK = 7 * DAY;

/** The level of every minute from Monday 00:00 on. */
export type Week = Uint8Array;

/** `day` 0 is Monday; `begin` < `end` <= `begin` + DAY, minutes after midnight of that day. */
export interface Window { day: number; begin: number; end: number }

const names = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
const short = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
const line = /^([a-z][a-z ,–-]*?)\s+(\d{1,2})(?::(\d\d))?\s*[-–]\s*(\d{1,2})(?::(\d\d))?$/i;

const day_of = (word: string) => {
    const w = word.trim().toLowerCase();
    return names.findIndex((name) => w === name || w === name.slice(0, 3));
};

const minutes_of = (h: string, m: string | undefined, most: number) => {
    const minute = Number(m ?? 0), all = Number(h) * 60 + minute;
    return minute > 59 || all > most ? -1 : all;
};

/** The windows of one line, or null where it says none. */
function windows_of(text: string): Window[] | null {
    const found = line.exec(text.trim());
    if (!found) return null;
    const begin = minutes_of(found[2]!, found[3], DAY - 1);
    let end = minutes_of(found[4]!, found[5], DAY);
    if (begin < 0 || end < 0) return null;
    if (end <= begin) end += DAY;
    const out: Window[] = [];
    for (const item of found[1]!.split(",")) {
        const parts = item.split(/[-–]/);
        const first = day_of(parts[0]!), last = day_of(parts[parts.length - 1]!);
        if (parts.length > 2 || first < 0 || last < 0) return null;
        for (let i = 0; i <= (last - first + 7) % 7; ++i) {
            out.push({ day: (first + i) % 7, begin, end });
        }
    }
    return out;
}

const lines_of = (text: string) => text.split(/[\n|]/).map((s) => s.trim());

/** The week that two texts say, and the lines that say nothing we know, with their numbers. */
export function read(free: string, maybe: string) {
    const week: Week = new Uint8Array(WEEK);
    const unread: { level: Level; number: number; text: string }[] = [];
    for (const [level, text] of [[MAYBE, maybe], [FREE, free]] as [Level, string][]) {
        lines_of(text).forEach((one, i) => {
            if (!one) return;
            const windows = windows_of(one);
            if (!windows) unread.push({ level, number: i + 1, text: one });
            for (const { day, begin, end } of windows ?? []) {
                for (let m = begin; m < end; ++m) week[(day * DAY + m) % WEEK] = level;
            }
        });
    }
    return { week, unread };
}

/** Stretches of one level, cut at midnight, except that an evening goes on until six. */
export function windows(week: Week, level: Level): Window[] {
    const out: Window[] = [];
    for (let day = 0; day < 7; ++day) {
        const is = (minute: number) => week[day * DAY + minute] === level;
        for (let begin = 0; begin < DAY; ++begin) {
            if (!is(begin)) continue;
            let end = begin;
            while (end < DAY && is(end)) ++end;
            out.push({ day, begin, end });
            begin = end;
        }
    }
    for (const evening of out.filter((w) => w.begin > 0 && w.end === DAY)) {
        const at = out.findIndex((w) => w.day === (evening.day + 1) % 7 && w.begin === 0);
        // No window is longer than a day.
        if (at >= 0 && out[at]!.end <= Math.min(6 * 60, evening.begin)) {
            evening.end += out[at]!.end;
            out.splice(at, 1);
        }
    }
    return out;
}

const two = (n: number) => String(n).padStart(2, "0");
const clock = (m: number) => {
    const of_day = m > DAY ? m - DAY : m;
    return `${two(Math.floor(of_day / 60))}:${two(of_day % 60)}`;
};

/** 0,1,2,4 -> Mon-Wed,Fri */
function days_text(days: number[]): string {
    const out: string[] = [];
    for (let i = 0; i < days.length;) {
        let j = i;
        while (days[j + 1] === days[j]! + 1) ++j;
        if (j - i > 1) out.push(`${short[days[i]!]}-${short[days[j]!]}`);
        else for (let k = i; k <= j; ++k) out.push(short[days[k]!]!);
        i = j + 1;
    }
    return out.join(",");
}

/** One line for all days that share the same hours; `read` gives the same minutes back. */
export function write(week: Week, level: Level): string {
    const days = new Map<string, number[]>();
    for (const { day, begin, end } of windows(week, level)) {
        const times = `${clock(begin)}-${clock(end)}`;
        days.set(times, [...(days.get(times) ?? []), day].sort((a, b) => a - b));
    }
    return [...days].sort(([s, a], [t, b]) => a[0]! - b[0]! || (s < t ? -1 : 1))
        .map(([times, on]) => `${days_text(on)} ${times}`).join("\n");
}

/** The level of an hour, or null where it changes inside. */
export function hour(week: Week, day: number, h: number): Level | null {
    const from = day * DAY + h * 60;
    const first = week[from] as Level;
    for (let m = from + 1; m < from + 60; ++m) if (week[m] !== first) return null;
    return first;
}
