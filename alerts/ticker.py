"""From due decisions of one incident to the notices that go out now. Pure: nothing is read.

A decision that cannot go to one of its recipients yet is postponed as a whole; those who have it
already are recognised when it comes up again, so that nobody gets it twice and nobody is left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import NamedTuple

from alerts import chain, patience
from alerts.closing import since_closing
from alerts.patience import CHAIN, Turn
from alerts.policy import Person, Policy, Team
from alerts.roster import on_duty, told
from alerts.rules import silenced_by, silenced_why
from alerts.situation import (
    Dropped,
    NextStep,
    Plan,
    PlannedNotice,
    Postponed,
    Recent,
    Situation,
)
from storage.records import Decision, Level, NewDecision, Notice, Why

__all__ = [
    "Dropped",
    "NextStep",
    "Plan",
    "PlannedNotice",
    "Postponed",
    "Recent",
    "Situation",
    "plan",
]

# Changes that only those who were told before need to hear.
_EASING = ("level_lowered", "withdrawn", "lifted", "closed", "merged")
_ENDS = ("merged", "withdrawn", "lifted", "closed")
_SNOOZED = (*patience.PATIENT, "reminder", "escalation")  # kinds that an officer may put off
_ABOUT_OTHERS = ("digest", "test", "feed", "flood", "silence")
NEVER = 2**63  # above every id of a change


def plan(situation: Situation, policy: Policy, *, now: datetime) -> Plan:
    """Decide what happens to every due decision of the incident at `now`.

    All due decisions of one person become one notice. Escalation steps follow a first notice
    and every rise, until somebody acknowledges at that level.
    """
    sheet = _Sheet(situation, policy, now)
    dropped: list[Dropped] = []
    mail: dict[str, list[_Line]] = {}
    for decision in sorted(situation.due, key=lambda each: (each.step, each.id)):
        why = sheet.moot(decision)
        recipients = () if why else sheet.recipients(decision)
        if why is None and not recipients:
            why = Why("no_recipient", {"team": decision.team})
        if why is not None:
            dropped.append(Dropped(decision.id, why))
        for person in recipients:
            mail.setdefault(person.id, []).append(_Line(decision, person))
    notices: list[PlannedNotice] = []
    waiting: dict[int, Postponed] = {}
    repeated: dict[int, Why] = {}
    for lines in mail.values():
        outcome = sheet.one(lines)
        for line in lines:
            if isinstance(outcome, PlannedNotice):
                continue
            if isinstance(outcome, Why):
                repeated[line.decision.id] = outcome
            else:
                first = waiting.get(line.decision.id)
                if first is None or outcome[0] < first.until:
                    waiting[line.decision.id] = Postponed(line.decision.id, *outcome)
        if isinstance(outcome, PlannedNotice):
            notices.append(outcome)
    told_now = {decision for notice in notices for decision in notice.decisions}
    heard = [line.decision for lines in mail.values() for line in lines]
    done = tuple(dict.fromkeys(d.id for d in heard if d.id in told_now and d.id not in waiting))
    dropped += [
        Dropped(id, why) for id, why in repeated.items() if id not in told_now | waiting.keys()
    ]
    follow_ups = sheet.chain(notices)
    return Plan(
        notices=tuple(notices),
        follow_ups=follow_ups,
        follow_up_change=max((d.change_id for d in situation.due if d.step == 0), default=None)
        if follow_ups
        else None,
        done=done,
        dropped=tuple(dropped),
        postponed=tuple(waiting.values()),
    )


class _Line(NamedTuple):
    decision: Decision
    person: Person


class _Sheet:
    """What the questions about one situation share; made for one call of `plan`."""

    def __init__(self, situation: Situation, policy: Policy, now: datetime) -> None:
        self.incident = situation.incident
        self.policy = policy
        self.now = now
        self.recent = situation.recent
        self.snoozed_until = situation.snoozed_until
        self.pause = situation.pause
        self.changes = situation.changes
        self.kinds = {change.id: change.kind for change in situation.changes}
        self.grave = {change.id for change in since_closing(situation.changes)}
        self.told = sorted(
            (each for each in situation.notices if each.kind not in _ABOUT_OTHERS),
            key=lambda each: (each.created_at, each.id),
        )
        self.silence = silenced_by(self.incident, None, situation.silences, policy, now=now)
        self.min_levels = {rule.id: rule.when.min_level for rule in policy.rules}
        self.at_once, self.later = chain.steps_of(policy, self.incident.level)

    # --- is there anything left to say? ------------------------------------------------------

    def moot(self, decision: Decision) -> Why | None:
        """Why this decision needs no notice to anybody, None when it does."""
        incident = self.incident
        if incident.exercise:
            return Why("exercise")
        kind = self.kinds.get(decision.change_id, "")
        if incident.state == "merged" and kind != "merged":
            return Why("merged")
        if decision.team not in self.policy.teams:
            return Why("no_recipient", {"team": decision.team})
        if self.silence is not None:
            return silenced_why(self.silence)
        if decision.step > 0:
            return self._moot_step(decision)
        if incident.state == "closed" and kind != "closed" and decision.change_id not in self.grave:
            return Why("closed")
        if kind == "acknowledged" and not self._acknowledged():
            return self._not_taken()
        if kind == "unacknowledged" and self._acknowledged():
            return self._taken()
        if self._team_told(decision):
            return Why("same_notice") if kind == "joined" and self._level_told(decision) else None
        if kind in _EASING or self._over() or (kind == "corrected" and not decision.rule):
            return Why("never_told")
        least = self.min_levels.get(decision.rule)
        if least is not None and incident.level < least:
            return Why("eased", {"level": incident.level.name})
        return None

    def _moot_step(self, decision: Decision) -> Why | None:
        incident = self.incident
        if incident.state == "closed" and decision.change_id < min(self.grave, default=NEVER):
            return Why("closed")
        if self._over():
            return Why("withdrawn" if incident.withdrawn else "lifted")
        if decision.level != incident.level:
            return Why("chain_replaced", {"level": incident.level.name})
        if self._acknowledged():
            return self._taken()
        return None if decision.step <= len(self.later) else Why("step_gone")

    def _taken(self) -> Why:
        return Why("acknowledged", chain.by_office(self.incident.acknowledged_by, self.policy))

    def _not_taken(self) -> Why:
        """Why nobody needs to hear that it was taken: it was given back, or has risen since."""
        if self.incident.acknowledged_at is not None:
            return Why("chain_replaced", {"level": self.incident.level.name})
        back = [each.by for each in self.changes if each.kind == "unacknowledged"]
        return Why("given_back", chain.by_office(back[-1] if back else None, self.policy))

    def _over(self) -> bool:
        """Whether a withdrawal or an all-clear has left nothing to act on."""
        incident = self.incident
        return incident.withdrawn or (incident.lifted and incident.level is Level.INFO)

    def _team_told(self, decision: Decision) -> list[Notice]:
        return [notice for notice in self.told if notice.team == decision.team]

    def _level_told(self, decision: Decision) -> bool:
        return self._team_told(decision)[-1].level >= self.incident.level

    # --- who -----------------------------------------------------------------------------------

    def recipients(self, decision: Decision) -> tuple[Person, ...]:
        """Those on duty for this decision; who was told hears corrections, ends and who has it."""
        policy, team = self.policy, self.policy.teams[decision.team or ""]
        if decision.step > 0:
            return told(team, self.later[decision.step - 1].to, policy, self.now).people
        kind = self.kinds.get(decision.change_id)
        if kind == "acknowledged":
            taken = next(each for each in self.changes if each.id == decision.change_id)
            return self._people(
                chain.waiting_to_hear(
                    self._team_told(decision), self.changes, taker=taken.by, taken_at=taken.at
                )
            )
        if kind in _EASING or (kind == "corrected" and not decision.rule):
            return self._people(notice.person for notice in self._team_told(decision))
        people: dict[str, Person] = {}
        if kind == "corrected":
            people = {each.id: each for each in self._people(n.person for n in self.told)}
        for to in self.at_once or ("primary",):
            people |= {each.id: each for each in told(team, to, policy, self.now).people}
        duty = on_duty(team, policy, self.now)
        taker = self.incident.acknowledged_by
        if taker is not None and taker in (duty.backup, duty.head):
            people.setdefault(taker, policy.people[taker])
        return tuple(people.values())

    def _people(self, ids: Iterable[str]) -> tuple[Person, ...]:
        """Those of them who stand in alerts.yaml, each once."""
        known = self.policy.people
        return tuple(known[id] for id in dict.fromkeys(ids) if id in known)

    # --- one person ------------------------------------------------------------------------------

    def one(self, lines: Sequence[_Line]) -> PlannedNotice | Why | tuple[datetime, Why]:
        """This person's notice, or why he needs none, or until when it waits and why."""
        person = lines[0].person
        decisions = tuple(line.decision for line in lines)
        mine = [notice for notice in self.told if notice.person == person.id]
        kind = self._kind(decisions, mine)
        repeated = self._repeats(kind, decisions, mine)
        if repeated is not None:
            return repeated
        team = self._team(decisions, mine)
        turn = self._turn(kind, decisions, mine, team, person)
        waits = self._snoozed(kind) or patience.waits(turn, self.policy, self.pause, now=self.now)
        if waits is not None:
            return waits
        crowd = patience.crowd(turn, self.recent, self.policy.timing, now=self.now)
        if isinstance(crowd, tuple):
            return crowd
        unstable = patience.unstable(turn, self.policy.timing, now=self.now)
        last = mine or self._before(decisions)
        sent = [notice for notice in mine if notice.state != "grouped"]
        return PlannedNotice(
            person=person,
            team=team.id,
            kind=kind,
            level=self.incident.level,
            number=len(mine) + 1,
            due_at=self.now,
            rules=self._rules(decisions, last),
            decisions=tuple(each.id for each in decisions),
            changes=tuple(dict.fromkeys(each.change_id for each in decisions)),
            why=(
                *filter(None, (crowd, unstable)),
                *self._whys(decisions, team, person, mine),
            ),
            step=max(each.step for each in decisions),
            previous_level=last[-1].level if last else None,
            new_thread=not sent or kind == "raised",
            thread=tuple(notice.message_id for notice in sent),
            steps=self._next_steps(kind, team),
            grouped=crowd is not None,
        )

    def _kind(self, decisions: Sequence[Decision], mine: Sequence[Notice]) -> str:
        fresh = [each for each in decisions if each.step == 0]
        if not fresh:
            return "reminder" if mine else "escalation"
        kinds = {self.kinds.get(each.change_id, "") for each in fresh}
        for end in _ENDS:
            if end in kinds:
                return end
        before = mine or self._before(decisions)
        if not before:
            return "alert"
        if self.incident.level > before[-1].level:
            return "raised"
        if "unacknowledged" in kinds:
            return "returned"
        if self.incident.level < before[-1].level:
            return "lowered"
        if "corrected" in kinds:
            return "corrected"
        return "taken" if "acknowledged" in kinds else "update"

    def _before(self, decisions: Sequence[Decision]) -> list[Notice]:
        """What the teams of these decisions were told, by whomever they were represented."""
        teams = {each.team for each in decisions}
        return [notice for notice in self.told if notice.team in teams]

    def _repeats(
        self, kind: str, decisions: Sequence[Decision], mine: Sequence[Notice]
    ) -> Why | None:
        if not mine:
            return None
        last = mine[-1]
        had = Why("duplicate", {"at": last.created_at.isoformat()})
        if kind in _ENDS:
            return had if last.kind == kind else None
        if kind == "reminder":
            wanted = {(each.step, each.made_at) for each in decisions}
            got = all(
                any(notice.step == step and notice.created_at >= made_at for notice in mine)
                for step, made_at in wanted
            )
            return had if got else None
        if self.incident.level > last.level:
            return None
        fresh = [each for each in decisions if each.step == 0]
        kinds = {self.kinds.get(each.change_id) for each in fresh}
        back_again = kind == "update" and kinds <= {"level_raised", "level_lowered"}
        old = all(each.made_at <= last.created_at for each in decisions)
        return had if back_again or old else None

    def _snoozed(self, kind: str) -> tuple[datetime, Why] | None:
        until = self.snoozed_until
        if until is None or until <= self.now or kind not in _SNOOZED:
            return None
        return until, Why("snoozed", {"until": until.isoformat()})

    def _turn(
        self,
        kind: str,
        decisions: Sequence[Decision],
        mine: Sequence[Notice],
        team: Team,
        person: Person,
    ) -> Turn:
        ids = {each.change_id for each in decisions if each.step == 0}
        fresh = [change for change in self.changes if change.id in ids]
        return Turn(self.incident, kind, person, team, mine, fresh, self.changes)

    def _team(self, decisions: Sequence[Decision], mine: Sequence[Notice]) -> Team:
        """The team as which this person is told: as before, if it is not that of a decision."""
        teams, asked = self.policy.teams, [each.team or "" for each in decisions]
        before = mine[-1].team if mine else asked[0]
        known = any(notice.team in asked for notice in mine) or before not in teams
        return teams[asked[0] if known else before]

    @staticmethod
    def _rules(decisions: Sequence[Decision], last: Sequence[Notice]) -> tuple[str, ...]:
        """The rules that matched; of what only follows, those by which it was told before."""
        matched = tuple(dict.fromkeys(each.rule for each in decisions if each.rule))
        told_by = (why for notice in last for why in notice.why if why.code == "rule")
        return matched or tuple(dict.fromkeys(str(why.values.get("rule", "")) for why in told_by))

    def _whys(
        self, decisions: Sequence[Decision], team: Team, person: Person, mine: Sequence[Notice]
    ) -> tuple[Why, ...]:
        whys: list[Why] = []
        for decision in decisions:
            whys += [why for why in decision.why if why not in whys]
        if mine and not any(why.code == "rule" for why in whys):
            whys = [why for why in whys if why.code != "told_before"]
            return (*whys, Why("told_at", {"at": mine[0].created_at.isoformat()}))
        duty = on_duty(team, self.policy, self.now)
        if person.id in (duty.primary, duty.backup) and duty.shift_end is not None:
            whys.append(Why("on_duty", {"until": duty.shift_end.isoformat()}))
        elif team.roster and duty.primary is None and duty.backup is None:
            whys.append(Why("fallback_team"))
        return tuple(whys)

    # --- and then --------------------------------------------------------------------------------

    def chain(self, notices: Sequence[PlannedNotice]) -> tuple[NewDecision, ...]:
        """The escalation steps that follow these notices, per team."""
        follow_ups: list[NewDecision] = []
        started = {notice.team: notice for notice in reversed(notices) if self._starts(notice)}
        for team, notice in started.items():
            named = tuple(why for why in notice.why if why.code == "rule")
            for n, step in enumerate(self.later, start=1):
                why = (*named, chain.step_why(step))
                rule = notice.rules[0] if notice.rules else ""
                follow_ups.append(NewDecision(rule, team, self.now + step.after, why, step=n))
        return tuple(follow_ups)

    def _starts(self, notice: PlannedNotice) -> bool:
        # Somebody whose copy was held back gets it later; the chain runs since the first one.
        return notice.kind in CHAIN and not self._acknowledged() and not self._running(notice.team)

    def _acknowledged(self) -> bool:
        level = self.incident.acknowledged_level
        return level is not None and level >= self.incident.level

    def _running(self, team: str) -> Notice | None:
        """The notice that started the chain now running for the team at this level."""
        return chain.began(self.incident, team, self.told, self.changes)

    def _next_steps(self, kind: str, team: Team) -> tuple[NextStep, ...]:
        if self._acknowledged() or self._over() or kind in ("closed", "merged"):
            return ()
        running = self._running(team.id)
        if running is None and kind not in CHAIN:
            return ()
        start = running.created_at if running is not None else self.now
        coming = [NextStep(start + step.after, step.to) for step in self.later]
        return tuple(step for step in coming if step.at > self.now)
