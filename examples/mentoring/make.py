#!/usr/bin/env python3
"""Make offers.csv and asks.csv from source_offers.csv.

    python3 examples/mentoring/make.py

The offers are real, with names and free text removed. The asks are synthetic.
Running it again writes the same bytes: only random.Random(seed).random() is
drawn from, and every choice is made by the functions below.
"""

import csv
import io
import random
from pathlib import Path

HERE = Path(__file__).resolve().parent
SEED = 20270114
ASKS = 160

KINDS = {
    "long-term": "mentoring",
    "ad-hoc": "conversation",
    "both": "mentoring|conversation",
}

# The first twelve columns are the program's own. It keeps the rest, unused.
OFFER_COLUMNS = [
    "offer", "person", "kinds", "places", "minutes", "topics", "languages",
    "zone", "windows", "valid_until", "not_with", "again",
    "type", "disabled", "hours_per_month",
]
ASK_COLUMNS = [
    "ask", "person", "kind", "demand", "minutes", "topics", "languages",
    "zone", "windows", "needed_by", "wishes", "waited", "not_with", "again",
    "newcomer", "note",
]

NOTES = [
    "A few questions before I decide.",
    "Evenings are easier for me.\nMornings work too, if I know a week before.",
    "I come back to work after a long pause.",
    'I would like to hear "how it really is" in this field.',
    "Please look at my plan, and tell me what is missing.",
    "First, I have a question about my work.\n\nThen, if time is left, one about my CV.",
    "I prefer to write first; speaking is fine later.",
]


def unique(words):
    """The words in order, without repeats that differ only in case."""
    seen = {}
    for word in words:
        word = word.strip()
        if word:
            seen.setdefault(word.casefold(), word)
    return list(seen.values())


def read_offers():
    text = (HERE / "source_offers.csv").read_bytes().decode("utf-8")
    offers = []
    for row in csv.DictReader(io.StringIO(text, newline="")):
        topics = row["areas"].split("|")
        topics += row["prog_languages"].split(",")
        topics += row["focus"].split("|")
        offers.append({
            "offer": row["id"].replace("mentor", "offer-"),
            "person": row["id"],
            "kinds": KINDS[row["type"]],
            "places": row["num_mentee"],
            "minutes": "60",
            "topics": "|".join(unique(topics)),
            "languages": "|".join(unique(row["spoken_languages"].split(","))),
            "type": row["type"],
            "disabled": row["disabled"],
            "hours_per_month": row["hours_per_month"],
        })
    return offers


class Draw:
    """Draws that are the same in every version of Python."""

    def __init__(self, seed):
        self.random = random.Random(seed).random

    def chance(self, p):
        return self.random() < p

    def below(self, n):
        return min(n - 1, int(self.random() * n))

    def weighted(self, pairs):
        """One of the (item, whole-number weight) pairs."""
        point = self.below(sum(weight for _, weight in pairs))
        for item, weight in pairs:
            if point < weight:
                return item
            point -= weight
        raise AssertionError("unreachable")

    def several(self, pairs, n):
        """At most n different items."""
        left = list(pairs)
        chosen = []
        while left and len(chosen) < n:
            item = self.weighted(left)
            chosen.append(item)
            left = [pair for pair in left if pair[0] != item]
        return chosen


def topic_weights(offers):
    """Each topic in its first spelling. Often offered means more often asked."""
    spelling, count = {}, {}
    for offer in offers:
        for topic in offer["topics"].split("|"):
            spelling.setdefault(topic.casefold(), topic)
            count[topic.casefold()] = count.get(topic.casefold(), 0) + 1
    return [(spelling[key], count[key]) for key in spelling]


def ask_languages(draw, others):
    way = draw.weighted([("english", 76), ("both", 14), ("other", 6), ("unknown", 4)])
    if way == "english":
        return "English"
    if way == "both":
        return "English|" + draw.weighted(others)
    if way == "other":
        return draw.weighted(others)
    return ""


def wishes(draw, topics, offers):
    """At most five offers or persons, taken from those that share a topic."""
    wanted = {topic.casefold() for topic in topics}
    near = []
    for offer in offers:
        shared = wanted & {topic.casefold() for topic in offer["topics"].split("|")}
        if shared:
            near.append((offer["offer"], (1 + int(offer["places"])) * len(shared)))
    person = {offer["offer"]: offer["person"] for offer in offers}
    chosen = draw.several(near, draw.weighted([(0, 45), (1, 20), (2, 15), (3, 10), (4, 5), (5, 5)]))
    return [person[name] if draw.chance(0.3) else name for name in chosen]


def make_asks(offers):
    draw = Draw(SEED)
    topics = topic_weights(offers)
    spoken = {}
    for offer in offers:
        for language in offer["languages"].split("|"):
            if language != "English":
                spoken[language] = spoken.get(language, 0) + 1
    # Two languages that nobody here offers.
    others = list(spoken.items()) + [("Arabic", 2), ("Vietnamese", 1)]
    asks = []
    for number in range(1, ASKS + 1):
        named = draw.several(topics, draw.weighted([(1, 25), (2, 35), (3, 25), (4, 15)]))
        waited = draw.weighted([(0, 70), (1, 16), (2, 9), (3, 5)])
        asks.append({
            "ask": f"ask-{number:03}",
            "person": f"person{number:03}",
            "kind": draw.weighted([("mentoring", 55), ("conversation", 45)]),
            "demand": "1",
            "minutes": draw.weighted([("30", 40), ("45", 30), ("60", 30)]),
            "topics": "|".join(named),
            "languages": ask_languages(draw, others),
            "wishes": "|".join(wishes(draw, named, offers)),
            "waited": str(waited),
            "newcomer": "yes" if waited == 0 and draw.chance(0.3) else "",
        })
    for index, note in enumerate(NOTES):
        asks[index * 23 + 4]["note"] = note
    return asks


def field(text, delimiter):
    if any(mark in text for mark in (delimiter, '"', "\r", "\n")):
        return '"' + text.replace('"', '""') + '"'
    return text


def write(name, columns, rows, delimiter, line_end, mark):
    """Written by hand, so that no version of Python quotes differently."""
    lines = [delimiter.join(columns)]
    for row in rows:
        lines.append(delimiter.join(field(row.get(c, ""), delimiter) for c in columns))
    text = "".join(line + line_end for line in lines)
    (HERE / name).write_bytes(mark + text.encode("utf-8"))


def main():
    offers = read_offers()
    # As some spreadsheets save it: byte order mark, semicolons, CRLF.
    write("offers.csv", OFFER_COLUMNS, offers, ";", "\r\n", b"\xef\xbb\xbf")
    write("asks.csv", ASK_COLUMNS, make_asks(offers), ",", "\n", b"")


if __name__ == "__main__":
    main()
