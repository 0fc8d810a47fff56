"""A mail server that counts. One door for each program that sends, so that it is known who sent what."""

import asyncore  # this and smtpd are of Python 3.11, as Debian 12 has it
import contextlib
import email
import smtpd
import threading


class Letter:
    def __init__(self, door, kind, name):
        self.door, self.kind, self.name = door, kind, name


class Door(smtpd.SMTPServer):
    """Listens on a port of 127.0.0.1, on a thread of its own. Until `open` is set it keeps the first
    letter of the kind `holds` without an answer: the letter is whole and taken, and whoever sent it
    does not know. Kinds are what stands before the first "-" of a recipient."""

    def __init__(self, holds):
        self.sockets = {}
        super().__init__(("127.0.0.1", 0), None, map=self.sockets)
        self.port = self.socket.getsockname()[1]
        self.holds, self.held, self.open = holds, None, threading.Event()
        self.letters, self.ends = [], False
        self.thread = threading.Thread(target=self.serve, daemon=True)
        self.thread.start()

    def serve(self):
        while not self.ends:
            asyncore.loop(timeout=0.1, map=self.sockets, count=1)
        asyncore.close_all(self.sockets, ignore_all=True)

    def process_message(self, _peer, _sender, recipients, data, **_):
        kind = recipients[0].partition("-")[0]
        letter = Letter(self, kind, email.message_from_bytes(data)["Message-ID"])
        self.letters.append(letter)
        if kind == self.holds and self.held is None:
            self.held = letter
            self.open.wait()


@contextlib.contextmanager
def doors(*holds):
    """A door for each kind that is to be held."""
    all_of_them = [Door(kind) for kind in holds]
    try:
        yield all_of_them
    finally:
        for door in all_of_them:
            door.ends = True
            door.open.set()
            door.thread.join()
