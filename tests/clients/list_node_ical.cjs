// list_node_ical.cjs FILE FROM TO
// The instances that begin in [FROM, TO), as node-ical gives them: "BEGIN STATUS TITLE", begin in
// UTC or a date, status "-" where there is none.
"use strict";
const ical = require("node-ical");

const [file, from, to] = process.argv.slice(2);
const range = { from: new Date(from), to: new Date(to) };

// A date is a midnight on the clock of this machine.
function date(day) {
  const two = (n) => String(n).padStart(2, "0");
  return `${day.getFullYear()}-${two(day.getMonth() + 1)}-${two(day.getDate())}`;
}

for (const event of Object.values(ical.sync.parseFile(file))) {
  if (event.type !== "VEVENT") {
    continue;
  }
  for (const instance of ical.expandRecurringEvent(event, range)) {
    const begin = instance.isFullDay
      ? date(instance.start)
      : instance.start.toISOString().replace(".000", "");
    console.log(`${begin} ${instance.event.status || "-"} ${instance.summary}`);
  }
}
