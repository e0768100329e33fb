"""Hostile texts: what becomes markup, a template, a formula or a path wherever it is not escaped.

Each has the word in MARK where a reader of the output would find it again as an element, an
attribute, a scheme or a folder.
"""

from __future__ import annotations

from random import Random

MARK = "zq7"

_MARKUP = (
    f"<{MARK} on{MARK}=1>",
    f"<script>{MARK}()</script>",
    f"<img src={MARK}:x onerror={MARK}()>",
    f'"><{MARK}>',
    f"'><{MARK}>",
    f'" on{MARK}="1',
    f"' on{MARK}='1",
    f"x on{MARK}=1 style=position:fixed",
    f"</title><{MARK}>",
    f"</textarea></style></script></pre></code><{MARK}>",
    f"]]><{MARK}/>",
    f"--><{MARK}>",
    f"<!--{MARK}",
    f"<![CDATA[{MARK}",
    f"<?{MARK} x?>",
    f'<!DOCTYPE html [<!ENTITY {MARK} "x">]>',
    f"<svg/onload={MARK}()>",
    f"<math><{MARK}></math>",
    f"<template><{MARK}>",
    f"<plaintext>{MARK}",
    f"<base href={MARK}:>",
    f'<meta http-equiv=refresh content="0;url={MARK}:">',
    f'<a href="javascript:{MARK}">{MARK}</a>',
    f"<{MARK}:x xmlns:{MARK}='x'/>",
    f"<{MARK}",
    f"<\u017fcript>{MARK}()</\u017fcript>",
    f"&lt;{MARK}&gt; &#60;{MARK}&#62; &#x3c;{MARK}",
    f"&{MARK}; &amp &amp;amp; &quot",
    f"\uff1c{MARK}\uff1e",
    f"policybook-slot-content {MARK}",
    f"</p></div></article></main><{MARK}>",
    f"<wbr><code>{MARK}</code>",
)
_SCHEMES = (
    f"javascript:{MARK}()",
    f"JaVaScRiPt:{MARK}",
    f" java\tscript:{MARK}",
    f"{MARK}:alert(1)",
    f"data:text/html,<{MARK}>",
    f"file:///{MARK}",
    f"//{MARK}.example",
    f"\\\\{MARK}\\share",
    f"vbscript:{MARK}",
    f"https://{MARK}@example.org/",
)
_TEMPLATES = (
    f"{{{{ {MARK} }}}} {{{{ 7 * 7 }}}}",
    f"{{% include '{MARK}' %}}",
    f"{{# {MARK} #}}",
    f"{{%- raw %}}{MARK}",
    f"${{{MARK}}} ${{aws:username}} ${{{MARK}, '<{MARK}>'}}",
    f"%({MARK})s %s {{0}} {{{MARK}}}",
    f"[{MARK}](javascript:{MARK}) ![{MARK}]({MARK}:x)",
    f"<javascript:{MARK}>",
    f"`<{MARK}>` ``{MARK}` `",
    f"`{MARK}",
    f"# {MARK} {{#{MARK} .{MARK} on{MARK}=1}}",
    f"| {MARK} | <{MARK}> |\n| --- | --- |",
    f"*{MARK}* __{MARK}__ ~~{MARK}~~",
    f"---\n{MARK}: x\n---",
    f'--8<-- "{MARK}"',
    f"!!python/object/apply:os.system ['{MARK}']",
    f"&{MARK} *{MARK} : - ? | > %YAML",
)
_PATHS = (
    f"../{MARK}",
    f"../../../../{MARK}/index.html",
    f"/{MARK}/",
    f"{MARK}/../..",
    f"..%2f{MARK} %2e%2e%2f{MARK}",
    f"..\\{MARK}",
    f"C:\\{MARK}",
    f"./.{MARK}/.git/config",
    ".",
    "..",
    "index.html",
    f"?{MARK}#{MARK}",
    f"#<{MARK}>",
    "CON",
    f"{MARK}.",
)
_CELLS = (
    f"={MARK}()",
    f"+{MARK}",
    f"-{MARK}",
    f"@{MARK}",
    f" ={MARK}()",
    f"\t={MARK}()",
    f"\n={MARK}()",
    f"\uff1d{MARK}()",
    f"\u00a0={MARK}",
    f'"={MARK}(),"x',
    f"x\n={MARK}(),+{MARK}",
    f"x;={MARK}",
    f"|{MARK}",
    "-1",
)
_ODD = (
    f"{MARK}\n<{MARK}>\n",
    f"\n\n{MARK}\n\n",
    " ",
    "x",
    "*",
    "?",
    "null",
    "true",
    "NaN",
    "__proto__",
    "constructor",
    f"\u212a\u0130\u0131\u00df {MARK}",
    "\uff3a\uff31\uff17 <\uff3a\uff31\uff17>",
    f"e\u0301\u0323{MARK}\u0301",
    f"\U0001f469\u200d\U0001f4bb {MARK} \U0001f3f4",
    f"\u200b\u200c\u200d\ufeff\u00ad{MARK}",
    f"\u05e9\u05dc\u05d5\u05dd {MARK} \u0645\u0631\u062d\u0628\u0627",
    f"\u180e\u2060\u3000{MARK}\u3164",
)
_LONG = (f"<{MARK}>" * 300, f"{MARK} " * 400, "A" * 1500, f"`{MARK}` " * 150, "&<>'\"" * 200)
ALLOWED = (*_MARKUP, *_MARKUP, *_SCHEMES, *_TEMPLATES, *_PATHS, *_CELLS, *_ODD)

