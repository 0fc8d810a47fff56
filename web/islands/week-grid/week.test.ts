import assert from "node:assert/strict";
import { test } from "node:test";

import { DAY, FREE, MAYBE, hour, read, windows, write } from "./week.ts";

const again = (text: string) => write(read(text, "").week, FREE);

test("days that share their hours share a line", () => {
    assert.equal(again("Mon 18-20|tue 18:00-20:00\nWednesday 18:00–20:00"), "Mon-Wed 18:00-20:00");
    assert.equal(again("Mon,Tue,Fri 9-11"), "Mon,Tue,Fri 09:00-11:00");
    assert.equal(again("Sat-Mon 9-10"), "Mon,Sat,Sun 09:00-10:00");
});

test("an evening goes on over midnight, also from Sunday to Monday", () => {
    assert.equal(again("Fri 22:00-01:00"), "Fri 22:00-01:00");
    assert.equal(again("Sun 23:00-02:30"), "Sun 23:00-02:30");
    assert.equal(again("Fri 22:00-24:00"), "Fri 22:00-24:00");
    assert.equal(again("Mon 20:00-08:00"), "Mon 20:00-24:00\nTue 00:00-08:00");
});

test("whole days and a whole week can be said", () => {
    assert.equal(again("Mon-Sun 0-24"), "Mon-Sun 00:00-24:00");
    assert.equal(again("Tue 0-24|Wed 0-3"), "Tue 00:00-24:00\nWed 00:00-03:00");
});

test("free is stronger than if needed", () => {
    const { week } = read("Mon 10-12", "Mon 9-11");
    assert.equal(write(week, MAYBE), "Mon 09:00-10:00");
    assert.equal(write(week, FREE), "Mon 10:00-12:00");
    assert.equal(hour(week, 0, 9), MAYBE);
    assert.equal(hour(read("Mon 9:30-10", "").week, 0, 9), null);
});

test("a line that says nothing we know is named, not dropped", () => {
    assert.deepEqual(read("Mon 9-10\n\nsometimes\nMon 25-26", "Mo 9-10").unread.map((u) => [u.level, u.number, u.text]),
        [[MAYBE, 1, "Mo 9-10"], [FREE, 3, "sometimes"], [FREE, 4, "Mon 25-26"]]);
    assert.equal(read("Mon9-10", "").unread.length, 1);
    assert.equal(read("Mon 9-10:60", "").unread.length, 1);
});

test("any week is read back as it was written", () => {
    let seed = 7;
    const random = (n: number) => (seed = (seed * 48271) % 2147483647) % n;
    for (let round = 0; round < 300; ++round) {
        const { week } = read("", "");
        for (let i = random(9); i >= 0; --i) {
            const from = random(7 * DAY), long = 15 * (1 + random(120));
            for (let m = from; m < from + long; ++m) week[m % (7 * DAY)] = random(3) && FREE;
        }
        const coarse = week.map((_, m) => week[m - (m % 15)]!);
        assert.deepEqual(read(write(coarse, FREE), write(coarse, MAYBE)).week, coarse);
        for (const { begin, end } of windows(coarse, FREE)) {
            assert.ok(0 <= begin && begin < DAY && begin < end && end <= begin + DAY);
        }
    }
});
