"""Reading queries: every operator, every field word, and texts that make no sense."""

from __future__ import annotations

import time
from datetime import date

import pytest
from hypothesis import example, given

from reader.domain.papers import PaperState
from reader.domain.query import (
    And,
    ArxivTerm,
    DateField,
    DateRange,
    DoiTerm,
    Everything,
    Flag,
    FlagTerm,
    Fuzzy,
    LabelTerm,
    ListingTerm,
    Node,
    Not,
    NumberField,
    NumberRange,
    Or,
    ParsedQuery,
    Phrase,
    Prefix,
    StateTerm,
    TagTerm,
    TextField,
    Unknown,
    Word,
    leaves,
    parse_query,
)
from tests.examples import examples

from .strategies import TODAY, query_texts

A, B, C = Word("a"), Word("b"), Word("c")


def parse(text: str, *, typing: bool = False) -> ParsedQuery:
    return parse_query(text, typing=typing, today=TODAY)


@pytest.mark.parametrize(
    ("text", "node"),
    [
        ("", Everything()),
        ("  \t ", Everything()),
        ("sparse", Word("sparse")),
        ("Sparse Masks", And((Word("sparse"), Word("masks")))),
        ("a AND b", And((A, B))),
        ("a OR b", Or((A, B))),
        ("a b OR c", Or((And((A, B)), C))),
        ("a (b OR c)", And((A, Or((B, C))))),
        ("(a b) c", And((A, B, C))),
        ("a and b", And((A, Word("and"), B))),
        ("-a", Not(A)),
        ("NOT a", Not(A)),
        ("a AND NOT b", And((A, Not(B)))),
        ("-(a OR b) c", And((Not(Or((A, B))), C))),
        ("NOT NOT a", A),
        ("-(-a)", A),
        ("a - b", And((A, B))),
        ("a --b", And((A, B))),
        ("diff*", Prefix("diff")),
        ("Diff*", Prefix("diff")),
        ("term~", Fuzzy("term")),
        ('"a b"', Phrase(("a", "b"))),
        ("“a b”", Phrase(("a", "b"))),
        ('"a"', Phrase(("a",))),
        ('"a b"*', Phrase(("a", "b"), open_ended=True)),
        ('"a"*', Prefix("a")),
        ("gpt-4", Phrase(("gpt", "4"))),
        ("gpt-4*", Phrase(("gpt", "4"), open_ended=True)),
        ("naïve", Word("naive")),
        (r"$\mathbb{USCD}$", Word("uscd")),
        ("模型", Phrase(("模", "型"))),
        ("a & b", And((A, B))),
        ("f(x)", And((Word("f"), Word("x")))),
        ("title:a", Word("a", TextField.TITLE)),
        ("TITLE:a", Word("a", TextField.TITLE)),
        ("abstract:a*", Prefix("a", TextField.ABSTRACT)),
        ("note:a~", Fuzzy("a", TextField.NOTE)),
        ('highlight:"a b"', Phrase(("a", "b"), TextField.HIGHLIGHT)),
        ("org:lab", Word("lab", TextField.ORGANIZATION)),
        ("organisation:lab", Word("lab", TextField.ORGANIZATION)),
        ("author:o'neil", Phrase(("o", "neil"), TextField.AUTHOR)),
        ("title:(a OR b)", Or((Word("a", TextField.TITLE), Word("b", TextField.TITLE)))),
        ("title:(a note:b)", And((Word("a", TextField.TITLE), Word("b", TextField.NOTE)))),
        ("tag:rl", TagTerm("rl")),
        ("tag:=rl", TagTerm("rl", exact=True)),
        ("-tag:x", Not(TagTerm("x"))),
        ('tag:"machine learning/rl"', TagTerm("machine learning/rl")),
        ('tag:="a ""b"""', TagTerm('a "b"', exact=True)),
        ("label:claim", LabelTerm("claim")),
        ("listing:2025-12-08", ListingTerm("2025-12-08")),
        ('listing:"Dec 8"', ListingTerm("Dec 8")),
        ("is:unseen", FlagTerm(Flag.UNSEEN)),
        ("is:seen", Not(FlagTerm(Flag.UNSEEN))),
        ("is:unread", FlagTerm(Flag.UNSEEN)),
        ("is:read", Not(FlagTerm(Flag.UNSEEN))),
        ("in:done", StateTerm(PaperState.DONE)),
        ("IN:Inbox", StateTerm(PaperState.INBOX)),
        ("in:queue", StateTerm(PaperState.QUEUED)),
        ("in:document", FlagTerm(Flag.DOCUMENT)),
        ("-in:Document", Not(FlagTerm(Flag.DOCUMENT))),
        ("state:done", StateTerm(PaperState.DONE)),
        ("-state:queue", Not(StateTerm(PaperState.QUEUED))),
        ("from:a", Word("a", TextField.AUTHOR)),
        ("from:(a OR b)", Or((Word("a", TextField.AUTHOR), Word("b", TextField.AUTHOR)))),
        ("year:2025", DateRange(DateField.PUBLISHED, date(2025, 1, 1), date(2025, 12, 31))),
        ("#rl", TagTerm("rl")),
        ("-#ml/rl", Not(TagTerm("ml/rl"))),
        ("#=rl", TagTerm("rl", exact=True)),
        ('(#"machine learning" OR a)', Or((TagTerm("machine learning"), A))),
        ("a#b", Phrase(("a", "b"))),
        ("# a", A),
        ("is:starred", FlagTerm(Flag.STARRED)),
        ("is:buried", FlagTerm(Flag.BURIED)),
        ("is:snoozed", FlagTerm(Flag.BURIED)),
        ("is:inbox", StateTerm(PaperState.INBOX)),
        ("is:Dismissed", StateTerm(PaperState.DISMISSED)),
        ("has:note", FlagTerm(Flag.NOTE)),
        ("has:highlights", FlagTerm(Flag.HIGHLIGHT)),
        ("has:code", FlagTerm(Flag.CODE)),
        ("has:tags", FlagTerm(Flag.TAGS)),
        ("date:2025-01..2025-06", DateRange(DateField.PUBLISHED, date(2025, 1, 1), date(2025, 6, 30))),
        ("date:<30d", DateRange(DateField.PUBLISHED, date(2026, 2, 3), None)),
        ("added:<7d", DateRange(DateField.ADDED, date(2026, 2, 26), None)),
        ("seen:2026-03..2026-05", DateRange(DateField.SEEN, date(2026, 3, 1), date(2026, 5, 31))),
        ("seen:spring", DateRange(DateField.SEEN, date(2026, 3, 1), date(2026, 5, 31))),
        ("comments:>5", NumberRange(NumberField.COMMENTS, 6, None)),
        ("upvotes:>50", NumberRange(NumberField.UPVOTES, 51, None)),
        ("authors:>10", NumberRange(NumberField.AUTHORS, 11, None)),
        ("arxiv:2401.00001v2", ArxivTerm("2401.00001")),
        ("2401.00001", ArxivTerm("2401.00001")),
        ("https://arxiv.org/abs/2401.00001", ArxivTerm("2401.00001")),
        ("doi:10.5555/Tide.7", DoiTerm("10.5555/Tide.7")),
        ('doi:"10.5555/(SICI)7:1"', DoiTerm("10.5555/(SICI)7:1")),
        ("doi:https://doi.org/10.5555/tide", DoiTerm("10.5555/tide")),
        ("10.5555/tide", DoiTerm("10.5555/tide")),
        ("https://dx.doi.org/10.5555/tide", DoiTerm("10.5555/tide")),
        ("doi:10.48550/arXiv.2401.00001", ArxivTerm("2401.00001")),
        ("https://doi.org/10.48550/arXiv.2401.00001", ArxivTerm("2401.00001")),
    ],
)
def test_what_a_query_means(text: str, node: Node) -> None:
    parsed = parse(text)
    assert parsed.node == node
    assert parsed.messages == ()


