"""What a book has of its own for its pages: templates, and the language of labels."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct

from policybook.output.html.labels import Labels

# The folder of a book's own templates of pages, within its `custom_dir`.
OWN_PAGES = "policybook"


class Own(Struct, frozen=True):
    """What a book has of its own.

    Attributes:
        folder: The folder of its templates (`custom_dir`), or None. Its `policybook/policy.html`
            stands for our `pages/policy.html`, which it can extend.
        labels: The labels of its pages.
    """

    folder: Path | None = None
    labels: Labels = Labels()

    @property
    def folders(self) -> tuple[Path, ...]:
        """The folder, if there is one."""
        return (self.folder,) if self.folder else ()

    def pages(self) -> Mapping[str, str]:
        """The names of the templates, by the kind of page that they are for."""
        found = self.folder.joinpath(OWN_PAGES).glob("*.html") if self.folder else ()
        return {path.stem: f"{OWN_PAGES}/{path.name}" for path in sorted(found)}


NOTHING = Own()
