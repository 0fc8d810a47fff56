"""follow.py PAGE PACKAGES: types what docs/operations.md says, in its order, and stops at the first
command that fails. Comments of the page say what each block is:

    followed                     typed into a shell that ends at the first failure
    not followed: REASON         shown to people only
    by hand: begin ... / look    what a person does in a browser: done here over HTTP
    another machine              nothing of the old one is left, but /mnt/elsewhere
    a newer package              the next version of the package lies there

A block of commands without such a comment is an error, and so is a comment that is none of these.
"""

import glob
import html
import os
import re
import shutil
import subprocess
import sys
import urllib.parse
import urllib.request

PART = re.compile(r"(?ms)^<!-- (?P<mark>[^\n]*?) -->$|^```sh\n(?P<commands>.*?)^```$")
HOME = "http://localhost:8080"


class Follower:
    def __init__(self, packages):
        self.desk = "/run/desk"  # where a host sits, with the package that she was given
        os.makedirs(self.desk)
        for package in glob.glob(packages + "/*.deb"):
            shutil.copy(package, self.desk)

    def type(self, commands):
        print("$ " + commands.strip().replace("\n", "\n$ "), flush=True)
        # apt must not reach for a network that is not there, nor ask.
        script = 'apt() { command apt -y -o APT::Sandbox::User=root "$@"; }\n' + commands
        done = subprocess.run(["bash", "-euo", "pipefail", "-c", script], cwd=self.desk, text=True,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        if done.returncode != 0:
            log = subprocess.run(["journalctl", "-u", "allotment"], text=True, capture_output=True)
            sys.exit(f"{done.stdout}\nfailed with {done.returncode}\n{log.stdout[-2000:]}")
        return done.stdout

    def begin(self):
        log = subprocess.run(["journalctl", "-u", "allotment"], text=True, capture_output=True, check=True)
        address = re.search(r"^begin (\S+)", log.stdout, re.M)[1]
        with urllib.request.urlopen(address) as page:
            text = page.read().decode()
            cookie = page.headers.get("set-cookie", "").split(";")[0]
        key = html.unescape(re.search(r'name="form_key" value="([^"]*)"', text)[1])
        fields = {"form_key": key, "name": "Plants at night", "slug": "lab", "your_name": "Ada",
                  "mail": "ada@lab.example", "zone": "Europe/London"}
        request = urllib.request.Request(address, urllib.parse.urlencode(fields).encode(),
                                         {"cookie": cookie, "origin": HOME, "sec-fetch-site": "same-origin"})
        opener = urllib.request.build_opener(StayHere)
        with opener.open(request) as answer:
            assert answer.status == 303, answer.read().decode()[:2000]
        self.look()

    @staticmethod
    def look():
        with urllib.request.urlopen(HOME + "/c/lab") as page:
            assert "Plants at night" in page.read().decode(), "the collective is not there"

    @staticmethod
    def another_machine():
        subprocess.run("systemctl stop allotment; DEBIAN_FRONTEND=noninteractive dpkg --purge allotment; "
                       "rm -rf /var/lib/allotment /var/backups/allotment /etc/default/allotment; "
                       "deluser --quiet allotment", shell=True, check=True, stdout=subprocess.DEVNULL)
        assert not glob.glob("/var/lib/allotment*")

    def newer_package(self):
        (old,) = glob.glob(self.desk + "/allotment_*.deb")
        tree = self.desk + "/tree"
        subprocess.run(["dpkg-deb", "-R", old, tree], check=True)
        with open(tree + "/DEBIAN/control", encoding="utf-8") as file:
            control = re.sub(r"(?m)^Version: (.*)$", r"Version: \1+next", file.read())
        with open(tree + "/DEBIAN/control", "w", encoding="utf-8") as file:
            file.write(control)
        os.remove(old)
        subprocess.run(["dpkg-deb", "--root-owner-group", "-Zgzip", "-b", tree,
                        self.desk + "/allotment_next_all.deb"], check=True, stdout=subprocess.DEVNULL)
        shutil.rmtree(tree)

    def act(self, mark):
        if mark.startswith("by hand: begin"):
            self.begin()
        elif mark.startswith("by hand: look"):
            self.look()
        elif mark == "another machine":
            self.another_machine()
        elif mark == "a newer package":
            self.newer_package()
        else:
            sys.exit(f"a comment that says nothing to this test: {mark}")
        print(f"-- {mark}", flush=True)


class StayHere(urllib.request.HTTPErrorProcessor):
    """A redirect to https://lab.example is an answer, and not to be followed."""

    def http_response(self, request, response):
        return response


def main(page, packages):
    with open(page, encoding="utf-8") as file:
        text = file.read()
    follower = Follower(packages)
    mark = ""
    typed = 0
    for part in PART.finditer(text):
        if part["commands"] is None:
            mark = part["mark"]
            if mark != "followed" and not mark.startswith("not followed: "):
                follower.act(mark)
                mark = ""
            continue
        if not mark:
            sys.exit(f"no comment says whether this is followed:\n{part['commands']}")
        if mark == "followed":
            follower.type(part["commands"])
            typed += 1
        mark = ""
    assert typed > 8, "the page has lost its marks"
    print(f"{typed} blocks followed")


main(*sys.argv[1:])