@pytest.mark.parametrize(
    ("text", "node", "about"),
    [
        ("foo:bar", Phrase(("foo", "bar")), "There is no field “foo:”"),
        ("a AND", A, "“AND” at the end has nothing to join; it is left out."),
        ("a OR (", A, "“OR” at the end has nothing to join; it is left out."),
        ("a NOT", A, "“NOT” at the end has nothing to join; it is left out."),
        ("OR a", And((Word("or"), A)), "“OR” has nothing to join"),
        ("(a OR )", And((A, Word("or"))), "“OR” has nothing to join"),
        ("di*f", Phrase(("di", "f")), "at its end only"),
        ("(a", A, "A parenthesis is not closed"),
        ("a)", A, "without an opening one"),
        ('"a b', Phrase(("a", "b")), "A quote is not closed"),
    ],
)
def test_what_is_not_understood_is_taken_as_words_and_said(text: str, node: Node, about: str) -> None:
    parsed = parse(text)
    assert parsed.node == node
    assert about in parsed.messages[-1]
    assert len(parsed.messages) == 1 + (text == "a OR (")


@pytest.mark.parametrize(
    ("part", "sentence"),
    [
        ("is:foo", "Unknown value “foo” for is:. Try is:unseen."),
        ("is:unsen", "Unknown value “unsen” for is:. Try is:unseen."),
        ("is:star", "Unknown value “star” for is:. Try is:starred."),
        ("in:documnt", "Unknown value “documnt” for in:. Try in:document."),
        ("state:document", "Unknown value “document” for state:. Try state:done."),
        ("in:nowhere", "Unknown value “nowhere” for in:. Try in:done."),
        ("STATE:dnoe", "Unknown value “dnoe” for state:. Try state:done."),
        ("has:pictures", "Unknown value “pictures” for has:. Try has:note."),
        ("date:banana", "Unknown value “banana” for date:. Try date:2025-01..2025-06."),
        ("date:last-week", "Unknown value “last-week” for date:. Try date:<7d."),
        ("added:yesterdy", "Unknown value “yesterdy” for added:. Try added:yesterday."),
        ("year:soon", "Unknown value “soon” for year:. Try year:2025."),
        ("comments:>abc", "Unknown value “>abc” for comments:. Try comments:>5."),
        ("comments:many", "Unknown value “many” for comments:. Try comments:>5."),
        ("arxiv:x", "Unknown value “x” for arxiv:. Try arxiv:2401.00001."),
        ("doi:tide", "Unknown value “tide” for doi:. Try doi:10.1000/182."),
        ("sort:size", "Unknown value “size” for sort:. Try sort:date."),
        ("sort:tilte", "Unknown value “tilte” for sort:. Try sort:title."),
        ("tag:", "“tag:” needs a value right after it. Try tag:rl."),
        ('label:""', "“label:” needs a value right after it. Try label:claim."),
        ("sort:", "“sort:” needs a value right after it. Try sort:date."),
        ("note:", "“note:” needs a word right after it, as in note:word."),
        ("from:…", "“from:” needs a word right after it, as in from:word."),
    ],
)
def test_a_field_with_a_value_it_does_not_know_finds_nothing_and_says_so(part: str, sentence: str) -> None:
    inside = (part, f"-{part}", f"a {part} b", f"a OR {part} ", f"-(a {part})", f"NOT NOT {part}", f"(a OR -{part})")
    for text in inside:
        for typing in (False, True):
            parsed = parse(text, typing=typing)
            assert isinstance(parsed.node, Unknown), text
            is_begun = typing and text.endswith(part) and part.endswith((":", '""'))
            assert parsed.messages == (() if is_begun else (sentence,)), text


