"""The sections of a digest in one language, in their order; empty ones say so in one line."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import tzinfo

from alerts import clean, dates, phrases, words
from alerts.digest import DigestContent
from alerts.digest_voice import Entry, Issue, Limits, Section, Voice
from alerts.policy import Person, Policy
from storage.records import Level


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
) -> Issue:
    """The digest in `language`; with `whole` False only down to the top incidents."""
    maker = _Maker(content, language, policy, zone, base_url, limits)
    sections = [
        maker.bottom_line(),
        maker.what_changed(),
        maker.key_figures(),
        maker.top_incidents(),
    ]
    if whole:
        sections += [
            maker.by_category(),
            maker.health(),
            maker.communications(),
            maker.advice("advice_changes", home=False),
            maker.advice("advice_home", home=True),
            maker.not_alerted(),
            maker.blind_spots(),
            maker.delivery(),
        ]
        if content.shadow:
            sections.append(maker.shadow())
    sections.append(maker.next_issue())
    role = person.role.in_(language)
    return Issue(
        language=language,
        title=words.say("digest.masthead", language),
        masthead=maker.masthead(),
        sections=tuple(sections),
        footer=(
            words.say("digest.extra.why_you", language, role=role),
            f"{words.say('mail.internal', language)} · {words.say('mail.preliminary', language)}",
        ),
    )


class _Maker(Voice):
    """The sections; made for one call of `issue`."""

    def masthead(self) -> tuple[str, ...]:
        """The day, the period and whether the issue is late."""
        content = self.content
        day = dates.day(content.local_date, self.language, dates.Style.LONG)
        period = dates.period(content.start, content.end, self.language, self.zone)
        lines = [day, self.say("period", period=period)]
        if content.late:
            length = dates.duration(content.issued_at - content.end, self.language)
            issued = self.phrase("issued", at=self.at(content.issued_at))
            lines.append(f"{self.phrase('late', length=length)} · {issued}")
        return tuple(lines)

    def bottom_line(self) -> Section:
        """Three sentences: the gravest incident, what else, and whether we could see."""
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
        """New, raised, lowered, closed, and figures that moved; one line per incident."""
        found = []
        for entry in self.content.incidents:
            line = self.change_of(entry)
            if line is not None:
                found.append(self.entry(entry, line, below=self.moves(entry)))
        return self.section("what_changed", found, self.limits.changes)

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
        waiting = content.unacknowledged
        if waiting:
            numbers = ", ".join(f"#{number}" for number in waiting[:8])
            lines.append(self.phrase("unacknowledged", count=len(waiting), numbers=numbers))
        elif self.serious:
            lines.append(self.phrase("all_acknowledged"))
        if content.median_ack_s is not None:
            lines.append(self.phrase("median_ack", length=self.length(content.median_ack_s)))
        lines.append(self.phrase("items_read", count=content.items_read))
        if content.exercises:
            lines.append(self.phrase("exercises", count=content.exercises))
        entries = tuple(Entry(phrases.sentence(line)) for line in lines)
        return Section(self.say("key_figures"), entries)

    def top_incidents(self) -> Section:
        """The gravest in full: impact, our people, response, why, sources."""
        found = []
        for entry in self.top():
            incident = entry.incident
            figures = self.figures(entry)
            nationals = words.say_or(
                f"nationals.{incident.nationals}", self.language, incident.nationals
            )
            spoken = self.spoken_of(entry)
            why = phrases.reasons(incident.level_why, self.language, zone=self.zone)
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
        return self.section("by_category", found, self.limits.categories)

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
        """Who spoke about what, our own ministry first, then by time."""
        spoken = [
            (entry, each) for entry in self.content.incidents for each in entry.communications
        ]
        spoken.sort(key=lambda pair: (not pair[1].home, -pair[1].at.timestamp()))
        found = []
        for entry, each in spoken:
            after = phrases.after(each.delay_s, self.language)
            parts = (
                phrases.communication(each, self.language),
                f"#{entry.incident.number}",
                self.at(each.at),
                after,
            )
            text = " · ".join(part for part in parts if part)
            found.append(Entry(text, href=clean.link(each.link)))
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
            found.append(Entry(f"{line} · {self.at(each.at)}", href=clean.link(each.link)))
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

    def blind_spots(self) -> Section:
        """Feeds that fail or are silent, and countries that we cannot hear at all."""
        found = []
        if self.content.keyword_only:
            said = self.phrase("keyword_only", count=self.content.keyword_only)
            found.append(Entry(said))
        if self.content.speakers_lost:
            lost = words.countries(self.content.speakers_lost[:12], self.language, short=True)
            found.append(Entry(self.phrase("speakers_lost", countries=lost)))
        for missed in self.content.missed[: self.limits.feeds]:
            name = clean.one_line(missed.name, phrases.PUBLISHER_LIMIT)
            at = self.at(missed.since)
            found.append(Entry(self.phrase("entries_missed", name=name, count=missed.count, at=at)))
        unsaid = len(self.content.missed[self.limits.feeds :])
        if unsaid:
            found.append(Entry(self.say("more", count=unsaid)))
        more = 0
        for place, spot in enumerate(self.content.blind_spots):
            if place >= self.limits.feeds:
                more = len(self.content.blind_spots) - place
                break
            state = words.say_or(f"feed.{spot.state}", self.language, spot.state)
            since = self.say("since", at=self.at(spot.since)) if spot.since else ""
            name = clean.one_line(spot.name, phrases.PUBLISHER_LIMIT)
            if spot.priority:
                name = f"{name} ({words.say('label.priority', self.language)})"
            line = self.phrase("feed_line", name=name, state=state, since=since).strip()
            below = [
                self.say("last_success", at=self.at(spot.last_ok_at))
                if spot.last_ok_at
                else self.say("never_read")
            ]
            if spot.last_news_at:
                below.append(self.phrase("last_news", at=self.at(spot.last_news_at)))
            found.append(Entry(line, below=(phrases.sentence(" · ".join(below)),)))
        if more:
            found.append(Entry(self.say("more", count=more)))
        if not found:
            return Section(self.say("blind_spots"), (Entry(self.feeds()),), listed=False)
        return self.section("blind_spots", [Entry(self.feeds()), *found], len(found) + 1)

    def delivery(self) -> Section:
        """How the notices of the period went out."""
        sums = self.content.deliveries
        lines = [self.phrase("sent", count=sums.sent)]
        if sums.median_s is not None and sums.slowest_s is not None:
            took = (self.length(sums.median_s), self.length(sums.slowest_s))
            lines.append(self.phrase("took", median=took[0], slowest=took[1]))
        if sums.waiting:
            lines.append(self.phrase("waiting", count=sums.waiting))
        if sums.parked:
            to = ", ".join(
                phrases.office(each, self.language, self.policy) for each in sums.parked_to
            )
            lines.append(self.phrase("parked", count=sums.parked, recipients=to or "–"))
        entries = tuple(Entry(phrases.sentence(line)) for line in lines)
        return Section(self.say("delivery"), entries)

    def shadow(self) -> Section:
        """Rules on trial, and how often they would have told somebody."""
        found = [
            Entry(self.phrase("shadow_line", name=rule.name.in_(self.language), count=rule.count))
            for rule in self.content.shadow
        ]
        return self.section("shadow", found, self.limits.feeds)

    def next_issue(self) -> Section:
        """When the reader will hear from us again."""
        at = dates.moment(self.content.next_issue, self.language, self.zone)
        return Section(self.say("next_issue"), (Entry(at),), listed=False)


def _noted(counts: Mapping[str, float]) -> float:
    """How many incidents of WATCH or above; INFO is for searching only."""
    return sum(count for name, count in counts.items() if name != Level.INFO.name)