# Control and bidirectional characters, separators of lines, no characters, half of a pair.
FORBIDDEN = (
    f"\x00{MARK}",
    f"{MARK}\r\n<{MARK}>\r\n",
    f"{MARK}\x1b[31m",
    f"{MARK}\x07",
    f"\x0b{MARK}",
    f"\x0c<{MARK}>",
    f"{MARK}\x7f",
    f"\x85{MARK}",
    f"\x9b31m{MARK}",
    f"\u202e{MARK}",
    f"{MARK}\u2066",
    f"\u2069{MARK}",
    f"{MARK}\u2028<{MARK}>",
    f"\u2029{MARK}",
    f"\ufffe{MARK}",
    f"{MARK}\uffff",
    f"\ufdd0{MARK}",
    f"\ud800{MARK}",
    f"{MARK}\udfff",
)

NAMES = (
    *(f"={MARK}", f"+{MARK}", f"-{MARK}", f"@{MARK}", f"{MARK}."),
    *(f"{MARK}..", f",{MARK},", f"{MARK}@example.org", "index.html.", "feed.xml", "constructor"),
    *("__proto__", "CON", "con.json", "-", "_", "=", "deprecated", "search", "0", "v1", "policy"),
    *(f"{MARK}--", f"--{MARK}", MARK, "all", "everything", "a" * 128, "index.json"),
)
SLUGS = (
    *("index", "feed", "con", "nul", MARK, "0", "all", "constructor", "search", "policies"),
    *(f"{MARK}-{MARK}", "a" * 120, "javascript", "content", "policybook-slot-content"),
)
PREFIXES = (
    *("s3", "sqs", "iam", "javascript", "data", "https", "file", MARK, "constructor", "con"),
    *("index", "-", "--", "all", "feed", "0", "proto"),
)
ACTION_NAMES = (
    *(
        "GetObject",
        "Get*",
        "*",
        "SendMessage",
        "PassRole",
        "Create*",
        MARK,
        f"{MARK}*",
        "__proto__",
    ),
    *("constructor", "con", "index", "-", "_", "?", "**", f"{MARK}-{MARK}", "GetObject?", "0"),
)
URLS = (
    f"https://{MARK}.example/?a=\"on{MARK}='1'<{MARK}>",
    f"https://javascript:{MARK}@example.org/#<{MARK}>",
    f"https://example.org/../../{MARK}?x=&lt;&{MARK};",
    f"https://example.org/`{MARK}`{{{{{MARK}}}}}]]>",
    f"https://[{MARK}",
    f"https://example.org\\{MARK}",
    f"https://)]({MARK}:x)",
)
ARN_PATHS = (
    *("", "service-role/", f"<{MARK}>/", f"../{MARK}/", f'"on{MARK}="1/', f"{{{{{MARK}}}}}/"),
    *(f"javascript:{MARK}/", f"]]>{MARK}/", "//", f"%2e%2e/{MARK}/", "&lt;/", "x/../../"),
)
FIELDS = ("", "*", "s3", "iam", MARK, "..", "javascript", f"<{MARK}>", "con", "any", "several", "")


class Texts:
    """The texts of one set of data, drawn by its seed.

    With `forbidden`, some of them are such that `check` has to refuse; all other draws are the same
    as without.
    """

    def __init__(self, seed: object, *, forbidden: bool) -> None:
        self.random = Random(f"texts {seed}")
        self._chosen = Random(f"forbidden {seed}")
        self._share = 0.003 if forbidden else 0.0
        self.forbidden = 0

    def text(self, *, most: int = 3) -> str:
        """A text for a field that takes any."""
        count = self.random.randint(1, most)
        joint = self.random.choice(("", " ", " ", "\n", "`"))
        found = joint.join(self.random.choice(ALLOWED) for _ in range(count))
        if self.random.random() < 0.004:
            found += self.random.choice(_LONG)
        return self._maybe_forbidden(found)

    def line(self) -> str:
        """A text for a policy document, in which it has no tab and no end of a line."""
        found = self.random.choice(ALLOWED) + self.random.choice(("", "", "*", "/*"))
        return self._maybe_forbidden(found.translate({9: " ", 10: " ", 13: " "}))

    def texts(self, most: int) -> list[str]:
        """Up to so many texts, one at least."""
        return [self.text() for _ in range(self.random.randint(1, most))]

    def one(self, of: tuple[str, ...]) -> str:
        """One of some texts of a form."""
        return self.random.choice(of)

    def chance(self, share: float) -> bool:
        """Whether something is, with that probability."""
        return self.random.random() < share

    def _maybe_forbidden(self, text: str) -> str:
        if self._chosen.random() >= self._share:
            return text
        self.forbidden += 1
        return self._chosen.choice(FORBIDDEN)
