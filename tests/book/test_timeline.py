"""The timeline of a policy: collapsed versions, gaps, rollbacks, and the plot."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pytest
from policybook.analysis.index import index
from policybook.book.addresses import month
from policybook.book.change_lines import days, months
from policybook.book.context import BookContext
from policybook.data.loader import load
from policybook.model.policies import Rollback
from policybook.output.html.render import Renderer
from policybook.output.json.policy_results import policy_result
from policybook.pages.month_plot import month_plot
from policybook.pages.plan import plan
from policybook.pages.policy_page.view import policy_view
from policybook.pages.step_plot import StepPoint, step_plot
from policybook.pages.timeline import Timeline

from tests.support.books import SAMPLES, TEMPLATES, facts, plain, small_catalogue, write
from tests.support.contexts import context_of_versions as context_of


@pytest.fixture(scope="module")
def edges() -> BookContext:
    """The book of edge cases."""
    book = load(SAMPLES / "edges")
    return BookContext(book, index(book), small_catalogue())


def timeline(context: BookContext, name: str) -> Timeline:
    """The timeline of a policy."""
    return policy_view(context, name).timeline


def in_words(found: Timeline) -> list[str]:
    """Each stretch as text: its title and the keys of its parts."""
    return [
        f"{stretch.title or 'open'}: {' '.join(p.transition.key for p in stretch.parts)}"
        for stretch in found.stretches
    ]


GET, PUT = "s3:GetObject", "s3:GetObject s3:PutObject"


def test_versions_without_effect_are_collapsed_together() -> None:
    """The current version is never collapsed."""
    found = context_of((1, GET), (2, GET), (3, "S3:getobject"), (4, GET), (5, PUT), (6, PUT))
    assert in_words(timeline(found, "P")) == [
        "open: v6",
        "open: v5",
        "3 versions reissued without change, 2024-05-12 to 2024-05-14: v4 v3 v2",
        "open: v1",
    ]


def test_a_gap_ends_a_collapsed_stretch() -> None:
    """The gap is between the stretches; a single version is collapsed too."""
    found = context_of((1, GET), (2, GET), (4, GET), (5, PUT))
    shown = timeline(found, "P")
    assert in_words(shown) == [
        "open: v5",
        "v4: reissued without change, 2024-05-14: v4",
        "v2: reissued without change, 2024-05-12: v2",
        "open: v1",
    ]
    assert [stretch.parts[-1].missing for stretch in shown.stretches] == [(), (3,), (), ()]


def test_gaps_at_the_beginning_and_between_have_their_numbers(edges: BookContext) -> None:
    """Missing version numbers are listed highest first; a rollback has none."""
    parts = [part for stretch in timeline(edges, "Rolled").stretches for part in stretch.parts]
    assert [(part.transition.key, part.missing) for part in parts] == [
        ("v4-again-2020-04-03", ()),
        ("v8", (7,)),
        ("v6", (5,)),
        ("v4", ()),
        ("v3", (2, 1)),
    ]
    ((only,),) = (stretch.parts for stretch in timeline(edges, "Odd").stretches)
    assert only.missing == (4, 3, 2, 1)


def test_a_rollback_has_its_own_verdict_and_leaves_the_version_current(edges: BookContext) -> None:
    """It is compared with the previous default; newer versions keep their verdicts."""
    parts = [part for stretch in timeline(edges, "Rolled").stretches for part in stretch.parts]
    assert [
        (
            part.transition.key,
            part.current,
            part.transition.change.verdict if part.transition.change else part.note,
            part.transition.before.key if part.transition.before else "",
        )
        for part in parts
    ] == [
        ("v4-again-2020-04-03", False, "mixed", "v8"),
        ("v8", False, "mixed", "v4"),
        ("v6", False, "only the date is known", ""),
        ("v4", True, "widened", "v3"),
        ("v3", False, "first known document", ""),
    ]
    assert edges.policy_lines.of("Rolled").version == "v4"


def test_the_plot_has_a_mark_for_each_version_and_rollback(edges: BookContext) -> None:
    """At its day, with its effective actions; stretches with missing versions are hatched."""
    plot = timeline(edges, "Rolled").plot
    assert plot
    assert [(mark.key, mark.title.partition(": ")[2]) for mark in plot.marks] == [
        ("v3", "0 effective actions"),
        ("v4", "widened, 1 effective action"),
        ("v6", "document unknown"),
        ("v8", "mixed, 2 effective actions"),
        ("v4-again-2020-04-03", "mixed, 1 effective action"),
    ]
    assert [(mark.up, mark.down) for mark in plot.marks] == [
        (False, False),
        (True, False),
        (False, False),
        (True, True),
        (True, True),
    ]
    assert [mark.x for mark in plot.marks] == sorted(mark.x for mark in plot.marks)
    assert [gap.x for gap in plot.gaps] == [8, plot.marks[1].x, plot.marks[2].x]
    assert plot.text == (
        "From 0 in v3 to 1 in v4 again. 3 versions gained grants, 2 lost some. "
        "Versions are missing in 3 places."
    )


def test_the_plot_leaves_out_reissues() -> None:
    """Gaps and rollbacks stay, and so does the first version."""
    back = (Rollback(to="v1", observed=date(2024, 5, 20)),)
    found = context_of((1, GET), (2, GET), (4, GET), (5, PUT), (6, PUT), rollbacks=back)
    plot = timeline(found, "P").plot
    assert plot
    assert [mark.key for mark in plot.marks] == ["v1", "v4", "v5", "v1-again-2024-05-20"]
    assert len(plot.gaps) == 1


def test_a_version_without_a_day_is_drawn_between_its_neighbours() -> None:
    """And marked as such; without any day there is no plot."""
    points = [
        StepPoint("v1", "v1", date(2020, 1, 1), 2),
        StepPoint("v2", "v2", None, 4),
        StepPoint("v3", "v3", date(2020, 1, 3), 4),
    ]
    plot = step_plot(points, "T")
    assert plot
    first, second, third = plot.marks
    assert (first.dated, second.dated, third.dated) == (True, False, True)
    assert second.x == (first.x + third.x) / 2
    assert second.title == "v2, date unknown: 4 effective actions"
    assert step_plot(points[1:2], "T") is None


def test_plots_of_all_changes_count_gains_upward_and_losses_downward() -> None:
    """A mixed change counts in both directions; reissues are left out."""
    lines = context_of((1, GET), (2, GET), (3, PUT), (4, GET), (30, PUT)).events.lines()
    plot = month_plot(lines, month)
    assert plot
    assert [(bar.month, bar.title.partition(": ")[2]) for bar in plot.bars] == [
        ("2024-05", "1 narrowed and 1 widened"),
        ("2024-06", "1 widened"),
    ]
    assert [(part.verdict, part.y < plot.half) for part in plot.bars[0].parts] == [
        ("widened", True),
        ("narrowed", False),
    ]
    whole = month_plot(lines, month, 2024)
    assert whole
    assert len(whole.bars) == 12
    assert month_plot((line for line in lines if line.without_effect), month) is None


def test_a_plot_counts_reissued_versions_and_does_not_draw_them() -> None:
    """For the script; a month that has nothing else has no bar, but is on the axis."""
    lines = context_of((1, GET), (2, PUT), (30, GET), (60, GET)).events.lines()
    plot = month_plot(lines, month)
    assert plot
    assert plot.reissued == 1
    assert [(bar.month, bar.counts, len(bar.parts)) for bar in plot.bars] == [
        ("2024-05", "widened=1", 1),
        ("2024-06", "narrowed=1", 1),
        ("2024-07", "reissued=1", 0),
    ]
    assert "reissued" not in plot.text + plot.bars[2].title


def test_changes_of_one_month_are_not_plotted() -> None:
    """A single bar compares nothing, in a year neither."""
    lines = context_of((1, GET), (3, PUT), (4, GET)).events.lines()
    assert month_plot(lines, month) is None
    assert month_plot(lines, month, 2024) is None


def test_the_first_month_of_a_plot_names_its_year() -> None:
    """Unless the January after it is too near for both names."""
    lines = context_of((1, GET), (2, PUT), (300, GET)).events.lines()
    plot = month_plot(lines, month)
    assert plot
    assert plot.years == ((2024, 0.0), (2025, 8 * plot.step))
    near = context_of((225, GET), (226, PUT), (300, GET)).events.lines()
    plot = month_plot(near, month)
    assert plot
    assert [year for year, _ in plot.years] == [2025]


def test_lists_speak_of_the_last_change_with_an_effect() -> None:
    """The page of the policy says in gray that a newer version has none."""
    pages = rendered(context_of((1, GET), (2, PUT), (3, PUT)))
    words = "widened v2, 2024-05-12; v3 reissued without change, 2024-05-13"
    assert f"Last effective change\n{words}" in pages["policies/P/"]
    assert "widened 2024-05-12" in pages["policies/"]


def test_a_page_says_since_when_each_part_of_a_statement_stands() -> None:
    """The oldest part first; a single part has no list."""
    pages = rendered(context_of((4, GET), (5, PUT)))
    assert (
        "2 parts: oldest first seen in v4, 2024-05-14, the oldest known document; newest since v5, "
        "2024-05-15\nfirst seen in v4, 2024-05-14, the oldest known document: s3:GetObject\n"
        "since v5, 2024-05-15: s3:PutObject"
    ) in pages["policies/P/"]
    assert "In this form since v1, 2024-05-11\n" in rendered(context_of((1, PUT)))["policies/P/"]


def test_a_page_says_until_when_an_action_was_granted_as_far_as_it_is_known() -> None:
    """It may have ended in a version that is missing."""
    pages = rendered(context_of((1, PUT), (4, GET)))
    assert (
        "since v1, 2024-05-11; until v4, 2024-05-14; v2 to v3 are not known"
        in (pages["actions/s3/PutObject.html"])
    )


def test_effective_actions_are_counted_apart_from_grants() -> None:
    """Replacing a pattern by its current actions loses a grant, but no effective action."""
    every = "s3:GetObject s3:GetObjectTagging"
    found = context_of((1, "s3:Get*"), (2, every))
    (newer,), _ = (stretch.parts for stretch in timeline(found, "P").stretches)
    assert newer.transition.change
    assert newer.transition.change.verdict == "narrowed"
    assert newer.removed
    assert newer.removed.titles == ("wildcard replaced by a list",)
    assert newer.tally
    assert (newer.tally.gained, newer.tally.lost, newer.size) == ((), (), 2)


def rendered(context: BookContext) -> Mapping[str, str]:
    """The text of each page by its URL."""
    pages = tuple(plan(context))
    renderer = Renderer(TEMPLATES, context, pages)
    return {page.url: plain(renderer.body(page).html) for page in pages}


def test_the_page_lists_removals_and_restored_permissions() -> None:
    """Each removal has its kind, and the version that restored it."""
    found = rendered(context_of((1, PUT), (2, GET), (3, GET), (4, PUT)))
    text = found["policies/P/"]
    assert "Removals of this version: removed (s3), restored by v4." in text
    assert "v3: reissued without change, 2024-05-13" in text
    assert "1 effective action, with AWS's action list of 2020-02-02. −1 Write" in text
    assert "P v2 | 2024-05-12 | removed" in found["changes/removals/"]
    ledger = found["changes/removals/2024-05/"]
    assert "P v1 → v2 narrowed 2024-05-12 removed s3 restored by v4" in " ".join(ledger.split())


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ([(2024, 5, 13)], "2024-05-13"),
        ([(2024, 5, 13), (2024, 5, 14)], "2024-05-13 and 2024-05-14"),
        ([(2024, 5, 14), (2024, 5, 13), (2024, 5, 20), (2024, 5, 13)], "2024-05-13 to 2024-05-20"),
        ([(2024, 5, 13), (2024, 6, 2)], "2024-05-13 and 2024-06-02"),
        ([(2023, 12, 31), (2024, 1, 1), (2024, 1, 2)], "2023-12-31 to 2024-01-02"),
    ],
)
def test_days_are_abbreviated(given: list[tuple[int, int, int]], words: str) -> None:
    assert days(date(*one) for one in given) == words


def test_no_days_are_no_months() -> None:
    assert months(()) == ()


def test_a_rollback_ends_and_begins_what_is_granted() -> None:
    """Grants of only the newer version end, and those of the older one begin again."""
    back = (Rollback(to="v1", observed=date(2024, 5, 20)),)
    found = context_of((1, "s3:GetObject s3:PutObject"), (2, GET), rollbacks=back)
    spans = found.history.spans("P")
    assert [(s.since.key, s.until and s.until.key) for s in spans["s3:putobject"]] == [
        ("v1", "v2"),
        ("v1-again-2024-05-20", None),
    ]
    text = rendered(found)["actions/s3/PutObject.html"]
    assert "since v1 again, first observed 2024-05-20" in text
    assert "No longer" not in text


def test_the_history_ends_with_the_named_default_version() -> None:
    found = context_of((1, GET), (2, "s3:PutObject"), default="v1")
    spans = found.history.spans("P")
    assert spans["s3:putobject"][-1].until
    assert spans["s3:getobject"][-1].until is None


def test_a_service_of_past_versions_has_a_page() -> None:
    """It shows the removals, although no policy grants its actions any more."""
    pages = rendered(context_of((1, "s3:GetObject sqs:SendMessage"), (2, GET)))
    text = pages["services/sqs/"]
    assert "P v2 narrowed −1" in text
    assert "Only in old versions: sqs." in pages["services/"]
    assert "sqs" in pages["changes/removals/"]


def test_a_second_life_has_its_ids_in_gaps_and_says_that_it_is_one(tmp_path: Path) -> None:
    """A version without effect is not collapsed if it begins one."""
    statement = "Statement: [{Effect: Allow, Action: s3:GetObject, Resource: '*'}]\n"
    entries = "- {id: v4~2, published: 2020-05-01}\n- {id: v1, published: 2020-01-01}\n"
    files = {"policy.yml": facts("P", f"versions:\n{entries}")}
    files |= {"v4~2.yml": statement, "v1.yml": statement}
    book = load(write(tmp_path, {f"policies/P/{file}": text for file, text in files.items()}))
    context = BookContext(book, index(book), small_catalogue())
    (new,), (old,) = (stretch.parts for stretch in timeline(context, "P").stretches)
    assert (new.transition.recreated, new.missing_ids) == (True, ("v3~2", "v2~2", "v1~2"))
    assert (old.transition.recreated, old.missing_ids) == (False, ())
    (line, _) = context.events.lines()
    assert (line.kind, line.note, line.verdict) == ("recreated", "re-created", "identical")
    text = rendered(context)["policies/P/"]
    assert "Versions v1~2 to v3~2 are missing from the data." in text
    assert "The policy was deleted and created anew under its old name" in text
    results = {v.key: v for v in policy_result(context, book.policies["P"]).versions}
    assert [results[key].recreated for key in ("v4~2", "v1")] == [True, False]


def test_the_page_says_since_when_a_version_was_the_default(tmp_path: Path) -> None:
    """Where that was not since its publication; of a rollback, too."""
    rest = (
        "rollbacks: [{to: v1, observed: 2020-03-09, default_since: 2020-03-07}]\n"
        "versions:\n"
        "- {id: v2, published: 2020-02-01, observed: 2020-02-09, default_since: 2020-02-05}\n"
        "- {id: v1, published: 2020-01-01}\n"
    )
    files = {"policy.yml": facts("P", rest), "v1.yml": "Statement: []\n", "v2.yml": "Statement: []"}
    book = load(write(tmp_path, {f"policies/P/{file}": text for file, text in files.items()}))
    context = BookContext(book, index(book), small_catalogue())
    text = rendered(context)["policies/P/"]
    assert "first observed 2020-02-09 · default since 2020-02-05" in text
    assert "First observed 2020-03-09 · default since 2020-03-07" in text
    (newest, _) = policy_result(context, book.policies["P"]).versions
    assert newest.default_since == date(2020, 2, 5)
