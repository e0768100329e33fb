"""What an error in the syntax of YAML or JSON most likely is, and how to mend it.

The parsers say where they stumbled and over what, in words for those who know their grammar. People
who write a policy mean a text that needs quotes, a comma too many, or a tab.
"""

from __future__ import annotations

import re
from json import JSONDecodeError

from policybook.errors import Finding, shown

# The functions of CloudFormation that have a short form (CloudFormation User Guide, "Intrinsic
# function reference").
_FUNCTIONS = re.compile(
    r"!(And|Base64|Cidr|Condition|Equals|FindInMap|GetAtt|GetAZs|If|ImportValue|Join|Not|Or|Ref"
    r"|Select|Split|Sub|Transform)"
)
_TWO_COLONS = re.compile(r"\s*(- +)?[^\s:#][^:#]*: +[^\s\"'\[{|>&*!].*:(\s|$)")
_OPENED = re.compile(r"\s*(- +)?([^\s:]+: +)?([\[{\"'])")
_MERGE = re.compile(r"^(?:<{7}|={7}|>{7})(?: |$)", re.MULTILINE)
_NO_SPACE = re.compile(r"\s*(- +)?[A-Za-z_]+:[^\s:/]")


_MERGED = (
    "it is a mark of git for a conflict; keep one of the two parts, and remove the lines that "
    "begin with <<<<<<<, ======= and >>>>>>>"
)

# --- YAML -----------------------------------------------------------------------------------------


def yaml_error(text: str, error: Exception) -> Finding:
    """The finding about a text that PyYAML's parser refuses, with the line that has to change.

    Args:
        text: The text.
        error: PyYAML's error, which has marks, a problem and a context, or else a message.
    """
    problem = getattr(error, "problem", None) or str(error).splitlines()[0]
    context = getattr(error, "context", None) or ""
    mark = getattr(error, "problem_mark", None)
    # These are noticed far behind the place where they begin.
    if context in ("while scanning a simple key", "while scanning a quoted scalar"):
        mark = getattr(error, "context_mark", None) or mark
    lines = text.split("\n")
    line = lines[mark.line] if mark and mark.line < len(lines) else ""
    return Finding(
        line=mark.line + 1 if mark else 0,
        kind="bad-yaml",
        expected="valid YAML",
        found=f"an error ({problem})",
        hint=_yaml_hint(problem, context, line, mark.column if mark else 0),
    )


def _yaml_hint(problem: str, context: str, line: str, column: int) -> str:
    if "<<<<<<<" in line or _MERGE.match(line):
        return _MERGED
    indent = line[: len(line) - len(line.lstrip())]
    if "\t" in indent or "tab character" in problem or line[column : column + 1] == "\t":
        return "indent with spaces; YAML takes no tab there"
    if context.startswith("while scanning an a"):  # an alias or an anchor
        return quotes("&" if context.endswith("anchor") else "*")
    if "cannot start any token" in problem:
        return quotes(line[column : column + 1])
    if "mapping values are not allowed" in problem:
        return (
            "put a text that has a colon and a space in quotes"
            if _TWO_COLONS.match(line)
            else "indent the keys of a mapping alike"
        )
    return _hint_of_structure(problem, context, line)


def _hint_of_structure(problem: str, context: str, line: str) -> str:
    if context == "while scanning a quoted scalar":
        return "the quote that begins here is not closed"
    opened = _OPENED.match(line)
    if context == "while scanning a simple key" or "expected ':'" in problem:
        if _NO_SPACE.match(line):
            return "put a space after the colon of a key"
        return "write a key, a colon and a space, or indent the line as a part of the one before"
    if opened and (context.startswith("while parsing a flow") or "expected key" in problem):
        return quotes(opened[3]) + ", or close it at its end"
    if "'-' indicator" in problem or "block" in context:
        return "indent the line as its neighbours are"
    return ""


def first_in(line: int) -> str:
    """Where the first of two alike is; "" if that is not known."""
    return f"the first is in line {line}" if line else ""


def quotes(mark: str) -> str:
    """The remedy for a text that begins with a mark that has a meaning in YAML."""
    return f"put a text that begins with {mark!r} in quotes" if mark else ""


def tag_hint(tag: str) -> str:
    """The remedy for a YAML tag."""
    if _FUNCTIONS.fullmatch(tag):
        return "it is a function of CloudFormation; write what it returns"
    return "put a text that begins with '!' in quotes"


# --- JSON -----------------------------------------------------------------------------------------


def json_error(text: str, error: JSONDecodeError) -> Finding:
    """The finding about a text that Python's parser refuses, with the line where it stumbled."""
    return Finding(
        line=error.lineno,
        kind="bad-json",
        expected="valid JSON",
        found=f"an error ({error.msg})",
        hint=_json_hint(text, error.pos, error.msg),
    )


def _json_hint(text: str, at: int, message: str) -> str:
    before = text[:at].rstrip()
    line = before.count("\n") + 1
    here, rest = text[at : at + 1], text[at:]
    if _MERGE.match(rest):
        return _MERGED
    if rest.startswith(("//", "/*", "#")):
        return "remove the comment; JSON has none"
    if here in ("}", "]") and before.endswith(","):
        return f"remove the comma at the end of line {line}"
    if not rest.strip():
        return _closing(text)
    if here in ("'", "“", "”", "„", "‘", "’", "«"):
        return f"write texts in double quotes, not in {shown(here)}"
    return _hint_of_message(before, line, rest, message)


def _hint_of_message(before: str, line: int, rest: str, message: str) -> str:
    word = re.match(r"[A-Za-z_][\w-]*", rest)
    if message.startswith("Expecting ',' delimiter"):
        return f"put a comma at the end of line {line}"
    if message.startswith("Expecting ':' delimiter"):
        return "put a colon between the key and its value"
    if word and word[0] in ("True", "False", "None"):
        return f"did you mean {'null' if word[0] == 'None' else word[0].lower()}?"
    if word:
        return "write texts and keys in double quotes"
    if message.startswith("Unterminated string"):
        return "the quote that begins here is not closed"
    if message.startswith("Invalid control character"):
        return "a text has to end on its line; close its quote"
    if message.startswith("Invalid \\"):
        return "write a backslash as \\\\"
    if message.startswith("Extra data"):
        return f"remove what follows the end of the value in line {line}"
    if rest[:1] == "," or before.endswith(","):
        return "remove the comma that has no value next to it"
    return "" if before else "write the document as `aws … --output json` prints it"


def _closing(text: str) -> str:
    """The remedy for a text that ends too early: the brackets that are still open."""
    open_: list[str] = []
    for part in re.findall(r'"(?:[^"\\]|\\.)*"|[\[\]{}]', text):
        if part in "[{":
            open_.append("]" if part == "[" else "}")
        elif part in "]}" and open_:
            open_.pop()
    missing = "".join(reversed(open_))
    return f"{missing} is missing at the end" if missing else ""
