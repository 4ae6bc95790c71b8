"""Titles, abstracts, names and addresses that try to be more than text; each names a canary of its own."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

SHAPES: tuple[str, ...] = (
    '<img src="{file}">',
    "<img src='{url}'>",
    '<b><img src="{path}" width=1 height=1></b>',
    "<html><body background={url}>x</body></html>",
    '<link rel="stylesheet" href="{url}"><p>x',
    "<style>@import url({url}); * {{ background: url({url}) }}</style>",
    '<div style="background-image: url({path})">x</div>',
    '<table background="{path}"><tr><td background="{url}">x</table>',
    '<object data="{url}" type="text/html"></object>',
    '<iframe src="{url}"></iframe>',
    '<embed src="{path}">',
    '<svg><image href="{url}" xlink:href="{path}"/></svg>',
    '<video poster="{url}" src="{path}" autoplay>',
    '<script src="{url}"></script>',
    '<meta http-equiv="refresh" content="0; url={url}">',
    '<a href="{url}" onclick="x()"><img src="{path}"></a>',
    '<ul><li style="list-style-image: url({path})">x</ul>',
    '<!DOCTYPE x [<!ENTITY e SYSTEM "{url}">]><x>&e;</x>',
    '<?xml-stylesheet href="{url}"?><x/>',
    "&lt;img src={path}&gt; &#60;img src={path}&#62;",
    "\\<img src={path}\\>",
    "![x]({path})",
    "![x]({url} 'title')",
    "[![x]({path})]({url})",
    "![x][ref]\n\n[ref]: {path}",
    "[x]: {path}\n![x]",
    "![[{path}]]",
    "[[{path}]]",
    "> [!note] ![]({path})",
    "```include\n{path}\n```",
    "`![]({path})` $![]({path})$",
    "$\\includegraphics{{{path}}}$",
    "\\input{{{path}}} \\include{{{path}}}",
    "$\\input{{{path}}}$ \\write18{{cat {path}}}",
    "\\href{{{url}}}{{\\includegraphics{{{path}}}}}",
    "{{% include '{path}' %}} {{{{ open('{path}').read() }}}}",
    "{{{{ ''.__class__.__mro__[1].__subclasses__() }}}} {path}",
    "%(path)s {path} {{0.__class__}} ${{{path}}}",
    "!!python/object/apply:builtins.open ['{path}']",
    "---\ncssclasses: !include {path}\n---",
    "=HYPERLINK(\"{url}\") =cmd|' /C cat {path}'!A0",
    "+WEBSERVICE(\"{url}\") -2+3+cmd|'{path}'",
    "@SUM(1)|'{path}'!x",
    "TY  - JOUR\nL1  - {path}\nER  - ",
    "}}, file = {{{path}}}, note = {{@misc{{x, howpublished={{{url}}}}}}}",
    "$(cat {path}) `cat {path}` ; cat {path} | sh & {path}",
    "../../../../../../{path}",
    "..\\..\\{path} C:\\{path} \\\\host\\share\\{path}",
    "{path}\0.png {path}%00.png",
    "{url}",
    "file://{path}#x file:{path} FILE://localhost{path}",
    "qrc:{path} image://{path} data:text/html,<img src={path}>",
    "\u202e<img src={path}>\u202c \u2066{path}\u2069 \u200f",
    "\x1b]8;;{url}\x07x\x1b]8;;\x07 \x1b]1337;File=name={path}\x07",
    "<b>{path}</b>\r\n\r\nSet-Cookie: x={path}",
    "<img src=\n'{path}'\n>",
    "<IMG SRC={path} ONERROR=x><ImG sRc='{path}'>",
    "<qt><img src='{path}'></qt>",
    "<p>{path}</p><img src=:{path}><img src=qrc://{path}>",
    "<a name='x'></a>" + "<div>" * 300 + "<img src='{path}'>",
)
"""Sixty; ``{path}`` is a picture that is there, ``{file}`` its address, ``{url}`` a page of a server that listens."""

URLS: tuple[str, ...] = (
    "file:///etc/passwd",
    "FILE:///etc/passwd",
    "file://localhost/etc/passwd",
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    " javascript:alert(1)",
    "\tjava\nscript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:msgbox(1)",
    "ftp://example.org/x",
    "smb://host/share/x.exe",
    "\\\\host\\share\\x.exe",
    "//example.org/x",
    "mailto:a@example.org?subject=x",
    "tel:+123456",
    "ms-msdt:/id PCWDiagnostic",
    "search-ms:query=x&crumb=location:\\\\host\\share",
    "x-scheme:run",
    "lectern://open?file=/etc/passwd",
    "about:config",
    "view-source:https://example.org/",
    "jar:https://example.org/x.jar!/x",
    "https://",
    "https:///etc/passwd",
    "https://user@example.org/",
    "https://user:password@example.org/",
    "https://arxiv.org@example.org/abs/2401.00001",
    "https://arxiv.org\\@example.org/",
    "http://example.org/\n--new-window file:///etc/passwd",
    "https://example.org:99999/",
)
"""Thirty addresses, none of which a browser is to be given."""


def texts(canaries: Path, port: int) -> list[str]:
    """Each shape with a canary of its own: ``canaries/canary-7.png``, made by :func:`lay_canaries`."""
    return [_filled(shape, canaries / f"canary-{number}.png", port) for number, shape in enumerate(SHAPES)]


def _filled(shape: str, path: Path, port: int) -> str:
    return shape.format(path=path, file=path.as_uri(), url=f"http://127.0.0.1:{port}/{path.name}")


def harmless_texts() -> list[str]:
    """Texts of the same number that are just that."""
    return [f"A quiet title with the number {number}" for number in range(len(SHAPES))]


def lay_canaries(folder: Path, picture: bytes) -> None:
    """Put a picture wherever a text might point at one."""
    folder.mkdir()
    for number in range(len(SHAPES)):
        (folder / f"canary-{number}.png").write_bytes(picture)


def listing(hostile: list[str], make_url: Callable[[int], str] = lambda number: URLS[number % len(URLS)]) -> str:
    """A listing whose titles, abstracts, names and addresses all are such texts, as the daily papers API gives it."""
    return json.dumps(
        [
            {
                "paper": {
                    "id": "" if number % 3 else f"2401.{number:05d}",
                    "title": f"{number} {text}",
                    "summary": f"Abstract {number}. {text} And so it ends. We show that {text}.",
                    "authors": [{"name": f"Author {text}"}, {"name": "Bo Tanglewood"}],
                    "publishedAt": "2026-01-02T00:00:00.000Z",
                    "organization": {"name": text, "fullname": text},
                    "githubRepo": make_url(number),
                    "projectPage": make_url(number),
                    "ai_summary": text,
                    "ai_keywords": [text],
                    "upvotes": number,
                },
                "title": f"{number} {text}",
                "numComments": 1,
                "submittedBy": {"fullname": text},
            }
            for number, text in enumerate(hostile)
        ]
    )
