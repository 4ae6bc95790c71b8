"""Sentences of titles and abstracts: real ones checked by hand, hard cases, and any text at all."""

import json
from pathlib import Path

import pytest
from hypothesis import given

from reader.domain.sentences import split_sentences
from tests.domain.hostile import HOSTILE_TEXT, REPEATED, assert_linear

LISTINGS = Path(__file__).parents[2].parent / "shared" / "listings"
CHECKED = Path(__file__).parent / "data" / "sentences.json"


def sentences(text: str) -> list[str]:
    return [span.of(text) for span in split_sentences(text)]


@pytest.mark.skipif(not LISTINGS.is_dir(), reason="no listings beside the checkout")
def test_real_abstracts_split_as_a_reader_would() -> None:
    """Offsets in 92 titles and abstracts (64 at random, the rest for being hard), each sentence read by a person."""
    checked = json.loads(CHECKED.read_text(encoding="utf-8"))
    lines = {path.name: path.read_text(encoding="utf-8").split("\n") for path in LISTINGS.glob("*.txt")}
    total = exact = 0
    for entry in checked:
        found = set(split_sentences(lines[entry["file"]][entry["line"] - 1]))
        total += len(entry["sentences"])
        exact += sum(tuple(span) in found for span in entry["sentences"])
    assert total >= 200
    assert exact / total >= 0.99


# Sentences are separated by "|" here; the splitter sees a space instead.
@pytest.mark.parametrize(
    "marked",
    [
        "We follow Doe et al. (2020).|It works, i.e. well, e.g. for trees.|See Fig. 2 and Eq. (3).|Good.",
        "As in Doe et al. [12], we prune.|Doe et al.|However, this is slow.",
        "It beats A vs. B, cf. Roe (2019), w.r.t. speed.|On X resp. Y it ties.",
        "Details are in Sec. III, Sec. 4.2, App. B, Tab. 3 and Refs. [4, 5].|We are done.",
        "This holds for Eq. $x=1$ and Thm. \\ref{thm:main}.|Proofs follow.",
        "Written by J. Smith and D. E. Roe.|J. Smith wrote more.|With Dr. Doe we agree.",
        "A larger budget N.|Combining both helps.|Take models A and B.|Experiments follow in dimension d.|Nice.",
        "Scores rise from 3.5 to 4.25.|In 2024.|5 more came.",
        "GPT-4.5 and Yi-1.5 are models.|We use v2.0.1 of it.|They score 91.5.|Fine.",
        "See https://example.org/a.b?c=d.e for code.|Data: example.org/data.|More at www.example.org.|we thank all.",
        "Uses Node.js and .NET.|Node.js is fast.|.NET is too.|It shows p < .05 here.",
        "iPhone sales rose.|iPhone users noticed.|nnU-Net wins!|vLLM achieves more.|gpt-4 does not.|t5 neither.",
        "In the U.S. Senate it passed.|It failed in the U.S.|We moved on.|At 5 p.m. it ended.",
        "Let $f(x) = 1. y$ hold.|Then $k$ is large.|$k$-means works.|It costs $5.|We pay $6.|Over \\(a. b\\) it holds.",
        "As shown \\cite{doe.2020. roe}.|\\emph{Why does it work?}|\\textbf{Nobody knows.}|We ask.",
        "Terms x_1, ..., x_n vanish.|Trees, nets, ... they all do.|And then...|Nothing happened… nothing at all.|Yes.",
        "Is it so?|Yes!|Really?!|No way.|What?|3D models too.",
        'She said "Stop."|Then "Go. Now." was heard.|“Why? How?” are questions.|The so-called "end".|Over.',
        "It is ``open.''|We checked (and it was.)|(We left. They stayed.)|Done (see below, e.g. Sec. 2).|Bye.",
        "Which is best (why? how?) Transformers ask.|We do not.",
        "We show: 1) trees grow; 2) leaves fall, (i) in autumn and (ii) in spring.|Points: 1. We grow.|2. We fall.",
        "Three steps.|1. Plant it.|2. Water it.|(3) Wait.|(iv) Harvest.",
        "(a) Why?|(b) How?|To answer (a), we look.",
        "New state of the art.|3D vision.|No. 5 wins.|The answer is no.|Trees etc. grow.|Trees, nets, etc.|Nets fail.",
        "As in Jan. 2020 and on Dec. 8, sales fell.|It took 5 min.|The end.|We use at most 5 max. 7 steps.",
        "Yahoo! Answers is a corpus.|Yahoo! is a firm.",
        "Doe Inc. sells trees.|We buy from Doe Inc.|They deliver.|He holds a Ph.D. in botany.",
        "Trees grow.[12]|Nets catch.*|It is **bold.**|We end.",
        "Lower case after a stop.|experiments show it.|trees agree.",
    ],
)
def test_hard_cases(marked: str) -> None:
    assert sentences(marked.replace("|", " ")) == marked.split("|")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("模型很好。我们使用它！为什么？因为。", ["模型很好。", "我们使用它！", "为什么？", "因为。"]),
        ("他说：“很好。”我们同意。", ["他说：“很好。”", "我们同意。"]),
        ("“真的吗？”他问。", ["“真的吗？”他问。"]),
        ("यह अच्छा है। हम खुश हैं।", ["यह अच्छा है।", "हम खुश हैं।"]),
        ("It scales to many models.We show it (on trees).We stop.", None),
        ("torch.Tensor objects, e.g. pandas.DataFrame ones", ["torch.Tensor objects, e.g. pandas.DataFrame ones"]),
        ("better utilization.TreeNet grows", ["better utilization.", "TreeNet grows"]),
        ("No stop here\n\nBut a paragraph\nthat wraps", ["No stop here", "But a paragraph\nthat wraps"]),
        ("We show:\n- one;\n- two\n  lines.\n1. three", ["We show:", "- one;", "- two\n  lines.", "1. three"]),
        ("(never closed. But it ends. " + "long " * 100, None),
        ("", []),
        (" \n\t", []),
        ("...", ["..."]),
    ],
)
def test_other_texts(text: str, expected: list[str] | None) -> None:
    if expected is None:
        assert len(sentences(text)) == 3
    else:
        assert sentences(text) == expected


@given(HOSTILE_TEXT)
def test_spans_hold_everything_but_white_space_in_order(text: str) -> None:
    end = 0
    for span in split_sentences(text):
        assert span.start < span.end <= len(text)
        assert span.of(text) == span.of(text).strip()
        assert not text[end : span.start].strip()
        assert span.start >= end
        end = span.end
    assert not text[end:].strip()


@pytest.mark.parametrize("piece", REPEATED)
def test_a_hostile_text_takes_no_more_than_linear_time(piece: str) -> None:
    assert_linear(split_sentences, piece)
