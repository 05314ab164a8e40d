"""The sections of a digest in one language, in their order; empty ones say so in one line."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta, tzinfo

from alerts import (
    clean,
    dates,
    digest_desk,
    digest_map,
    digest_muted,
    digest_weekly,
    phrases,
    words,
)
from alerts.digest import DigestContent
from alerts.digest_voice import Entry, Issue, Limits, Section, Voice
from alerts.pictures import Picture
from alerts.policy import Person, Policy
from storage.records import Communication, Level

_WEEK = timedelta(days=7)
_MARK_LIMIT, _FIGURES = 70, 4


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

    `onward` is the edition for forwarding; its content has gone through `digest_onward`.
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
    )


class _Maker(Voice):
    """The sections; made for one call of `issue`."""

    def sections(self, *, whole: bool) -> list[Section]:
        """All sections of the edition, in their order."""
        found = [self.bottom_line(), self.what_changed(), self.key_figures()]
        if whole:
            found.append(self.map())
        found.append(self.top_incidents())
        if whole:
            found += [
                self.by_category(),
                self.health(),
                self.communications(),
                self.advice("advice_changes", home=False),
                self.advice("advice_home", home=True),
                self.ahead(),
            ]
            found += self.for_forwarding() if self.onward else self.for_the_desk()
        found.append(self.next_issue())
        return found

    def for_forwarding(self) -> list[Section]:
        """What the onward edition ends with: one line on what could not be seen."""
        return [Section(self.say("blind_spots"), (Entry(self.blind_line()),), listed=False)]

    def for_the_desk(self) -> list[Section]:
        """What stays at the desk."""
        found = [] if self.content.week is None else digest_weekly.sections(self)
        return [
            *found,
            self.not_alerted(),
            *digest_muted.mutes(self),
            digest_desk.blind_spots(self),
            digest_desk.shadow(self),
            digest_desk.delivery(self),
            digest_desk.record(self),
            digest_desk.hand_over(self),
        ]

    def heading(self) -> str:
        """What this report is called."""
        if self.content.week is not None or self.content.end - self.content.start >= _WEEK:
            return self.phrase("weekly")
        return self.say("masthead")

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
            f"{words.say('mail.internal', self.language)} · {preliminary}",
            *borders,
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
            sentences.append(self.gravest(self.serious[0]))
            rest = len(self.serious) - 1
            if rest:
                sentences.append(self.phrase("more_flash", count=rest))
            else:
                sentences.append(self.phrase("no_other"))
        else:
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
            line = self.change_of(entry)
            if line is not None:
                found.append(self.entry(entry, line, below=self.moves(entry)))
        return self.section("what_changed", [*counted, *found], self.limits.changes + len(counted))

    def key_figures(self) -> Section:
        """The counts, beside those of the period before and the mean of a week."""
        content = self.content
        counts = " · ".join(
            f"{phrases.level(Level[name], self.language)} {count}"
            for name, count in content.open_levels.items()
            if name != Level.INFO.name
        )
        lines = [
            self.phrase("open_now", counts=counts),
            self.phrase(
                "opened",
                count=_noted(content.opened),
                before=_noted(content.opened_before),
                mean=dates.number(_noted(content.opened_mean)),
            ),
        ]
        grave = ("FLASH", "ALERT")
        lines.append(
            self.phrase(
                "opened_grave",
                count=sum(content.opened.get(name, 0) for name in grave),
                before=sum(content.opened_before.get(name, 0) for name in grave),
                mean=dates.number(sum(content.opened_mean.get(name, 0) for name in grave)),
            )
        )
        waiting = content.unacknowledged
        if waiting:
            numbers = ", ".join(f"#{number}" for number in waiting[:8])
            lines.append(self.phrase("unacknowledged", count=len(waiting), numbers=numbers))
        elif self.serious and not self.onward:
            lines.append(self.phrase("all_acknowledged"))
        if content.median_ack_s is not None:
            lines.append(self.phrase("median_ack", length=self.length(content.median_ack_s)))
        lines += [
            self.phrase(
                f"{name}_trend",
                count=dates.number(trend.now),
                before=dates.number(trend.before),
                mean=dates.number(trend.mean),
            )
            for name, trend in content.trends.items()
        ]
        if "items" not in content.trends:
            lines.append(self.phrase("items_read", count=content.items_read))
        if content.exercises:
            lines.append(self.phrase("exercises", count=content.exercises))
        entries = tuple(Entry(phrases.sentence(line)) for line in lines)
        return Section(self.say("key_figures"), entries, pictures=self.drawn("hours"))

    def drawn(self, name: str) -> tuple[Picture, ...]:
        """The picture of that name, if there is one."""
        found = (self.pictures or {}).get(name)
        return (found,) if found else ()

    def map(self) -> Section:
        """Where the incidents are, by the numbers that they have in this issue."""
        found = self.drawn("map")
        marked = digest_map.marked(self)
        if not marked:
            return self.section("map", [], 1)
        said = tuple(
            Entry(
                f"{place} {clean.shorten(self.title(each), _MARK_LIMIT)}",
                number=f"#{each.incident.number}",
            )
            for place, each in enumerate(marked, 1)
        )
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
            figures = self.figures(entry)[: _FIGURES if self.onward else None]
            nationals = words.say_or(
                f"nationals.{incident.nationals}", self.language, incident.nationals
            )
            spoken = self.spoken_of(entry)
            why = (
                ()
                if self.onward
                else phrases.reasons(incident.level_why, self.language, zone=self.zone)
            )
            below = [
                self.phrase("impact", figures=" · ".join(figures) or self.phrase("no_figures")),
                words.say("mail.nationals", self.language, state=nationals),
                self.phrase("response", spoken=spoken),
            ]
            if why:
                below.append(self.phrase("reason", why=" · ".join(why[:3])))
            sources = tuple(
                phrases.source(each, self.language, zone=self.zone, now=self.content.issued_at)
                for each in entry.headlines[: self.limits.headlines]
            )
            found.append(
                self.entry(entry, self.title(entry), below=below, sources=sources, strong=True)
            )
        return self.section("top_incidents", found, self.limits.top)

    def by_category(self) -> Section:
        """The other incidents, one line each, under their category."""
        shown = {entry.incident.id for entry in self.top()}
        found = []
        for category in ("natural", "health", "human_made"):
            for entry in self.content.incidents:
                incident = entry.incident
                if incident.id in shown or category not in incident.categories:
                    continue
                shown.add(incident.id)
                chip = words.category(category, self.language, short=True)
                found.append(self.entry(entry, f"{chip}: {self.title(entry)}"))
        made = self.section("by_category", found, self.limits.categories)
        return replace(made, pictures=self.drawn("week"))

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
            found.append(Entry(who, number=f"#{number}", below=(self.said_of(said),), href=href))
        return self.section("communications", found, self.limits.speakers)

    def said_of(self, said: Sequence[Communication]) -> str:
        """Kinds and times of what one ministry said, oldest first."""
        times: dict[str, list[str]] = {}
        for each in said:
            after = "" if self.onward else phrases.after(each.delay_s, self.language)
            first = f" ({after})" if after and each is said[0] else ""
            kind = phrases.kind(each, self.language)
            times.setdefault(kind, []).append(f"{self.at(each.at)}{first}")
        return " · ".join(f"{kind} {', '.join(at)}" for kind, at in times.items())

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

    def not_alerted(self) -> Section:
        """Near misses, each with the reason why nobody was told."""
        found = []
        for each in self.content.not_alerted:
            why = phrases.reasons(each.why, self.language, zone=self.zone)
            said = " · ".join(why) or self.phrase("no_reason")
            source = phrases.source(
                each.headline, self.language, zone=self.zone, now=self.content.issued_at
            )
            below = (self.phrase("not_told", why=said),)
            found.append(Entry("", below=below, sources=(source,)))
        return self.section(
            "not_alerted", found, self.limits.unalerted, total=self.content.not_alerted_total
        )

    def next_issue(self) -> Section:
        """When the reader will hear from us again."""
        at = dates.moment(self.content.next_issue, self.language, self.zone)
        return Section(self.say("next_issue"), (Entry(at),), listed=False)


def _newest_last(said: Sequence[Communication]) -> tuple[bool, float]:
    """For sorting: our own ministry first, then who spoke last."""
    return not said[0].home, -max(each.at.timestamp() for each in said)


def _noted(counts: Mapping[str, float]) -> float:
    """How many incidents of WATCH or above; INFO is for searching only."""
    return sum(count for name, count in counts.items() if name != Level.INFO.name)
