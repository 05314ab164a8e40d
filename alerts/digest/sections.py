"""The sections of a digest in one language, in their order; empty ones say so in one line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta, tzinfo
from urllib.parse import quote

from alerts import clean, dates, phrases, words
from alerts.digest import changes, desk, figures, marks, muted, people, weekly
from alerts.digest.content import DigestContent, IncidentEntry
from alerts.digest.voice import Entry, Issue, Limits, Section, Voice
from alerts.pictures import Picture
from alerts.policy import Person, Policy
from storage.records import Communication, Level

_WEEK = timedelta(days=7)
_MARK_LIMIT, _FIGURES = 60, 4
CATEGORIES = ("natural", "health", "human_made")


def issue(
    content: DigestContent,
    language: str,
    *,
    person: Person,
    policy: Policy,
    zone: tzinfo,
    base_url: str,
    limits: Limits,
    whole: bool,
    onward: bool = False,
    pictures: Mapping[str, Picture] | None = None,
) -> Issue:
    """The digest in `language`; with `whole` False only down to the top incidents.

    `onward` is the edition for forwarding; its content has gone through `onward`.
    `pictures` are drawn in `language`, by name; None: this form of the digest has none.
    """
    maker = _Maker(
        content, language, policy, zone, base_url, limits, onward=onward, pictures=pictures
    )
    sections = maker.sections(whole=whole)
    return Issue(
        language=language,
        title=maker.heading(),
        masthead=maker.masthead(),
        sections=tuple(sections),
        footer=maker.footer(person),
        links=maker.links() if whole else (),
    )


class _Maker(Voice):
    """The sections; made for one call of `issue`."""

    def sections(self, *, whole: bool) -> list[Section]:
        """All sections of the edition, in their order."""
        found = [self.bottom_line(), self.what_changed(), figures.key_figures(self)]
        found += [self.map()] if whole else []
        found.append(self.top_incidents())
        rest = [
            self.by_category(),
            self.health(),
            self.communications(),
            self.advice("advice_changes", home=False),
            self.advice("advice_home", home=True),
            self.ahead(),
            *(self.for_forwarding() if self.onward else self.for_the_desk()),
        ]
        found += rest if whole else self.mirrored(rest)
        found.append(self.next_issue())
        return found

    def mirrored(self, rest: Sequence[Section]) -> list[Section]:
        """One line that names the sections which stand in the first language only."""
        titles = [each.title for each in rest if not each.empty]
        if not titles:
            return []
        first = words.say(f"language.{'en' if self.language == 'th' else 'th'}", self.language)
        said = self.phrase(
            "mirror_more", count=len(titles), language=first, titles=", ".join(titles)
        )
        return [Section(self.phrase("mirror_title"), (Entry(said),), listed=False)]

    def for_forwarding(self) -> list[Section]:
        """What the onward edition ends with: one line on what could not be seen."""
        return [Section(self.say("blind_spots"), (Entry(self.blind_line()),), listed=False)]

    def for_the_desk(self) -> list[Section]:
        """What stays at the desk."""
        found = [] if self.content.week is None else weekly.sections(self)
        return [
            *found,
            desk.not_alerted(self),
            *muted.mutes(self),
            desk.blind_spots(self),
            desk.shadow(self),
            desk.delivery(self),
            desk.record(self),
            desk.hand_over(self),
        ]

    def heading(self) -> str:
        """What this report is called, and that it is the edition for forwarding."""
        weekly = self.content.week is not None or self.content.end - self.content.start >= _WEEK
        called = self.phrase("weekly") if weekly else self.say("masthead")
        return f"{called} · {self.phrase('onward_tag')}" if self.onward else called

    def footer(self, person: Person) -> tuple[str, ...]:
        """Why the reader has it, and what it is."""
        preliminary = words.say("mail.preliminary", self.language)
        borders = (self.phrase("borders"),) if "map" in (self.pictures or {}) else ()
        if self.onward:
            by = self.policy.ministry.in_(self.language)
            return (self.phrase("prepared_by", ministry=by), preliminary, *borders)
        role = person.role.in_(self.language)
        return (
            self.phrase("why_you_weekly" if self.content.week else "why_you", role=role),
            self.phrase("stop", plan=self.content.name),
            f"{words.say('mail.internal', self.language)} · {preliminary}",
            *borders,
        )

    def links(self) -> tuple[tuple[str, str], ...]:
        """The same issue on the desk's pages, to print and as data; not for those outside."""
        if not self.base_url or self.onward:
            return ()
        content = self.content
        name = quote(content.name, safe="")
        page = f"{self.base_url.rstrip('/')}/digests/" + (
            "latest" if content.preview else f"{name}/{content.local_date.isoformat()}"
        )
        plan = f"?plan={name}" if content.preview else ""
        return (
            (self.phrase("web_page"), page + plan),
            (self.phrase("as_pdf"), f"{page}/pdf{plan}"),
            (self.phrase("as_json"), f"{page}/json{plan}"),
        )

    def masthead(self) -> tuple[str, ...]:
        """The day, the period, who is on duty and whether the issue is late."""
        content = self.content
        day = dates.day(content.local_date, self.language, dates.Style.LONG)
        period = dates.period(content.start, content.end, self.language, self.zone)
        lines = [day, self.say("period", period=period)]
        if content.late:
            length = dates.duration(content.issued_at - content.end, self.language)
            issued = self.phrase("issued", at=self.at(content.issued_at))
            lines.append(f"{self.phrase('late', length=length)} · {issued}")
        if content.preview:
            at = dates.moment(content.issued_at, self.language, self.zone)
            due = dates.moment(content.next_issue, self.language, self.zone)
            key = "preview" if content.end >= content.issued_at else "afterwards"
            lines.append(self.phrase(key, at=at, due=due))
        if content.desk.on_duty:
            offices = (
                phrases.office(each, self.language, self.policy) for each in content.desk.on_duty
            )
            lines.append(self.phrase("on_duty", offices=", ".join(dict.fromkeys(offices))))
        return tuple(lines)

    def bottom_line(self) -> Section:
        """An officer's text; else three sentences: the gravest, what else, what we could see."""
        edits = self.content.edits
        written = edits.bottom_line_th if self.language == "th" else edits.bottom_line_en
        if written:
            paragraphs = [clean.one_line(line, 900) for line in written.splitlines()]
            said = tuple(Entry(line) for line in paragraphs if line)
            return Section(self.say("bottom_line"), said, listed=False)
        sentences = []
        if self.serious:
            sentences.append(changes.gravest(self, self.serious[0]))
            rest = len(self.serious) - 1
            if rest:
                sentences.append(self.phrase("more_flash", count=rest))
            elif self.content.all_told:
                sentences.append(self.phrase("no_other"))
        elif self.content.all_told:
            sentences.append(self.say("quiet"))
        sentences.append(self.feeds())
        entries = tuple(Entry(phrases.sentence(text)) for text in sentences)
        return Section(self.say("bottom_line"), entries, listed=False)

    def what_changed(self) -> Section:
        """Open incidents then and now, and a line for each that moved: old → new."""
        found = []
        moved = [
            f"{phrases.level(level, self.language)} {before} → {now}"
            for level in (Level.FLASH, Level.ALERT, Level.WATCH)
            if (before := self.content.open_before.get(level.name, 0))
            != (now := self.content.open_levels.get(level.name, 0))
        ]
        counted = [Entry(self.phrase("open_then_now", counts=" · ".join(moved)))] if moved else []
        for entry in self.content.incidents:
            line = changes.change_of(self, entry)
            if line is not None:
                found.append(self.entry(entry, line, below=changes.moves(self, entry)))
        return self.section("what_changed", [*counted, *found], self.limits.changes + len(counted))

    def map(self) -> Section:
        """Where the incidents are, by the numbers that they have in this issue."""
        found = self.drawn("map")
        marked = marks.marked(self)
        if not marked:
            return self.section("map", [], 1)
        said = tuple(
            Entry(
                f"{place} {self.title(each, but=('corrected',), limit=_MARK_LIMIT)}",
                number=f"#{each.incident.number}",
            )
            for place, each in enumerate(marked, 1)
        )
        if found and any(people.is_over(each) for each in marked):
            said = (*said, Entry(self.phrase("map_hollow")))
        return Section(self.say("map"), said, pictures=found, pictures_first=True)

    def ahead(self) -> Section:
        """What the sources say of the next 72 hours, soonest first."""
        found = []
        for each in self.content.coming:
            at = dates.moment(each.at, self.language, self.zone)
            title = clean.one_line(each.title, phrases.HEADLINE_LIMIT)
            publisher = clean.one_line(each.publisher, phrases.PUBLISHER_LIMIT)
            line = self.phrase(
                f"coming_{each.kind}", at=at, publisher=publisher, number=each.number
            )
            found.append(Entry(line, below=(title,), href=clean.outward(each.link)))
        return self.section("ahead", found, self.limits.ahead)

    def blind_line(self) -> str:
        """One line on what could not be seen."""
        parts = [self.feeds()]
        if self.content.speakers_lost:
            lost = words.countries(self.content.speakers_lost[:8], self.language, short=True)
            parts.append(self.phrase("speakers_lost", countries=lost))
        return " · ".join(parts)

    def top_incidents(self) -> Section:
        """The gravest in full: impact, our people, response, why, sources."""
        found = []
        for entry in self.top():
            incident = entry.incident
            figures = self.figures(entry)
            if self.onward and len(figures) > _FIGURES:
                more = self.say("more", count=len(figures) - _FIGURES)
                figures = [*figures[:_FIGURES], more]
            spoken = changes.spoken_of(self, entry, counted=self.onward)
            why = (
                ()
                if self.onward
                else phrases.reasons(incident.level_why, self.language, zone=self.zone)
            )
            below = [
                self.phrase("impact", figures=" · ".join(figures) or self.phrase("no_figures")),
                people.people(self, entry),
                self.phrase("response", spoken=spoken),
            ]
            if self.onward:  # one page: what is short stands on one line
                below[1:] = [" · ".join(below[1:])]
            if why:
                below.append(self.phrase("reason", why=" · ".join(why[:3])))
            sources = tuple(
                phrases.source(each, self.language, zone=self.zone, now=self.content.issued_at)
                for each in entry.headlines[: self.limits.headlines]
            )
            found.append(
                self.entry(entry, self.title(entry), below=below, sources=sources, strong=True)
            )
        left = [each for each in self.wanted() if each not in self.top()]
        made = self.section("top_incidents", found, self.limits.top)
        if not left:
            return made
        numbers = ", ".join(f"#{each.incident.number}" for each in left[:8])
        said = Entry(self.phrase("top_more", count=len(left), numbers=numbers))
        return replace(made, entries=(*made.entries, said))

    def by_category(self) -> Section:
        """The other incidents, one line each, under their category."""
        told = {entry.incident.id for entry in self.top()}
        rest = [entry for entry in self.content.incidents if entry.incident.id not in told]
        shown = rest[: self.limits.categories]  # the gravest, whatever their category
        found = []
        for category in (*CATEGORIES, ""):
            chip = words.category(category or "unsure", self.language, short=True)
            found += [
                self.entry(entry, f"{chip}: {self.title(entry)}", below=self.noted(entry))
                for entry in shown
                if _filed(entry) == category
            ]
        made = self.section("by_category", found, len(found), total=len(rest))
        return replace(made, pictures=self.drawn("week"))

    def noted(self, entry: IncidentEntry) -> tuple[str, ...]:
        """What is known of our people, where an incident has no room for more than a line."""
        known = entry.incident.nationals not in ("unknown", "none_reported")
        return (people.people(self, entry),) if known else ()

    def health(self) -> Section:
        """Disease, place, cases and deaths with their source."""
        found = []
        for entry in self.content.incidents:
            incident = entry.incident
            if "health" not in incident.categories:
                continue
            said = " · ".join(self.figures(entry, ("cases", "dead"))) or self.phrase("no_figures")
            found.append(self.entry(entry, f"{self.title(entry)} – {said}"))
        return self.section("health", found, self.limits.health)

    def communications(self) -> Section:
        """Who spoke about what: a line for each ministry and incident, our own first."""
        spoken: dict[tuple[str, str], list[Communication]] = {}
        for entry in self.content.incidents:
            for each in entry.communications:
                who = phrases.speaker(each, self.language)
                spoken.setdefault((who, entry.incident.number), []).append(each)
        found = []
        silent = self.content.desk.home_silent
        if silent:
            numbers = ", ".join(f"#{number}" for number in silent[:8])
            found.append(Entry(self.phrase("home_silent", numbers=numbers)))
        lines = sorted(spoken.items(), key=lambda each: _newest_last(each[1]))
        for (who, number), said in lines:
            said.sort(key=lambda each: each.at)
            href = next(
                (link for each in reversed(said) if (link := clean.outward(each.link))), None
            )
            found.append(
                Entry(who, number=f"#{number}", below=(people.said_of(self, said),), href=href)
            )
        return self.section("communications", found, self.limits.speakers)

    def advice(self, key: str, *, home: bool) -> Section:
        """Travel advice that changed, about our own country apart from the rest."""
        ours = self.policy.home_country
        found = []
        for each in self.content.advice:
            if (ours in each.about) is not home:
                continue
            line = self.phrase(
                "advice_line" if each.old else "advice_new",
                publisher=clean.one_line(each.publisher, phrases.PUBLISHER_LIMIT),
                about=words.countries(each.about, self.language, short=True),
                old=clean.one_line(each.old, 90),
                new=clean.one_line(each.new, 90) or words.say("label.unknown", self.language),
            )
            found.append(Entry(f"{line} · {self.at(each.at)}", href=clean.outward(each.link)))
        return self.section(key, found, self.limits.advice)

    def next_issue(self) -> Section:
        """When the reader will hear from us again."""
        at = dates.moment(self.content.next_issue, self.language, self.zone)
        return Section(self.say("next_issue"), (Entry(at),), listed=False)


def _newest_last(said: Sequence[Communication]) -> tuple[bool, float]:
    """For sorting: our own ministry first, then who spoke last."""
    return not said[0].home, -max(each.at.timestamp() for each in said)


def _filed(of: IncidentEntry) -> str:
    """The category under which an incident stands; empty where nobody knows it yet."""
    return next((each for each in CATEGORIES if each in of.incident.categories), "")