@pytest.mark.parametrize("text", ["😀", "%_", "& -", '"…"', "!", '""', "(", "-", "title:()", "sort:title …", "()"])
def test_a_query_without_any_word_finds_nothing_and_says_so(text: str) -> None:
    parsed = parse(text)
    assert isinstance(parsed.node, Unknown)
    assert parsed.messages[-1] == "There is no letter or digit to search for."
    assert isinstance(parse(text, typing=True).node, Unknown)
    for begun in ("", " ", '"', "(", "-", "*", "a & b", "title:("):
        assert "no letter" not in "".join(parse(begun, typing=True).messages)


@pytest.mark.parametrize("text", ["", " ", "sort:title", " sort:date  sort:added"])
def test_only_where_nothing_is_asked_for_is_everything_found(text: str) -> None:
    assert isinstance(parse(text).node, Everything)


@pytest.mark.parametrize(
    ("text", "right"),
    [
        ("is:unsen a", "is:unseen a"),
        ("autor:hinton", "author:hinton"),
        ("tilte:a autor:b is:strred", "title:a author:b is:starred"),
        ("date:last-week OR a", "date:<7d OR a"),
        ("is:unsen is:foo", None),
        ("colour:red", None),
        ("year:2025", None),
        ("a", None),
    ],
)
def test_what_was_nearly_understood_is_put_right(text: str, right: str | None) -> None:
    assert parse(text).correction == right
    assert parse(text, typing=True).correction == right


