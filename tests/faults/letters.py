"""A mail server that counts. One door for each program that sends, so that it is known who sent what."""

import contextlib
import email
import socketserver
import threading


class Letter:
    def __init__(self, door, kind, name):
        self.door, self.kind, self.name = door, kind, name


class Talk(socketserver.StreamRequestHandler):
    """One connection, and as much of SMTP (RFC 5321) as it takes to be handed letters."""

    def handle(self):
        with contextlib.suppress(OSError):  # programs are killed in the middle of a letter
            self.talk()

    def talk(self):
        self.say("220 a door")
        recipient = ""
        for line in self.rfile:
            verb = line[:4].strip().upper()
            if verb == b"RCPT":
                recipient = line.partition(b"<")[2].partition(b">")[0].decode()
                self.say("250 ok")
            elif verb == b"DATA":
                self.say("354 go on")
                self.server.take(recipient, self.letter())
                self.say("250 taken")
            elif verb == b"QUIT":
                self.say("221 bye")
                return
            elif verb in (b"EHLO", b"HELO", b"MAIL", b"RSET", b"NOOP"):
                self.say("250 ok")
            else:
                self.say("502 not here")

    def say(self, words):
        self.wfile.write(f"{words}\r\n".encode())

    def letter(self):
        lines = []
        for line in self.rfile:
            if line == b".\r\n":
                return b"".join(lines)
            lines.append(line[line.startswith(b"."):])
        raise ConnectionError("no whole letter")


class Door(socketserver.ThreadingTCPServer):
    """Listens on a port of 127.0.0.1, on threads of its own, and takes one letter after the other. Until
    `open` is set it keeps the first letter of the kind `holds` without an answer: the letter is whole
    and taken, and whoever sent it does not know. Kinds are what stands before the first "-" of a
    recipient."""
    daemon_threads = True

    def __init__(self, holds):
        super().__init__(("127.0.0.1", 0), Talk)
        self.port = self.server_address[1]
        self.holds, self.held, self.open = holds, None, threading.Event()
        self.letters, self.taking = [], threading.Lock()
        threading.Thread(target=self.serve_forever, daemon=True).start()

    def take(self, recipient, data):
        kind = recipient.partition("-")[0]
        letter = Letter(self, kind, email.message_from_bytes(data)["Message-ID"])
        with self.taking:
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
            door.open.set()
            door.shutdown()
            door.server_close()
