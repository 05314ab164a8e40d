"""The digest as an A4 PDF that prints well, from the same worded blocks as the mail.

Thai is shaped by HarfBuzz and may break between the words that `segment` finds; what our letters
do not cover (another script in a headline) is replaced by words that name its language, and a line
at the end says where the original stands. fpdf2 is imported when a page is made, and never before.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Sequence
from datetime import datetime
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import Any

from alerts import scripts, words
from alerts.digest.voice import Entry, Issue, Section
from alerts.errors import PictureError
from alerts.phrases import SourceLine
from alerts.pictures import Picture

Segment = Callable[[str], Sequence[str]]  # a run of Thai → its words

MARGIN_MM, WIDTH_MM = 16.0, 178.0
_INK, _MUTED, _LINK, _MAST = (29, 29, 27), (89, 89, 89), (11, 83, 148), (36, 64, 92)
_THAI = re.compile("[\u0e00-\u0e7f]{5,}")
_UNBROKEN = re.compile(" (?=น\\.|ๆ|UTC|กม\\.|ราย|km )")  # a number and its unit
_LACKING = re.compile("\0(?:[x\0]{0,2}\0)*")
_BREAK = "\u200b"
_MM_A_PIXEL = 0.24  # of a picture's width as a mail shows it
_LINE = 1.5  # Thai stacks marks above and below


def to_pdf(
    blocks: Sequence[Issue],
    *,
    title: str,
    made_at: datetime,
    segment: Segment | None = None,
    points: float = 10.5,
    compact: bool = False,
) -> bytes:
    """The blocks on A4 pages, a new page for each language. Raises PictureError.

    `compact` sets lines closer and pictures smaller, for what must fit one page.
    """
    try:
        from fpdf.errors import FPDFException
    except ImportError as error:
        raise PictureError(f"the PDF library is not installed: {error}") from error
    try:
        page = _Page(blocks[0].language, title, made_at, segment, points, compact=compact)
        for block in blocks:
            page.block(block)
        return page.written()
    except (FPDFException, OSError, RuntimeError) as error:
        raise PictureError(f"the PDF cannot be made: {error}") from error


def page_count(pdf: bytes) -> int:
    """How many pages a PDF of ours has."""
    return len(re.findall(rb"/Type /Page\b(?!s)", pdf))


class _Page:
    """The pen; made for one PDF."""

    def __init__(
        self,
        language: str,
        title: str,
        made_at: datetime,
        segment: Segment | None,
        points: float,
        *,
        compact: bool,
    ) -> None:
        self.picture_mm = WIDTH_MM * (0.42 if compact else 0.72)
        self.map_mm = WIDTH_MM * (0.31 if compact else 0.52)
        self.numbered = not compact  # what must be one page needs no number
        self.lacking = False
        self.leading = 1.3 if compact else _LINE
        self.pdf = _document(title, made_at, language)
        self.segment = segment
        self.points = points

    def written(self) -> bytes:
        return bytes(self.pdf.output())

    def block(self, block: Issue) -> None:
        pdf = self.pdf
        pdf.add_page()  # the page before it ends here, with its number in its own language
        self.language = block.language
        self.lacking = False
        pdf.set_lang(block.language)
        if self.numbered:
            day = block.masthead[0] if block.masthead else ""
            pdf.foot = f"{block.title} · {day} · " + words.say(
                "digest.extra.page", block.language, zone=None, page="{page}", pages="{nb}"
            )
        pdf.set_fill_color(*_MAST)
        pdf.set_text_color(255, 255, 255)
        self.line(block.title, bold=True, size=1.5, fill=True)
        for text in block.masthead:
            self.line(text, size=0.95, fill=True)
        pdf.ln(1)
        for section in block.sections:
            self.section(section)
        pdf.ln(1.5)
        for text in block.footer:
            self.line(text, size=0.85, colour=_MUTED)
        if self.lacking:
            said = words.say("digest.extra.other_scripts", block.language)
            self.line(said, size=0.85, colour=_MUTED)

    def section(self, section: Section) -> None:
        pdf = self.pdf
        pdf.ln(self.points * 0.13 * (self.leading - 1) / (_LINE - 1))
        beside = section.pictures[0] if section.pictures_first and section.pictures else None
        needed = self.points * 0.353 * self.leading * 3
        if beside is not None:
            lines = self.points * 0.353 * self.leading * (1 + 2.2 * len(section.entries))
            needed = max(lines, needed + self.map_mm * beside.height / beside.width)
        if pdf.will_page_break(needed):
            pdf.add_page()
        pdf.set_draw_color(201, 201, 197)
        pdf.line(MARGIN_MM, pdf.get_y(), MARGIN_MM + WIDTH_MM, pdf.get_y())
        said = f" – {section.entries[0].text}" if section.empty else ""
        pdf.ln(self.points * 0.05)
        self.line(section.title + said, bold=True, size=1.05)
        if beside is not None:
            self.beside(beside, section.entries)
            return
        for entry in () if section.empty else section.entries:
            self.entry(entry, listed=section.listed)
        for picture in section.pictures:
            wide = min(self.picture_mm, picture.width * _MM_A_PIXEL)
            height = wide * picture.height / picture.width
            if pdf.will_page_break(height):
                pdf.add_page()
            pdf.image(io.BytesIO(picture.png), w=wide, h=height, alt_text=picture.alt)

    def beside(self, picture: Picture, entries: Sequence[Entry]) -> None:
        """A picture with its lines at its right."""
        pdf = self.pdf
        height = self.map_mm * picture.height / picture.width
        top = pdf.get_y() + 1
        pdf.image(
            io.BytesIO(picture.png), x=MARGIN_MM, y=top, w=self.map_mm, h=height,
            alt_text=picture.alt,
        )  # fmt: skip
        pdf.set_y(top)
        for entry in entries:
            text = f"{entry.text} {entry.number}".strip()
            self.line(text, size=0.92, indent=self.map_mm + 3)
        pdf.set_y(max(pdf.get_y(), top + height) + 1)

    def entry(self, entry: Entry, *, listed: bool) -> None:
        text = f"{entry.text} {entry.number}".strip()
        if self.pdf.will_page_break(self.points * 0.353 * self.leading * 2):
            self.pdf.add_page()  # no number alone on the next page
        if text:
            self.line(
                ("• " if listed else "") + text,
                bold=entry.strong,
                link=entry.href,
                colour=_LINK if entry.href else _INK,
                indent=1.5 if listed else 0,
            )
        for each in entry.below:
            self.line(each, size=0.92, indent=5)
        for source in entry.sources:
            self.source(source)

    def source(self, source: SourceLine) -> None:
        headline = self.readable(source.headline, source.language)
        self.line(
            f"{source.publisher} ({source.note}): {headline}",
            size=0.92,
            indent=5,
            link=source.href,
            colour=_LINK if source.href else _INK,
        )

    def readable(self, text: str, language: str) -> str:
        """A headline in our letters, or words that say in which language it is."""
        missing = sum(ord(sign) not in _covered() and not sign.isspace() for sign in text)
        if missing * 4 < len(text) or not text:
            return text
        self.lacking = True
        named = _language_name(scripts.language_of(text, text) or language, self.language)
        if not named:
            return words.say("digest.extra.unreadable_other", self.language)
        return words.say("digest.extra.unreadable", self.language, language=named)

    def line(
        self,
        text: str,
        *,
        bold: bool = False,
        size: float = 1.0,
        indent: float = 0.0,
        link: str | None = None,
        colour: tuple[int, int, int] | None = None,
        fill: bool = False,
    ) -> None:
        pdf = self.pdf
        if not fill:
            pdf.set_text_color(*(colour or _INK))
        pdf.set_font("Sarabun", "B" if bold else "", self.points * size)
        pdf.set_x(MARGIN_MM + indent)
        pdf.multi_cell(
            WIDTH_MM - indent,
            self.points * size * 0.353 * self.leading,
            self.breakable(self.shown(text)),
            align="L",
            link=link or "",
            fill=fill,
            new_x="LMARGIN",
            new_y="NEXT",
        )

    def shown(self, text: str) -> str:
        """The text, a mark in the place of each run that our letters lack."""
        covered = _covered()
        gaps = "".join("x" if ord(sign) in covered or sign == " " else "\0" for sign in text)
        if "\0" not in gaps:
            return text
        self.lacking = True
        made, last = "", 0
        for run in _LACKING.finditer(gaps):
            made += text[last : run.start()] + self.named(text[run.start() : run.end()], text)
            last = run.end()
        return made + text[last:]

    def named(self, run: str, whole: str) -> str:
        """A mark in the place of a run, with its language where its letters tell it."""
        language = scripts.language_of(run, whole)
        if language is None:
            return "[…]"
        return words.say(
            "digest.extra.in_script",
            self.language,
            language=_language_name(language, self.language),
        )

    def breakable(self, text: str) -> str:
        """The text with places in its Thai runs where a line may end."""
        text = _UNBROKEN.sub("\u00a0", text)
        if self.segment is None:
            return text
        segment = self.segment
        return _THAI.sub(lambda found: _BREAK.join(segment(found[0])), text)


def _document(title: str, made_at: datetime, language: str) -> Any:
    from fpdf import FPDF

    class Numbered(FPDF):
        """Pages that end with `foot`, which says where in the file they are."""

        foot = ""

        def footer(self) -> None:
            """Called at the end of each page."""
            if self.foot:
                self.set_y(-11)
                self.set_font("Sarabun", "", 8.5)
                self.set_text_color(*_MUTED)
                self.cell(WIDTH_MM, 5, self.foot.replace("{page}", str(self.page_no())), align="R")

    pdf = Numbered(format="A4")
    folder = files("alerts") / "vendor" / "sarabun"
    pdf.add_font("Sarabun", "", Path(str(folder / "Sarabun-Regular.ttf")))
    pdf.add_font("Sarabun", "B", Path(str(folder / "Sarabun-Bold.ttf")))
    pdf.add_font("Shapes", "", _shapes_file())
    pdf.set_fallback_fonts(["Shapes"], exact_match=False)
    pdf.set_text_shaping(True)
    pdf.set_margins(MARGIN_MM, 14, 210 - MARGIN_MM - WIDTH_MM)
    pdf.set_auto_page_break(True, 14)
    pdf.set_title(title)
    pdf.set_creation_date(made_at)
    pdf.set_lang(language)
    return pdf


def _shapes_file() -> Path:
    """DejaVu Sans, which comes with matplotlib: level shapes, arrows, Greek and Cyrillic."""
    import matplotlib

    return Path(matplotlib.get_data_path()) / "fonts" / "ttf" / "DejaVuSans.ttf"


def _language_name(code: str, language: str) -> str:
    from babel import Locale

    if not code:
        return ""
    return str(Locale(language).languages.get(code.partition("-")[0], ""))


@cache
def _covered() -> frozenset[int]:
    """The signs that our letters have."""
    from fontTools.ttLib import TTFont

    found: set[int] = set()
    regular = Path(str(files("alerts") / "vendor" / "sarabun" / "Sarabun-Regular.ttf"))
    for path in (regular, _shapes_file()):
        with TTFont(path, lazy=True) as font:
            found |= set(_cmap(font))
    return frozenset(found | {ord(_BREAK)})


def _cmap(font: Any) -> Sequence[int]:
    return tuple(font.getBestCmap())
