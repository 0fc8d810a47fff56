"""Programs that are measured: started in folders of their own, asked what they cost, ended."""

import contextlib
import http.client
import os
import re
import subprocess
import tempfile
import time

TICKS = os.sysconf("SC_CLK_TCK")


class Program:
    """One that prints `ready URL`. `cpu_us` and `rss_mb` are of it and its children."""

    def __init__(self, command, folder, name):
        self.log = open(os.path.join(folder, name + ".log"), "w", encoding="utf-8")
        began = time.monotonic()
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=self.log, text=True)
        self.lines = {}
        self.port = int(re.search(r":(\d+)/", self.line("ready"))[1])
        self.start_ms = (time.monotonic() - began) * 1000

    def line(self, word):
        """What it prints after that word."""
        while word not in self.lines:
            line = self.process.stdout.readline()
            if not line:
                raise SystemExit(f"{self.process.args[0]} ended; see {self.log.name}")
            first, _, rest = line.strip().partition(" ")
            self.lines[first] = rest
        return self.lines[word]

    def pids(self):
        task = f"/proc/{self.process.pid}/task/{self.process.pid}/children"
        with open(task, encoding="ascii") as file:
            return [self.process.pid, *map(int, file.read().split())]

    def cpu_us(self):
        ticks = 0
        for pid in self.pids():
            with open(f"/proc/{pid}/stat", encoding="utf-8") as file:
                fields = file.read().rpartition(")")[2].split()
            ticks += int(fields[11]) + int(fields[12])
        return ticks * 1_000_000 // TICKS

    def rss_mb(self):
        with open(f"/proc/{self.process.pid}/status", encoding="utf-8") as file:
            return int(re.search(r"VmRSS:\s+(\d+) kB", file.read())[1]) * 1024 / 1e6

    def end(self):
        self.process.terminate()
        self.process.wait(20)
        self.log.close()


class Nginx(Program):
    """nginx with one file, as many workers as processors, and a log as we write one."""

    def __init__(self, folder, body):
        os.makedirs(f"{folder}/files", mode=0o755)
        with open(f"{folder}/files/page", "wb") as file:
            file.write(body)
        port = free_port()
        user = "user root;" if os.getuid() == 0 else ""
        temporary = "".join(f"{kind}_temp_path {folder}/{kind};"
                            for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        with open(f"{folder}/nginx.conf", "w", encoding="utf-8") as file:
            file.write(f"""
                {user} daemon off; worker_processes auto; pid {folder}/pid; error_log {folder}/error;
                events {{ worker_connections 1024; }}
                http {{
                    {temporary}
                    access_log {folder}/access; sendfile on; tcp_nopush on; default_type text/html;
                    keepalive_requests 100000000; open_file_cache max=100;
                    server {{ listen 127.0.0.1:{port}; root {folder}/files; }}
                }}""")
        # It prints nothing; it is ready once it answers.
        self.log = open(f"{folder}/said.log", "w", encoding="utf-8")
        self.process = subprocess.Popen(["nginx", "-p", folder, "-e", f"{folder}/error", "-c", f"{folder}/nginx.conf"],
                                        stderr=self.log)
        self.port = port
        for _ in range(100):
            with contextlib.suppress(OSError):
                return ask(port, "GET", "/page") and None
            time.sleep(0.05)
        raise SystemExit(f"nginx does not answer; see {folder}")


def free_port():
    import socket
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


def ask(port, method, path, headers=None, body=None, connection=None):
    """(status, headers, body) of one request."""
    to = connection or http.client.HTTPConnection("127.0.0.1", port, timeout=20)
    to.request(method, path, body, {"Host": f"localhost:{port}", **(headers or {})})
    answer = to.getresponse()
    return answer.status, answer.headers, answer.read()


def file_of(folder, requests):
    """A new file with requests as the generator of load reads them; its path."""
    handle, path = tempfile.mkstemp(dir=folder)
    with os.fdopen(handle, "wb") as file:
        for one in requests:
            file.write(b"%d\n" % len(one) + one)
    return path
