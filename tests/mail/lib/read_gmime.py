#!/usr/bin/env python3
# read_gmime.py FILE
# The parts of a mail as gmime reads them, a line each: type, parameter "method" or "-", and the
# hash of what is in it (SHA-256).
import hashlib
import sys

import gi

gi.require_version("GMime", "3.0")
from gi.repository import GMime


def show(part):
    if isinstance(part, GMime.Multipart):
        for number in range(part.get_count()):
            show(part.get_part(number))
        return
    kind = part.get_content_type()
    content = GMime.StreamMem.new()
    part.get_content().write_to_stream(content)
    digest = hashlib.sha256(bytes(content.get_byte_array())).hexdigest()
    print(kind.get_mime_type(), kind.get_parameter("method") or "-", digest)


GMime.init()
stream = GMime.StreamFile.open(sys.argv[1], "r")
message = GMime.Parser.new_with_stream(stream).construct_message(None)
if message is None:
    sys.exit("this is no mail")
show(message.get_mime_part())
