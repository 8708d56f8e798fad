"""IMAP4rev1 as far as a reader needs it, over one folder. Commands are answered as RFC 3501 and 9051 say."""

from __future__ import annotations

import re
import socketserver
import ssl
import threading
from collections.abc import Iterator
from datetime import datetime

from tests.fakes.mail.faults import Fault, FaultQueue
from tests.fakes.mail.mailbox import Folder, StoredMail
from tests.fakes.mail.structure import body_structure, section

_TOKEN = re.compile(rb'"((?:[^"\\]|\\.)*)"|([^\s"]+)')
_SILENCE = 60.0
_DRIP = 0.05
_FETCH_FAULTS = (Fault.IMAP_CUT, Fault.IMAP_SILENT, Fault.IMAP_DRIPPING, Fault.IMAP_NONSENSE)


class ImapServer:
    """Serves ``folder`` to whoever knows the password. ``said`` keeps the commands, without the login's."""

    def __init__(self, folder: Folder, faults: FaultQueue, username: str, password: str) -> None:
        self.folder, self.faults = folder, faults
        self.credentials = (username.encode(), password.encode())
        self.said: list[str] = []
        self.stopping = threading.Event()
        self.tls: ssl.SSLContext | None = None
        self._server = _Listener(("127.0.0.1", 0), _Session)
        self._server.owner = self
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)

    @property
    def port(self) -> int:
        """Where it listens on loopback."""
        return int(self._server.server_address[1])

    def start(self) -> None:
        """Serve in the background."""
        self._thread.start()

    def stop(self) -> None:
        """Close the port and end what is still open."""
        self.stopping.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


class _Listener(socketserver.ThreadingTCPServer):
    daemon_threads = True
    allow_reuse_address = True
    owner: ImapServer

    def handle_error(self, request: object, client_address: object) -> None:
        """Clients that leave in the middle are what these tests are about."""


class _Leaving(Exception):
    pass


class _Session(socketserver.StreamRequestHandler):
    server: _Listener
    # An answer is several writes; the second would wait for a delayed acknowledgement.
    disable_nagle_algorithm = True

    def setup(self) -> None:
        if self.server.owner.tls is not None:
            self.request = self.server.owner.tls.wrap_socket(self.request, server_side=True)
        super().setup()

    def handle(self) -> None:
        self._say(b"* OK [CAPABILITY IMAP4rev1] ready")
        try:
            while line := self.rfile.readline():
                self._command(line.rstrip(b"\r\n"))
        except _Leaving:
            return

    def _say(self, line: bytes) -> None:
        self.wfile.write(line + b"\r\n")
        self.wfile.flush()

    def _command(self, line: bytes) -> None:
        tag, _, rest = line.partition(b" ")
        words = rest.split(b" ")
        name = (b" ".join(words[:2]) if words[0].upper() == b"UID" else words[0]).upper().decode()
        arguments = rest[len(name) :].strip()
        if name != "LOGIN":
            self.server.owner.said.append(rest.decode("utf-8", "replace"))
        answer = {
            "CAPABILITY": self._capability,
            "LOGIN": self._login,
            "SELECT": self._select,
            "EXAMINE": self._select,
            "UID SEARCH": self._search,
            "UID FETCH": self._fetch,
            "NOOP": lambda _: b"OK done",
            "LOGOUT": self._logout,
        }.get(name)
        self._say(tag + b" " + (answer(arguments) if answer is not None else b"BAD unknown command"))
        if name == "LOGOUT":
            raise _Leaving

    def _capability(self, _: bytes) -> bytes:
        self._say(b"* CAPABILITY IMAP4rev1")
        return b"OK done"

    def _login(self, arguments: bytes) -> bytes:
        if self.server.owner.faults.take(Fault.IMAP_LOGIN_LATER):
            return b"NO [UNAVAILABLE] the directory does not answer"
        given = tuple(_words(arguments))
        right = given == self.server.owner.credentials
        return b"OK logged in" if right else b"NO [AUTHENTICATIONFAILED] Invalid credentials (Failure)"

    def _select(self, arguments: bytes) -> bytes:
        if next(_words(arguments)).upper() != b"INBOX":
            return b"NO [NONEXISTENT] Unknown Mailbox"
        folder = self.server.owner.folder
        self._say(b"* %d EXISTS" % len(folder.mails))
        self._say(b"* OK [UIDVALIDITY %d] UIDs valid" % folder.validity)
        return b"OK [READ-ONLY] done"

    def _logout(self, _: bytes) -> bytes:
        self._say(b"* BYE see you")
        return b"OK done"

    def _search(self, arguments: bytes) -> bytes:
        folder = self.server.owner.folder
        with folder.lock:
            found = [mail.uid for mail in folder.mails if _matches(mail, list(_words(arguments)), folder)]
        self._say(b"* SEARCH" + b"".join(b" %d" % uid for uid in found))
        return b"OK done"

    def _fetch(self, arguments: bytes) -> bytes:
        numbers, _, items = arguments.partition(b" ")
        wanted = items.strip(b"()").upper().decode().split()
        folder = self.server.owner.folder
        with folder.lock:
            asked = [mail for mail in folder.mails if _in_set(mail.uid, numbers, folder)]
        for mail in asked:
            self._misbehave(wanted)
            if (mail.hopeless and "BODY" in " ".join(wanted)) or (mail.unreadable and "BODY.PEEK[]" in wanted):
                return b"NO [SERVERBUG] the message cannot be converted"
            self._say(b"* %d FETCH (UID %d %s)" % (folder.mails.index(mail) + 1, mail.uid, _given(mail, wanted)))
        return b"OK done"

    def _misbehave(self, wanted: list[str]) -> None:
        fault = self.server.owner.faults.take(*_FETCH_FAULTS) if "BODY.PEEK[]" in wanted else None
        if fault is Fault.IMAP_SILENT:
            self.server.owner.stopping.wait(_SILENCE)
        elif fault is Fault.IMAP_DRIPPING:
            self._drip()
        elif fault is Fault.IMAP_NONSENSE:
            self._say(b"* 1 FETCH (UID BODY[] {5\r\n((((")
        if fault is not None:
            raise _Leaving

    def _drip(self) -> None:
        while not self.server.owner.stopping.wait(_DRIP):
            self._say(b"* OK still looking")