@given(query_texts)
@example("low OR ")
@example("title: ")
@example('"a b ')
@example("a (is:un ")
@examples(400)
def test_a_blank_at_the_end_makes_typing_no_different(text: str) -> None:
    whole, typed = parse(text.strip()), parse(f"{text.strip()} ", typing=True)
    assert (typed.node, typed.sort) == (whole.node, whole.sort)
    assert set(typed.messages) <= set(whole.messages)


@pytest.mark.parametrize(
    ("text", "node"),
    [
        ("dif", Prefix("dif", typed=True)),
        ("a dif", And((A, Prefix("dif", typed=True)))),
        ("dif ", Word("dif")),
        ("title:dif", Prefix("dif", TextField.TITLE, typed=True)),
        ("a OR b", Or((A, Prefix("b", typed=True)))),
        ("-dif", Not(Word("dif"))),
        ("-(a dif", Not(And((A, Word("dif"))))),
        ("NOT dif", Not(Word("dif"))),
        ('"a b', Phrase(("a", "b"), open_ended=True)),
        ('"a b ', Phrase(("a", "b"))),
        ('"a b"', Phrase(("a", "b"))),
        ("gpt-4", Phrase(("gpt", "4"), open_ended=True)),
        ("dif~", Fuzzy("dif")),
        ("a title:", Unknown()),
        ("a is:", Unknown()),
        ("a sort:", Unknown()),
        ("a OR", A),
        ("a AND", A),
        ("a -", A),
        ("a (", A),
        ("a NOT", A),
        ("tag:x", TagTerm("x")),
    ],
)
def test_while_typing_the_last_word_goes_on_and_what_is_begun_is_not_complained_of(text: str, node: Node) -> None:
    parsed = parse(text, typing=True)
    assert parsed.node == node
    assert parsed.messages == ()


@pytest.mark.parametrize("name", ["date", "added", "title", "comments", "upvotes", "queue", "relevance"])
def test_an_order_is_no_condition(name: str) -> None:
    parsed = parse(f"a sort:{name} b")
    assert parsed.node == And((A, B))
    assert parsed.sort == name


def test_the_last_order_counts() -> None:
    assert parse("sort:title sort:date").sort == "date"


def test_parts_and_their_spans() -> None:
    parsed = parse('sparse  -tag:x (a OR b) sort:title title:(d e) "f g"')
    assert [chip.text for chip in parsed.chips] == [
        "sparse",
        "-tag:x",
        "(a OR b)",
        "sort:title",
        "d",
        "e",
        '"f g"',
    ]
    assert all(parsed.text[chip.start : chip.end] == chip.text for chip in parsed.chips)
    assert [chip.text for chip in parse("a b OR NOT c").chips] == ["a b", "NOT c"]


def test_at_most_500_characters() -> None:
    parsed = parse("a" * 499 + " " + "b")
    assert parsed.node == Word("a" * 499)
    assert parsed.messages == ("Only the first 500 characters are searched for.",)


def test_at_most_32_terms() -> None:
    parsed = parse(" ".join(f"w{i}" for i in range(40)))
    assert len(list(leaves(parsed.node))) == 32
    assert parsed.messages == ("Only the first 32 words are searched for.",)


def test_at_most_20_levels() -> None:
    deepest = A
    text = "a"
    for _ in range(20):
        text = f"-(b {text})"
        deepest = Not(And((B, deepest)))
    assert parse(text).node == deepest
    deeper = parse(f"-(c {text})")
    assert deeper.messages == ("Parentheses more than 20 deep are left out.",)


@given(query_texts)
@example("note:( AND sort:title")
@example("title: OR AND sort:title AND")
@example("a OR b sort:title c")
@example("(a sort:title)")
@examples(400)
def test_no_text_is_refused(text: str) -> None:
    for typing in (False, True):
        parsed = parse(text, typing=typing)
        assert len(list(leaves(parsed.node))) <= 32
        assert all(message.endswith(".") for message in parsed.messages)
        assert all(parsed.text[chip.start : chip.end] == chip.text for chip in parsed.chips)
        assert all(one.end <= two.start for one, two in zip(parsed.chips, parsed.chips[1:], strict=False))


@pytest.mark.parametrize(
    "piece", ["(", ")", "-", "(-", '"', "NOT ", "a OR ", "title:(", "a*", "~", "tag:", "\\{", "((a) ", "(-(OR "]
)
def test_repetitions_are_read_quickly(piece: str) -> None:
    text = piece * (100_000 // len(piece))
    start = time.process_time()
    parse(text)
    parse(text[:500], typing=True)
    assert time.process_time() - start < 0.5
