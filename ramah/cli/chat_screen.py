"""How ``ramah chat`` looks: bubbles of the assistant, numbered buttons, a word when a person has the conversation."""

from __future__ import annotations

from itertools import count

from rich import box
from rich.console import Console
from rich.markup import escape
from rich.panel import Panel
from rich.text import Text

from ramah.cli.chat_seats import BOT, Answer, Bubble

PROMPT = "[bold cyan]> [/]"
WIDTH = 72


def welcome(console: Console, organisation: str) -> None:
    """How it works, in one line."""
    console.print(f"[dim]{escape(organisation)}: type, or a number to tap its button; Ctrl-D leaves.[/]")


def show(console: Console, answer: Answer) -> None:
    """All bubbles of an answer; the buttons are numbered through."""
    numbers = count(1)
    for bubble in answer.bubbles:
        console.print(_panel(bubble))
        for choice in bubble.choices:
            beside = f" [dim]{escape(choice.description)}[/]" if choice.description else ""
            console.print(f"   [bold cyan]{next(numbers)}[/] {escape(choice.title)}{beside}")
    if answer.handled_by != BOT:
        console.print(f"[yellow]A person has this conversation now ({escape(answer.handled_by)}).[/]")
    elif not answer.whole:
        console.print("[red]No answer yet; write again later.[/]")


def _panel(bubble: Bubble) -> Panel:
    name = bubble.name or bubble.author
    text = f"{bubble.text}\n{bubble.image_url}" if bubble.image_url else bubble.text
    return Panel.fit(Text(text), title=escape(name), title_align="left", box=box.ROUNDED, width=min(WIDTH, 100))
