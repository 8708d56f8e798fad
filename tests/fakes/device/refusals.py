"""Why a gateway refuses, in no gateway's words, and answers that are lost on the way."""

from __future__ import annotations


class Refusal(Exception):
    """``code`` is one of the neutral contract; ``retry_after`` is seconds."""

    def __init__(self, code: str, retry_after: int | None = None) -> None:
        super().__init__(code)
        self.code = code
        self.retry_after = retry_after


class LostAnswer(Exception):
    """The message went out, and its answer does not come: cut, or never (``silent``)."""

    def __init__(self, *, silent: bool) -> None:
        super().__init__("lost")
        self.silent = silent


class OddAnswer(Exception):
    """The message went out, and the answer is not the protocol's."""

    def __init__(self, status: int, content: bytes) -> None:
        super().__init__("odd")
        self.status = status
        self.content = content
