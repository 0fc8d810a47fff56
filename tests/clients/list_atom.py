# list_atom.py FILE ADDRESS
# What is wrong with the Atom in FILE, which ADDRESS serves, as feedparser reads it; one line each.
# Debian's Python runs it, which has feedparser.

import sys

import feedparser

file, address = sys.argv[1:]
news = feedparser.parse(file)
if news.bozo or news.version != "atom10":
    print(f"no Atom: {news.get('bozo_exception', news.version)}")
for field in ("id", "title", "updated", "author"):
    if not news.feed.get(field):
        print(f"the feed has no {field}")
ids = [entry.id for entry in news.entries]
if not ids:
    print("no entries")
if len(ids) != len(set(ids)):
    print("two entries have one id")
for entry in news.entries:
    if not entry.get("link", "").startswith(address) or not entry.get("updated"):
        print(f"an entry lacks its link or its day: {entry.title}")
