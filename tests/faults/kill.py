"""kill -9 while several clients open circles, on the same data again and again."""

import http.client
import random
import tempfile
import threading
import time
import uuid

from program import Client, Server, database_of, expect, sign_in

CLIENTS = 4
SHORTEST, LONGEST = 0.005, 0.150  # seconds until the kill
AGAIN = 8  # of what was acknowledged, so many are sent again; of the rest, all

# A circle is opened in one transaction with its host and the line of its command.
WRONG = """
SELECT 'a circle has no host', name FROM circle WHERE NOT EXISTS (SELECT 1 FROM circle_part
    WHERE circle_part.collective_id = circle.collective_id AND circle_part.circle_id = circle.id
    AND circle_part.part = 'host')
UNION ALL
SELECT 'noted as done and is not', next FROM command WHERE form_key LIKE 'kill-%' AND NOT EXISTS (
    SELECT 1 FROM circle WHERE circle.collective_id = command.collective_id
    AND circle.slug = SUBSTR(command.next, LENGTH('/c/night-garden/circles/') + 1))
UNION ALL
SELECT 'twice', name FROM circle GROUP BY name HAVING COUNT(*) > 1"""


class Sender(threading.Thread):
    """Opens circles until the server is gone. `sent`: name -> key; `kept`: name -> where it is."""

    def __init__(self, server, cookies, label):
        super().__init__()
        self.client = Client(server, cookies)
        self.label = label
        self.sent, self.kept, self.odd = {}, {}, []

    def run(self):
        try:
            while True:
                name = f"{self.label} {len(self.sent)}"
                self.sent[name] = f"kill-{uuid.uuid4()}"
                answer = self.client.open_circle(name, self.sent[name])
                if answer.status == 200:
                    self.kept[name] = answer.json()["next"]
                else:
                    self.odd.append((answer.status, answer.text))
        except (OSError, http.client.HTTPException):
            pass
        finally:
            self.client.close()


def send_until_killed(server, cookies, label, chance):
    senders = [Sender(server, cookies, f"{label}.{k}") for k in range(CLIENTS)]
    for sender in senders:
        sender.start()
    time.sleep(chance.uniform(SHORTEST, LONGEST))
    server.kill()
    for sender in senders:
        sender.join()
    return senders


def check_all(database):
    database.check()
    wrong = database.rows(WRONG)
    expect(wrong == [], "half done, or twice:", wrong)


def there(database, label):
    return {row[0] for row in
            database.rows(f"SELECT name FROM circle WHERE name LIKE '{label}%'")}


def check_round(database, client, label, senders, chance):
    """Returns what was sent, how much was acknowledged, and how much was not and had happened."""
    found = there(database, f"{label}.")
    sent = {name: key for sender in senders for name, key in sender.sent.items()}
    kept = {name: next_ for sender in senders for name, next_ in sender.kept.items()}
    for sender in senders:
        expect(sender.odd == [], "a command was answered with", sender.odd)
    expect(kept.keys() <= found, "acknowledged and lost:", kept.keys() - found)
    expect(found <= sent.keys(), "nobody sent", found - sent.keys())
    again = chance.sample(sorted(kept), min(AGAIN, len(kept)))
    for name in [*again, *sorted(sent.keys() - kept.keys())]:
        answer = client.open_circle(name, sent[name])
        expect(answer.status == 200, "a command sent again:", answer.status, answer.text)
        expect(kept.get(name, answer.json()["next"]) == answer.json()["next"],
               "a command sent again was answered otherwise:", name)
    return sent.keys(), len(kept), len(found - kept.keys())


def kill(engine, rounds, seed):
    chance = random.Random(seed)
    everything, acknowledged, unheard = set(), 0, 0
    with tempfile.TemporaryDirectory() as folder, database_of(engine, folder) as database:
        server = Server([*database.options, "--demo"])
        try:
            cookies = sign_in(server).cookies
            for number in range(rounds):
                label = f"round {number}"
                senders = send_until_killed(server, cookies, label, chance)
                server = Server(database.options)
                check_all(database)
                client = Client(server, cookies)
                sent, kept, more = check_round(database, client, label, senders, chance)
                client.close()
                everything |= sent
                acknowledged, unheard = acknowledged + kept, unheard + more
        finally:
            if server.still_runs():
                server.kill()
        check_all(database)
        expect(there(database, "round ") == everything, "what was sent again is not all there")
    print(f"{database.name}: killed {rounds} times; {acknowledged} commands acknowledged and all "
          f"there, {unheard} done and not acknowledged, none twice")
    expect(acknowledged > 0 or rounds == 0, "no command was ever acknowledged")
