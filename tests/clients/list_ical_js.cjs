// list_ical_js.cjs FILE FROM TO
// The instances that begin in [FROM, TO), as ical.js gives them: "BEGIN STATUS TITLE", begin in
// UTC or a date, status "-" where there is none.
"use strict";
const fs = require("fs");
const ICAL = require("ical.js");

const [file, from, to] = process.argv.slice(2);
const calendar = new ICAL.Component(ICAL.parse(fs.readFileSync(file, "utf8")));
for (const zone of calendar.getAllSubcomponents("vtimezone")) {
  ICAL.TimezoneService.register(zone);
}

function show(begin, event) {
  const text = begin.isDate
    ? begin.toString()
    : new Date(begin.toUnixTime() * 1000).toISOString().replace(".000", "");
  if (text >= from && text < to) {
    const status = event.component.getFirstPropertyValue("status") || "-";
    console.log(`${text} ${status} ${event.summary}`);
  }
}

const all = calendar.getAllSubcomponents("vevent").map((part) => new ICAL.Event(part));
for (const event of all.filter((one) => !one.isRecurrenceException())) {
  if (!event.isRecurring()) {
    show(event.startDate, event);
    continue;
  }
  const times = event.iterator();
  for (let time = times.next(); time && time.toString() < `${to}~`; time = times.next()) {
    const instance = event.getOccurrenceDetails(time);
    show(instance.startDate, instance.item);
  }
}
