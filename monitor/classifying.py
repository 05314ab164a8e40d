"""Which classifier is in force: keyword rules at once, the trained model when it is ready."""

from __future__ import annotations

import asyncio
import sys
from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import structlog

from classifiers.tags import Tags

if TYPE_CHECKING:
    from classifiers.tags import Classifier, Text

log = structlog.get_logger(__name__)

BUILD_DEADLINE_S = 600.0
BUILDS = 2


class Guarded:
    """A classifier that gives an answer for every text, whatever one of them does to it.

    A text on which it fails is read by the keyword rules, and if those fail too it is left
    without labels: nothing is lost, and the log tells.
    """

    def __init__(self, trained: Classifier, keywords: Classifier) -> None:
        self._trained, self._keywords = trained, keywords
        self.version = trained.version

    def classify(self, texts: Sequence[Text]) -> list[Tags]:
        """Tags for each text, same order."""
        try:
            return self._trained.classify(texts)
        except Exception:
            log.exception("classifier_failed", texts=len(texts))
            return [self._one(text) for text in texts]

    def _one(self, text: Text) -> Tags:
        for classifier in (self._trained, self._keywords):
            try:
                return classifier.classify([text])[0]
            except Exception:
                log.exception("classifier_failed_on", title=text.title[:200])
        return Tags(classifier="none")


def in_force_mark(model_dir: Path) -> tuple[int, int] | None:
    """What changes when another model is put in force; None when none ever was."""
    from classifiers.cache import IN_FORCE_FILE

    try:
        status = (model_dir / IN_FORCE_FILE).stat()
    except OSError:
        return None
    return status.st_mtime_ns, status.st_ino


class Classifiers:
    """Gives the classifier of the moment and says which it is.

    `state` is keywords (no model asked for), building, older (a model is in force while a newer
    one is built), ready or failed; `detail` says why.
    """

    def __init__(self, model_dir: Path, home_country: str) -> None:
        from classifiers.keywords import KeywordClassifier
        from classifiers.reader import Reader

        self._model_dir = model_dir
        self._home = home_country
        keywords = Reader(KeywordClassifier(), home_country=home_country)
        self._keywords: Classifier = keywords
        self._current: Classifier = Guarded(keywords, keywords)
        self.state = "keywords"
        self.detail = ""
        self._taken = in_force_mark(model_dir)

    def current(self) -> Classifier:
        """The classifier in force."""
        return self._current

    def load(self) -> bool:
        """Take the model in force into use; False when there is none for this program."""
        from classifiers.cache import cached
        from classifiers.errors import ModelError
        from classifiers.reader import Reader

        self._taken = in_force_mark(self._model_dir)
        try:
            model = cached(self._model_dir)
        except ModelError as error:
            self.state, self.detail = "failed", str(error)
            return False
        if model is None:
            return False
        self._current = Guarded(Reader(model, home_country=self._home), self._keywords)
        self.state, self.detail = "ready", self._current.version
        return True

    def is_settled(self) -> bool:
        """Whether no newer model than the one in force need be built and tried."""
        from classifiers.cache import is_settled

        return is_settled(self._model_dir)

    async def follow(self) -> None:
        """Take up another model that a command has put in force meanwhile.

        One that cannot be loaded changes nothing: the one in use stays, and the log tells.
        """
        if in_force_mark(self._model_dir) == self._taken or self.state in ("building", "older"):
            return
        before = self.state, self.detail
        if await asyncio.to_thread(self.load):
            log.info("model_changed", version=self._current.version)
        elif before[0] == "ready":
            log.error("model_not_changed", detail=self.detail, note=f"{before[1]} stays in use")
            self.state, self.detail = before

    def build_here(self, progress: Callable[[str], None]) -> None:
        """Load the model, building it first in this process if it is missing. Raises ModelError."""
        from classifiers.building import ensure
        from classifiers.reader import Reader

        model = ensure(self._model_dir, progress=progress, built_at=f"{datetime.now(UTC):%Y-%m-%d}")
        self._current = Guarded(Reader(model, home_country=self._home), self._keywords)
        self.state, self.detail = "ready", self._current.version

    async def ensure(self, progress: Callable[[str], None]) -> None:
        """Build the model in a process of its own if it is missing, then take it into use.

        Until then, and if it fails, keyword rules stay in force, or the model before where it
        still runs; `state` and the log say so.
        """
        older = await asyncio.to_thread(self.load)
        if older and await asyncio.to_thread(self.is_settled):
            return
        before = self.detail
        self.state, self.detail = ("older", before) if older else ("building", "")
        in_force = "the model before is" if older else "keyword rules are"
        log.warning("model_building", note=f"{in_force} in force until the model is ready")
        for _ in range(BUILDS):  # an edit of the corpus meanwhile asks for another model
            code = await self._build(progress)
            if code != 0:
                break
            if await asyncio.to_thread(self.load):
                log.info("model_ready", version=self._current.version)
                return
        if older:
            log.error("model_failed", detail=self.detail, note="the model before stays in force")
            self.state, self.detail = "ready", before
            return
        if self.state != "failed":
            self.state, self.detail = "failed", f"the build left no model (code {code})"
        log.error("model_failed", detail=self.detail, note="keyword rules stay in force")

    async def _build(self, progress: Callable[[str], None]) -> int:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "classifiers.building", str(self._model_dir),
            "--built-at", f"{datetime.now(UTC):%Y-%m-%d}",
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.STDOUT,
        )  # fmt: skip
        assert process.stdout is not None  # noqa: S101 - asked for above
        try:
            async with asyncio.timeout(BUILD_DEADLINE_S):
                async for line in process.stdout:
                    progress(line.decode("utf-8", "replace").rstrip())
                return await process.wait()
        except TimeoutError:
            self.state, self.detail = "failed", "the build took too long"
            return -1
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
