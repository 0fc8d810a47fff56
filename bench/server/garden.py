"""`allotment serve` with 200 members, and somebody of them who is signed in."""

import http.client
import json
import re
import urllib.parse

from programs import ask

BASE = "/c/night-garden"
CALENDAR = f"{BASE}/calendar.ics"
CIRCLE = f"{BASE}/circles/plants-at-night"
HTML = {"Accept": "text/html", "Accept-Encoding": "gzip, deflate, br"}
JSON = {"Accept": "application/json", "Accept-Encoding": "gzip, deflate, br"}


class Garden:
    """What is asked of it: `requests`, by name, each (path, headers, status that is right)."""

    def __init__(self, program):
        self.port = program.port
        self.cookie = self.sign_in(urllib.parse.urlsplit(program.line("sign-in")).path)
        mine = {"Cookie": self.cookie}
        _, headers, front = ask(self.port, "GET", BASE, {"Accept": "text/html"})
        script = re.search(rb'src="(/assets/[^"]+)"', front)
        self.page_bytes = len(ask(self.port, "GET", BASE, HTML | mine)[2])
        self.requests = {
            "front page, HTML": (BASE, HTML | mine, 200),
            "a circle, HTML": (CIRCLE, HTML | mine, 200),
            "200 people, HTML": (f"{BASE}/people", HTML | mine, 200),
            "front page, JSON": (BASE, JSON | mine, 200),
            "200 people, JSON": (f"{BASE}/people", JSON | mine, 200),
            "front page of a stranger, 304": (BASE, HTML | {"If-None-Match": headers["etag"]}, 304),
        }
        etag = ask(self.port, "GET", CALENDAR, HTML)[1]["etag"]
        self.requests["a calendar of 200 series"] = (CALENDAR, HTML, 200)
        same = HTML | {"If-None-Match": etag}
        self.requests["a calendar of 200 series, 304"] = (CALENDAR, same, 304)
        # Questions are not answered from what was said a moment ago (pages/recent_answers).
        self.requests["the same, asked of the database"] = (CALENDAR + "?now", same, 304)
        if script:
            path = script[1].decode()
            etag = ask(self.port, "GET", path, HTML)[1]["etag"]
            self.requests["a static file"] = (path, HTML, 200)
            self.requests["a static file, 304"] = (path, HTML | {"If-None-Match": etag}, 304)
        for path, headers, status in self.requests.values():
            found = ask(self.port, "GET", path, headers)[0]
            if found != status:
                raise SystemExit(f"{path}: {found} instead of {status}")

    def sign_in(self, path):
        status, headers, body = ask(self.port, "GET", path, {"Accept": "text/html"})
        key = re.search(rb'name="form_key" value="([^"]+)"', body)[1].decode()
        cookies = self.cookies_of(headers)
        status, headers, _ = ask(self.port, "POST", path, {
            "Content-Type": "application/x-www-form-urlencoded", "Cookie": cookies,
        }, urllib.parse.urlencode({"form_key": key}))
        if status != 303:
            raise SystemExit(f"signing in: {status}")
        return self.cookies_of(headers)

    @staticmethod
    def cookies_of(headers):
        return "; ".join(one.split(";")[0] for one in headers.get_all("set-cookie", []))

    def raw(self, method, path, headers, body=""):
        """The request as bytes."""
        lines = [f"{method} {path} HTTP/1.1", f"Host: localhost:{self.port}"]
        lines += [f"{name}: {value}" for name, value in headers.items()]
        if body:
            lines.append(f"Content-Length: {len(body.encode())}")
        return ("\r\n".join(lines) + "\r\n\r\n" + body).encode()

    def reads(self):
        return [self.raw("GET", path, headers) for path, headers, _ in self.requests.values()]

    def writes(self, count):
        """So many forms of one's settings, each with a key of its own from a page with a form."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        headers = {"Cookie": self.cookie, "Content-Type": "application/x-www-form-urlencoded"}
        all_of_them = []
        for number in range(count):
            _, _, body = ask(self.port, "GET", f"{BASE}/settings/hours",
                             {"Accept": "application/json", "Cookie": self.cookie}, connection=connection)
            form = urllib.parse.urlencode({
                "form_key": json.loads(body)["form_key"], "name": "Wiesława", "zone": "Europe/Warsaw",
                "own_words": f"Curious about what roots do when nobody looks. {number}",
                "how_i_work": "Mostly in writing. I answer on Sundays.", "languages": "polski, English"})
            all_of_them.append(self.raw("POST", f"{BASE}/settings", headers, form))
        return all_of_them
