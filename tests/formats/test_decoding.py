"""Bytes to text: marks, UTF-8, cp1252, and what a line is."""

import codecs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reader.formats.text_decoder import DETECTION_BYTES, clean_text, decode, decode_head, is_binary


@pytest.mark.parametrize(
    ("data", "text", "encoding", "uncertain"),
    [
        (b"plain", "plain", "utf-8", False),
        ("naïve 日本".encode(), "naïve 日本", "utf-8", False),
        ("\ufeffnaïve".encode(), "naïve", "utf-8", False),
        ("\ufeffnaïve".encode("utf-16-le"), "naïve", "utf-16-le", False),
        ("\ufeffnaïve".encode("utf-16-be"), "naïve", "utf-16-be", False),
        ("\ufeffnaïve".encode("utf-32-le"), "naïve", "utf-32-le", False),
        ("naïve – “quoted”".encode("cp1252"), "naïve – “quoted”", "cp1252", True),
        (b"undefined \x81 byte \xe9", "undefined \ufffd byte é", "cp1252", True),
        ("日本".encode()[:-1], "日\ufffd", "utf-8", True),
        (b"cut \xe9", "cut é", "cp1252", True),
        (codecs.BOM_UTF8 + b"broken \xff", "broken \ufffd", "utf-8", True),
        (codecs.BOM_UTF16_LE + b"a\x00b", "a\ufffd", "utf-16-le", True),
        (b"a\x07b\x1bc\td\x0ce", "abc\tde", "utf-8", False),
        ("\ufeffa\x07b\x00".encode("utf-16-le"), "ab", "utf-16-le", False),
    ],
)
def test_decode(data: bytes, text: str, encoding: str, uncertain: bool) -> None:
    decoded = decode(data)
    assert (decoded.text, decoded.encoding, decoded.uncertain) == (text, encoding, uncertain)


def test_lines_end_at_cr_lf_and_crlf_only() -> None:
    text = "a\r\nb\nc\rd\u2028e\u2029f\u0085g\x1dh\n\n\ri"
    assert decode(text.encode()).lines() == ["a", "b", "c", "d\u2028e\u2029f\u0085gh", "", "", "i"]


@given(st.binary(max_size=300))
def test_decoding_never_fails_and_gives_text_that_can_be_stored(data: bytes) -> None:
    text = decode(data).text
    text.encode()
    assert not set(map(chr, range(0x20))) - set("\t\n\r") & set(text)


@given(st.text(st.characters(codec="utf-8", exclude_categories=("Cc",)), max_size=200))
def test_any_text_in_utf_8_is_kept(text: str) -> None:
    decoded = decode(text.encode())
    assert (decoded.text, decoded.uncertain) == (text.removeprefix("\ufeff"), False)


def test_clean_text_replaces_what_cannot_be_stored() -> None:
    assert clean_text("a\ud800b\x00c\td\n") == "a\ufffdbc\td\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_head_of_a_long_text_is_cut_between_characters(encoding: str) -> None:
    text = "日本語x" * DETECTION_BYTES
    head = decode_head(text.encode(encoding))
    assert text.startswith(head)
    assert len(head) > DETECTION_BYTES / 4
    assert decode_head("日本".encode(encoding)) == "日本"


def test_head_of_a_long_text_in_cp1252() -> None:
    head = decode_head("é ".encode("cp1252") * DETECTION_BYTES)
    assert head == "é " * (DETECTION_BYTES // 2)


@pytest.mark.parametrize(
    ("data", "binary"),
    [
        (b"text", False),
        (b"te\x00xt", True),
        (codecs.BOM_UTF8 + b"te\x00xt", True),
        ("\ufefftext".encode("utf-16-le"), False),
        ("text".encode("utf-16-le"), True),
    ],
)
def test_is_binary(data: bytes, binary: bool) -> None:
    assert is_binary(data) is binary
