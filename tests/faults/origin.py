"""`allotment doctor --origin`: what stands between browsers and the server, as the doctor sees it."""

import contextlib
import http.server
import json
import os
import ssl
import subprocess
import tempfile
import threading

from program import PROGRAM, Server, expect


class Front(http.server.BaseHTTPRequestHandler):
    """A proxy that answers for the server."""
    status, text = 200, "alive\n"

    def do_GET(self):
        self.send_response(self.status)
        self.end_headers()
        self.wfile.write(self.text.encode())

    def log_message(self, *_):
        pass


@contextlib.contextmanager
def front(status=200, text="alive\n", tls=None):
    kind = type("", (Front,), {"status": status, "text": text})
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), kind)
    if tls:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(f"{tls}.pem", f"{tls}.key")
        server.socket = context.wrap_socket(server.socket, server_side=True)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http{'s' if tls else ''}://localhost:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()


def certificate(file, days):
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256",
                    "-nodes", "-days", str(days), "-subj", "/CN=localhost",
                    "-addext", "subjectAltName=DNS:localhost", "-keyout", f"{file}.key",
                    "-out", f"{file}.pem"], check=True, capture_output=True)
    return file


def said_of(origin, folder, trusted=""):
    """(verdict, what was found) by what it is about: proxy or https."""
    done = subprocess.run([PROGRAM, "doctor", "--json", "--data", folder, "--origin", origin],
                          env=os.environ | {"SSL_CERT_FILE": trusted}, capture_output=True,
                          text=True, check=False)
    checks = json.loads(done.stdout)["checks"]
    is_wrong = any(one["verdict"] == "wrong" for one in checks)
    expect(done.returncode == (1 if is_wrong else 0), "it ends with", done.returncode)
    expect(all(one["what_to_do"] for one in checks if one["verdict"] != "ok"), "no advice:", checks)
    return {one["about"]: (one["verdict"], one["found"]) for one in checks
            if one["about"] in ("proxy", "https")}


def expect_said(said, about, verdict, words):
    expect(about in said and said[about][0] == verdict and words in said[about][1],
           f"{about} should be {verdict}, with '{words}':", said)


def test():
    with tempfile.TemporaryDirectory() as folder:
        data = f"{folder}/data"
        with Server(["--data", data]) as server:
            here = f"http://localhost:{server.port}"
            expect_said(said_of(here, data), "proxy", "ok", "reaches the server")
            expect("https" not in said_of(here, data), "the machine itself needs no https")
            elsewhere = said_of(f"http://lab.localhost:{server.port}", data)
            expect_said(elsewhere, "proxy", "wrong", "does not know itself by that name")
        expect_said(said_of(here, data), "proxy", "wrong", "does not answer")
        with front(status=502) as there:
            expect_said(said_of(there, data), "proxy", "wrong", "answers 502")
        with front(text="welcome") as there:
            expect_said(said_of(there, data), "proxy", "wrong", "answered by something else")
        for days, verdict in ((90, "ok"), (5, "look")):
            own = certificate(f"{folder}/{days}", days)
            with front(tls=own) as there:
                expect_said(said_of(there, data), "https", "wrong", "browsers do not trust")
                said = said_of(there, data, f"{own}.pem")
                expect_said(said, "proxy", "ok", "reaches the server")
                expect_said(said, "https", verdict, "more days")
    print("found: another name, no answer, no server behind, another server, a certificate that "
          "nobody trusts, one that is good, and one that is soon over")
