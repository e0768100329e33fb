"""Which version of a policy is or was the default, and why that is not certain."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from msgspec import Struct

from policybook.model.policies import Policy, Rollback, Version
from policybook.model.version_ids import version_id


class _Start(Struct, frozen=True):
    """When a version became the default: from the day `earliest` on, and at the latest `certain`.

    `why` says why that is uncertain.
    """

    version: Version
    earliest: date
    certain: date
    why: str


class _Numbered(Struct, frozen=True):
    """A version with a number: its life and number, and its key if its day is not known."""

    order: tuple[int, int]
    undated: str


def default_now(policy: Policy) -> tuple[Version | None, str]:
    """The default version, and why what it grants is uncertain; "" if it is certain.

    A default version without a known document is returned as it is: no older version takes its
    place.
    """
    if not policy.versions:
        return None, "no version of it is known"
    if unknown := policy.unknown_default:
        return unknown, f"the document of the default version {unknown.key} is not known"
    return policy.current, ""


def default_at(policy: Policy, day: date) -> tuple[Version | None, str]:
    """The version that was the default on a day, and why that is uncertain.

    A version is the default from the day on which it was published, unless the data says otherwise:
    it may have `default_since`, or an older version may have been observed as the default after
    that day. Before the first version there is no default, which may be uncertain too.

    Args:
        policy: The policy.
        day: The day.

    Returns:
        The version, or None if there was none; and the reasons for doubt, "" without any.
    """
    return _default_at(policy, _starts(policy), _numbered(policy), day)


def _default_at(
    policy: Policy, starts: Sequence[_Start], numbered: Sequence[_Numbered], day: date
) -> tuple[Version | None, str]:
    """What `default_at` says, from the starts and the numbered versions, both newest first."""
    place = next((n for n, start in enumerate(starts) if start.certain <= day), None)
    if place is None:
        return None, _before(policy, starts, day)
    found = starts[place].version
    named = policy.version(policy.named_default) if policy.named_default else None
    doubts = [start.why for start in starts[:place] if start.earliest <= day]
    if named and named is not found and place == 0:
        doubts.append(f"{named.key} is the default instead of {found.key}, since when is not known")
        found = named
    if found.document is None:
        doubts.append(f"{found.key} is known by its date only")
    else:
        doubts += _doubts(policy, numbered, found, starts[:place], day)
    return found, "; ".join(doubts)


def after_data(data_to: date | None, day: date) -> str:
    """Why a default version is uncertain on a day after the last day of the data; else "".

    Args:
        data_to: The last day of the data; None if no day is known.
        day: The day.
    """
    if data_to is None or day <= data_to:
        return ""
    return f"the data ends on {data_to}, and what changed after that is not known"


class DefaultSpan(Struct, frozen=True):
    """The days from `since` on with one default version, or None, and why that is uncertain.

    `since` is None for the days before all that is known.
    """

    since: date | None
    version: Version | None
    unsure: str


def default_spans(policy: Policy) -> tuple[DefaultSpan, ...]:
    """What `default_at` says of every day, oldest first; neighbours differ."""
    starts, numbered, gone = _starts(policy), _numbered(policy), policy.deprecation
    days = {date.min, *(day for start in starts for day in (start.earliest, start.certain))}
    days.update(day for day in (policy.facts.created, gone.date) if day)
    found: list[DefaultSpan] = []
    for day in sorted(days):
        span = DefaultSpan(
            day if day > date.min else None, *_default_at(policy, starts, numbered, day)
        )
        if not found or (span.version, span.unsure) != (found[-1].version, found[-1].unsure):
            found.append(span)
    return tuple(found)


def _starts(policy: Policy) -> list[_Start]:
    """When each dated version, and each target of a rollback, became the default; newest first."""
    found: list[_Start] = []
    for version in reversed(policy.sequence):
        if version.day:
            found.append(_start(policy, version, found[-1] if found else None))
    for back in sorted(policy.facts.rollbacks, key=_since):
        after = next((n for n, s in enumerate(found) if s.certain > _since(back)), len(found))
        if to := policy.version(back.to):
            found.insert(after, _returned(to, back, found[after - 1] if after else None))
    return found[::-1]


def became_default(policy: Policy, version: Version) -> tuple[date | None, bool]:
    """The day on which a version became the default, and whether it was only observed on that day.

    The day is None if the version has none. A rollback to the version is not considered.
    """
    facts = version.facts
    since = facts.default_since
    if since is None and (facts.observed is None or not _seen_otherwise(policy, version)):
        since = facts.published
    return (since, False) if since else (facts.observed, facts.observed is not None)


def _start(policy: Policy, version: Version, before: _Start | None) -> _Start:
    facts, key = version.facts, version.key
    day, observed = became_default(policy, version)
    if day and not observed:
        return _Start(version, day, day, "")
    seen = facts.observed or date.max
    why = f"{key} was first observed on {seen}, since when it was the default is not known"
    if facts.published:
        why = (
            f"{key} was published on {facts.published} and first observed as the default on "
            f"{seen}, since when it was is not known"
        )
    return _Start(version, min(facts.published or _after(before), seen), seen, why)


def _seen_otherwise(policy: Policy, version: Version) -> bool:
    """Whether another version was observed as the default between publication and observation."""
    published, observed = version.facts.published, version.facts.observed
    if not published or not observed or published >= observed:
        return False
    older = policy.versions[policy.versions.index(version) + 1 :]
    days = [v.facts.observed for v in older if v.number]
    days += [back.observed for back in policy.facts.rollbacks if back.to != version.key]
    return any(day and published < day < observed for day in days)


def _returned(to: Version, back: Rollback, before: _Start | None) -> _Start:
    """The start of a version that became the default again."""
    if back.default_since:
        return _Start(to, back.default_since, back.default_since, "")
    why = f"{to.key} was first observed as the default again on {back.observed}, since when it was"
    earliest = min(_after(before), back.observed)
    return _Start(to, earliest, back.observed, f"{why} is not known")


def _since(back: Rollback) -> date:
    return back.default_since or back.observed


def _after(before: _Start | None) -> date:
    """The first day on which a version may have become the default after the one before it."""
    if before is None:
        return date.min
    known = max(before.certain, before.version.facts.observed or before.certain)
    return known + timedelta(days=1) if known < date.max else known


def _before(policy: Policy, starts: Sequence[_Start], day: date) -> str:
    """Why it is uncertain that the policy had no version before the first dated one."""
    if not starts:
        return "none of its versions is dated" if policy.versions else "no version of it is known"
    first, created = starts[-1], policy.facts.created
    if created and created <= day:
        return f"it was created on {created}, and {first.version.key} is the first version known"
    if not created and (first.version.number or 1) > 1:
        return f"what was before {first.version.key} is not known"
    return first.why if not created and first.earliest <= day else ""


def _numbered(policy: Policy) -> tuple[_Numbered, ...]:
    """The numbered versions, newest first: made once for all days that are asked for."""
    sequence = {version.key for version in policy.sequence}
    return tuple(
        _Numbered(order, "" if v.day or v.key not in sequence else v.key)
        for v in policy.versions
        if (order := v.order)
    )


def _doubts(
    policy: Policy,
    numbered: Sequence[_Numbered],
    found: Version,
    later: Sequence[_Start],
    day: date,
) -> Iterator[str]:
    if order := found.order:
        newer = [v for v in numbered if v.order > order]
        of_life = [v.order[1] for v in newer if v.order[0] == order[0]]
        if of_life and min(of_life) > order[1] + 1:
            missing = not_known(order[1] + 1, min(of_life) - 1, order[0])
            yield f"{missing} and may have been the default after {found.key}"
        keys = [v.undated for v in newer if v.undated]
        if keys:
            yield f"of {', '.join(reversed(keys))} the day is not known"
    if later and (later[-1].version.life or 1) > (found.life or 1):
        anew = later[-1]
        yield (
            f"the policy was deleted after {found.key} on a day that is not known, and re-created "
            f"as {anew.version.key} on {anew.certain}"
        )
    gone = policy.deprecation
    if gone.state == "deprecated" and gone.date and gone.date <= day:
        on = "on" if gone.precision == "exact" else "by"
        yield f"it was deprecated {on} {gone.date}"


def not_known(first: int, last: int, life: int) -> str:
    """That the versions with these numbers, from first to last, are not known."""
    one, other = version_id(first, life), version_id(last, life)
    return f"{one} is not known" if one == other else f"{one} to {other} are not known"
