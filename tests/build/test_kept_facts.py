"""Kept facts: a declaration is enough for the cache, and a fact is valid until an input changes."""

from __future__ import annotations

from pathlib import Path

import pytest
from policybook.book import context as context_module
from policybook.book.derived import derived
from policybook.book.facts.history import HistoryFacts
from policybook.book.facts.risks import RiskFacts
from policybook.build.cache import BuildCache
from policybook.build.planner import PlannedSite, plan_site
from policybook.iam.mitigation import Mitigation

from tests.support.books import BOOK, facts, small_catalogue, write

DOCUMENT = """\
Version: "2012-10-17"
Statement: [{Effect: Allow, Action: "s3:GetObject", Resource: "*"}]
"""


class LongNames(HistoryFacts):
    """A subject with one more fact, which is declared nowhere else."""

    calls: list[str]

    @derived(kept="policy")
    def longest_action(self, policy: str) -> str:
        """The longest name of an action that the policy ever granted."""
        self.calls.append(policy)
        return max(self.ever_granted(policy), key=len, default="")


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """A book of two policies."""
    files = {"book.yml": BOOK}
    for name in ("One", "Two"):
        files[f"policies/{name}/policy.yml"] = facts(name, "versions: [{id: v1}]\n")
        files[f"policies/{name}/v1.yml"] = DOCUMENT
    return write(tmp_path / "data", files)


def planned(data: Path, program: bytes = b"program") -> tuple[PlannedSite, BuildCache]:
    """The site planned with the cache, and the cache."""
    cache = BuildCache(data.parent / "cache", program)
    return plan_site(data, cache=cache, catalogue=small_catalogue()), cache


def recomputed(
    data: Path, monkeypatch: pytest.MonkeyPatch, program: bytes = b"program"
) -> list[str]:
    """The policies for which a build that needs all of them computes the new fact."""
    monkeypatch.setattr(context_module, "HistoryFacts", LongNames)
    site, cache = planned(data, program)
    history = site.context.history
    assert isinstance(history, LongNames)
    history.calls = []
    assert [history.longest_action(name) for name in site.context.book.policies]
    site.keep(cache)
    return history.calls


def test_a_new_kept_fact_needs_only_its_declaration(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """It is computed in the first build, and restored in the next ones."""
    assert recomputed(data, monkeypatch) == ["One", "Two"]
    assert recomputed(data, monkeypatch) == []


def test_it_is_computed_again_for_a_policy_that_changed(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    recomputed(data, monkeypatch)
    write(data, {"policies/Two/v1.yml": DOCUMENT.replace("GetObject", "PutObject")})
    assert recomputed(data, monkeypatch) == ["Two"]
    assert recomputed(data, monkeypatch) == []


def test_nothing_of_another_program_is_restored(
    data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    recomputed(data, monkeypatch)
    assert recomputed(data, monkeypatch, b"another") == ["One", "Two"]


def test_facts_about_rules_end_with_the_rules(data: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Rules are matched again after `rules.yml` changes, and not before."""
    calls: list[str] = []

    class Counted(RiskFacts):
        @derived(kept="rules")
        def met(self, policy: str) -> dict[str, Mitigation]:
            calls.append(policy)
            return {}

    monkeypatch.setattr(context_module, "RiskFacts", Counted)
    rules = (Path(__file__).parents[2] / "data/rules.yml").read_text("utf-8")
    for text, expected in ((rules, ["One", "Two"]), (rules, []), (rules + "\n", [])):
        write(data, {"rules.yml": text})
        calls.clear()
        site, cache = planned(data)
        for name in site.context.book.policies:
            site.context.risks.met(name)
        site.keep(cache)
        assert calls == expected
    write(data, {"rules.yml": rules.replace("title: ", "title: New ", 1)})
    calls.clear()
    site, _ = planned(data)
    site.context.risks.met("One")
    assert calls == ["One"]


def test_facts_of_a_service_end_with_any_policy_about_it(data: Path) -> None:
    """Its levels are restored until a policy that names the service changes."""
    site, cache = planned(data)
    site.context.services.of_service("s3")
    site.keep(cache)
    assert set(cache.facts["s3"]) == {"services.of_service"}
    again, cache = planned(data)
    again.context.services.of_service("s3")
    assert not [*again.context.services.computed("service")]
    write(data, {"policies/Two/v1.yml": DOCUMENT.replace("GetObject", "PutObject")})
    changed, _ = planned(data)
    changed.context.services.levels("s3")
    assert [owner for owner, _, _ in changed.context.services.computed("service")] == ["s3"]
