"""HTML as the text that a person sees."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator

from bs4 import BeautifulSoup, CData, Tag
from bs4.element import NavigableString

LONGEST_HTML = 300_000
MOST_TAGS = 20_000
QUOTED = "\n> ...\n"
"""Stands for what was quoted, so that the plain text's rules see where it was."""
_UNSEEN = frozenset({"script", "style", "head", "title", "noscript", "template"})
_QUOTE_CLASSES = frozenset({"gmail_quote", "yahoo_quoted", "protonmail_quote"})
_BLOCKS = frozenset(
    {
        *("p", "div", "li", "tr", "table", "ul", "ol", "dd", "dt", "blockquote", "pre", "section", "article"),
        *("header", "footer", "hr", "h1", "h2", "h3", "h4", "h5", "h6"),
    }
)
_HIDDEN = re.compile(r"display\s*:\s*none", re.IGNORECASE)
_TAG = re.compile(r"<[^<>]*>")
_SPACE = re.compile(r"\s+")
_SPACES = re.compile(r"[^\S\n]+")
_BLANK_LINES = re.compile(r"\n{3,}")


def text_of_html(source: str, *, without_quotes: bool) -> str:
    """The visible text, a line per block. ``without_quotes`` puts a mark in the place of what mail programs quoted."""
    source = source[:LONGEST_HTML]
    if source.count("<") > MOST_TAGS:
        return _without_tags(source)
    try:
        # In an element of its own: the library warns of markup that looks like a file name or XML.
        soup = BeautifulSoup(f"<div>{source}</div>", "html.parser")
        return _tidy("".join(_pieces(soup, without_quotes)))
    except Exception:  # noqa: BLE001 - the standard parser raises AssertionError and others on broken declarations
        return _without_tags(source)


def _pieces(soup: BeautifulSoup, without_quotes: bool) -> Iterator[str]:
    """The text in one walk: changing or searching the tree takes quadratic time where paragraphs are never closed."""
    open_tags: list[Tag] = [soup]
    skipped_below, preformatted = 0, 0
    for element in soup.descendants:
        while element.parent is not open_tags[-1]:
            closed = open_tags.pop()
            skipped_below = skipped_below if len(open_tags) >= skipped_below else 0
            preformatted -= closed.name == "pre"
            if not skipped_below:
                yield _end(closed)
        if isinstance(element, Tag):
            open_tags.append(element)
            preformatted += element.name == "pre"
            if not skipped_below:
                yield _beginning(element)
                if without_quotes and _is_quote(element):
                    yield QUOTED
                    skipped_below = len(open_tags)
                elif element.name in _UNSEEN or _HIDDEN.search(str(element.get("style") or "")):
                    skipped_below = len(open_tags)
        elif not skipped_below and type(element) in (NavigableString, CData):
            # White space of the source is one space; only elements make lines.
            yield str(element) if preformatted else _SPACE.sub(" ", str(element))


def _beginning(tag: Tag) -> str:
    if tag.name in ("br", "li"):
        return "\n" if tag.name == "br" else "\n- "
    return "\n" if tag.name in _BLOCKS else ""


def _end(tag: Tag) -> str:
    if tag.name == "p":
        return "\n\n"
    return "\n" if tag.name in _BLOCKS and tag.name != "li" else ""


def _is_quote(tag: Tag) -> bool:
    if tag.name == "blockquote" and str(tag.get("type") or "").lower() == "cite":
        return True
    classes: list[str] = list(tag.get("class") or [])
    # Gmail puts what is forwarded into a div of this class, and only what is quoted into a blockquote.
    return not _QUOTE_CLASSES.isdisjoint(classes) and (tag.name == "blockquote" or "yahoo_quoted" in classes)


def _without_tags(source: str) -> str:
    return _tidy(html.unescape(_TAG.sub(" ", source)))


def _tidy(text: str) -> str:
    lines = (_SPACES.sub(" ", line).strip() for line in text.replace("\xa0", " ").split("\n"))
    return _BLANK_LINES.sub("\n\n", "\n".join(lines)).strip()