def _given(mail: StoredMail, wanted: list[str]) -> bytes:
    return b" ".join(_item(mail, name) for name in wanted)


def _item(mail: StoredMail, name: str) -> bytes:
    if name == "RFC822.SIZE":
        return b"RFC822.SIZE %d" % len(mail.raw)
    if name == "INTERNALDATE":
        return f'INTERNALDATE "{mail.received_at:%d-%b-%Y %H:%M:%S %z}"'.encode()
    if name == "BODYSTRUCTURE":
        return b"BODYSTRUCTURE " + body_structure(mail.raw)
    if not name.startswith("BODY.PEEK["):
        mail.flags.add("\\Seen")
    inside = name[name.index("[") + 1 : -1]
    content = mail.raw if not inside else section(mail.raw, inside)
    label = f"BODY[{inside}] ".encode()
    return label + (b"NIL" if content is None else b"{%d}\r\n" % len(content) + content)


def _words(arguments: bytes) -> Iterator[bytes]:
    for quoted, plain in _TOKEN.findall(arguments):
        yield re.sub(rb"\\(.)", rb"\1", quoted) if quoted or not plain else plain


def _in_set(uid: int, numbers: bytes, folder: Folder) -> bool:
    newest = max((mail.uid for mail in folder.mails), default=0)
    for piece in numbers.decode().split(","):
        first, _, last = piece.partition(":")
        ends = sorted(newest if end == "*" else int(end) for end in (first, last or first))
        if ends[0] <= uid <= ends[1]:
            return True
    return False


def _matches(mail: StoredMail, words: list[bytes], folder: Folder) -> bool:
    while words:
        key = words.pop(0).upper()
        negated = key == b"NOT"
        if negated:
            key = words.pop(0).upper()
        if _matches_one(mail, key, words, folder) is negated:
            return False
    return True


def _matches_one(mail: StoredMail, key: bytes, words: list[bytes], folder: Folder) -> bool:
    if key == b"SINCE":
        return mail.received_at.date() >= datetime.strptime(words.pop(0).decode() + " +0000", "%d-%b-%Y %z").date()
    if key == b"UID":
        return _in_set(mail.uid, words.pop(0), folder)
    if key == b"HEADER":
        name, value = words.pop(0).lower(), words.pop(0).lower()
        head = re.sub(rb"\r\n[ \t]", b" ", (section(mail.raw, "HEADER") or b"")).lower()
        lines = [line.partition(b":")[2] for line in head.split(b"\r\n") if line.partition(b":")[0] == name]
        return any(value in line for line in lines)
    return True
