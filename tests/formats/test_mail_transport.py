"""Mails as mail programs save them: many in a file, encoded, in parts, attached. No paper is lost without a word."""

from __future__ import annotations

import base64
import email.policy
from email.message import EmailMessage

import pytest

from reader.domain.dates import PartialDate
from reader.formats import arxiv_mail, registry

_BEGIN = "From no-reply@arxiv.example Fri Jan 23 00:40:12 2026\n"


def _announcement(number: int) -> str:
    rule = "-" * 78
    return (
        f"{rule}\n Submissions to:\nMoths and Lamps\n{rule}\n"
        f"\\\\\narXiv:2601.9{number:04d}\nDate: Thu, 22 Jan 2026 10:00:00 GMT   (15kb)\n\n"
        f"Title: Moths at Lamp Number {number}, Seen over a Whole Night and Counted by Hand by\n  Observers\n"
        "Authors: Ada Möth, Bo Lamp\nCategories: cs.LG\n\\\\\n  Moths = fly to lamps.\n"
        f"\\\\ ( https://arxiv.org/abs/2601.9{number:04d} ,  15kb)\n" + "%%%---" * 13 + "\n"
        "For subscribe options to combined computer science archives,\n"
    )


def _mail(number: int, encoding: str = "base64", **more: str) -> EmailMessage:
    message = EmailMessage(policy=email.policy.default.clone(max_line_length=300))
    message["From"], message["Subject"] = "no-reply@arxiv.example", "cs daily"
    message["Date"] = "Fri, 23 Jan 2026 00:40:12 -0500"
    message.set_content(_announcement(number), cte=encoding, **more)
    return message


def _outer(date: str = "Mon, 26 Jan 2026 09:00:00 +0100") -> EmailMessage:
    message = EmailMessage(policy=email.policy.default)
    message["From"], message["Subject"], message["Date"] = "cleo@fen.example", "Fwd: cs daily", date
    message.set_content("See below.\n")
    return message


def _ids(data: bytes, name: str = "mails") -> list[str | None]:
    listing, detection = registry.parse_detected(data, name)
    assert (detection.format.name, listing.problems) == ("arxiv-mail", ())
    assert all(record.authors == ("Ada Möth", "Bo Lamp") for record in listing.records)
    return [record.arxiv_id for record in listing.records]


@pytest.mark.parametrize("first", ["base64", "quoted-printable", "8bit"])
@pytest.mark.parametrize("second", ["base64", "quoted-printable", "8bit"])
@pytest.mark.parametrize("between", [_BEGIN.encode(), b""])
def test_every_mail_of_a_file_is_read(first: str, second: str, between: bytes) -> None:
    mails = (_mail(1, first), _mail(2, second), _mail(3, first))
    data = b"\n".join(between + mail.as_bytes() for mail in mails)
    assert _ids(data) == ["2601.90001", "2601.90002", "2601.90003"]
    assert _ids(data.replace(b"\n", b"\r\n")) == ["2601.90001", "2601.90002", "2601.90003"]


def test_mails_in_parts_one_after_another_are_all_read() -> None:
    mails = [_mail(number) for number in (1, 2, 3)]
    for mail in mails:
        mail.add_alternative("<p>the same in HTML</p>", subtype="html")
    for between in (_BEGIN.encode(), b""):
        assert _ids(b"\n".join(between + mail.as_bytes() for mail in mails)) == [
            "2601.90001",
            "2601.90002",
            "2601.90003",
        ]


def test_a_mail_forwarded_as_an_attachment_is_read_and_gives_its_own_date() -> None:
    forward = _outer()
    forward.add_attachment(_mail(1))
    forward.add_attachment(_mail(2, "quoted-printable"))
    assert _ids(forward.as_bytes()) == ["2601.90001", "2601.90002"]
    assert registry.parse(forward.as_bytes(), "x").heading == PartialDate(2026, 1, 23)


def test_an_attached_mail_that_was_encoded_against_the_standard_is_read() -> None:
    inner = base64.encodebytes(_mail(1).as_bytes())
    data = (
        b"From: cleo@fen.example\nSubject: Fwd: arXiv\nMIME-Version: 1.0\n"
        b'Content-Type: multipart/mixed; boundary="b"\n\n--b\nContent-Type: text/plain\n\nSee below.\n--b\n'
        b"Content-Type: message/rfc822\nContent-Transfer-Encoding: base64\n\n" + inner + b"--b--\n"
    )
    assert _ids(data) == ["2601.90001"]


@pytest.mark.parametrize("name", ["announcement.eml", "announcement.txt", "announcement.mbox"])
def test_a_mail_attached_as_a_file_is_read(name: str) -> None:
    forward = _outer()
    data = _BEGIN.encode() + _mail(1).as_bytes() + b"\n" + _BEGIN.encode() + _mail(2).as_bytes()
    forward.add_attachment(data, maintype="application", subtype="octet-stream", filename=name)
    forward.add_attachment(b"\x89PNG\r\n\x1a\n", maintype="image", subtype="png", filename="moth.png")
    assert _ids(forward.as_bytes()) == ["2601.90001", "2601.90002"]


def test_a_digest_of_mails_is_read() -> None:
    parts = "".join(f"--d\n\n{_mail(number).as_string()}\n" for number in (1, 2))
    head = "From: list@fen.example\nSubject: Digest\nMIME-Version: 1.0\nContent-Type: multipart/digest; boundary=d\n\n"
    assert _ids(f"{head}{parts}--d--\n".encode()) == ["2601.90001", "2601.90002"]


def test_a_mail_that_has_html_only_is_read() -> None:
    message = _mail(1)
    lines = "<br>\n".join(line.replace("&", "&amp;").replace("<", "&lt;") for line in _announcement(1).split("\n"))
    message.set_content(f"<html><head><style>p {{}}</style></head><body><p>{lines}</p></body></html>", subtype="html")
    assert _ids(message.as_bytes()) == ["2601.90001"]


def test_the_encoding_that_a_mail_names_is_obeyed() -> None:
    assert _ids(_mail(1, "quoted-printable", charset="iso-8859-2").as_bytes()) == ["2601.90001"]


def test_what_cannot_be_decoded_is_a_problem() -> None:
    good, bad = _mail(1, "8bit").as_bytes(), _mail(2).as_bytes().replace(b"base64", b"basis64")
    listing = registry.parse(b"\n".join(_BEGIN.encode() + mail for mail in (good, bad)), "x")
    assert [record.arxiv_id for record in listing.records] == ["2601.90001"]
    assert [problem.reason for problem in listing.problems] == [
        "This part of the mail is encoded and could not be decoded."
    ]


def test_mails_within_mails_without_end_are_never_passed_over_in_silence() -> None:
    message = _mail(1)
    for _ in range(30):
        outer = _outer()
        outer.add_attachment(message)
        message = outer
    listing = arxiv_mail.parse(message.as_bytes())
    assert listing.records or listing.problems
