"""Post prepared webhooks as a process of its own, at a given moment; standard library only, so that many start fast.

``python posting.py ADDRESS FILE MOMENT SEED`` posts each line of FILE (signature, space, body) once in an order of its
own and prints the statuses.
"""

from __future__ import annotations

import http.client
import random
import sys
import time
from urllib.parse import urlsplit


def main() -> None:
    """Wait for the moment, post everything, print how it was answered."""
    address, file, moment, seed = sys.argv[1:]
    parts = urlsplit(address)
    with open(file, "rb") as opened:
        letters = [line.rstrip(b"\n").split(b" ", 1) for line in opened]
    random.Random(int(seed)).shuffle(letters)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port, timeout=60)
    time.sleep(max(0.0, float(moment) - time.time()))
    statuses = []
    for signature, body in letters:
        headers = {"X-Hub-Signature-256": signature.decode(), "Content-Type": "application/json"}
        connection.request("POST", parts.path, body, headers)
        answer = connection.getresponse()
        answer.read()
        statuses.append(answer.status)
    print(*statuses)


if __name__ == "__main__":
    main()
