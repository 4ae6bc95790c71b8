"""Other distributions of the same package are refused with a sentence."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from reader.index import SearchEngineError, check_engine
from reader.index.engine import DISTRIBUTION, VERSION

ROOT = Path(__file__).parents[2]
IMPORTING = """
import sys
from reader.domain.errors import LibraryError
try:
    import reader.index
except LibraryError as error:
    print(error)
    sys.exit(3)
"""


def refusal(overwritten: Path) -> str:
    """What importing the index says where the package ``whoosh`` is another."""
    ran = subprocess.run(
        [sys.executable, "-c", f"import sys; sys.path[:0] = [{str(overwritten)!r}, {str(ROOT)!r}]\n{IMPORTING}"],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert ran.returncode == 3, ran.stderr
    return ran.stdout


def test_this_engine_is_the_one() -> None:
    check_engine()


@pytest.mark.parametrize("content", ["__version__ = (2, 7, 4)", "", "raise ImportError('broken')"])
def test_an_overwritten_package_is_refused(tmp_path: Path, content: str) -> None:
    (tmp_path / "whoosh").mkdir()
    (tmp_path / "whoosh" / "__init__.py").write_text(content)
    said = refusal(tmp_path)
    assert f"pip install --force-reinstall {DISTRIBUTION}=={VERSION}" in said
    assert ("2.7.4" in said) == ("2" in content)


def test_another_version_of_the_distribution_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("reader.index.engine.metadata.version", lambda name: "3.55.0")
    with pytest.raises(SearchEngineError, match=r"pip install --force-reinstall whoosh3==3\.54\.0"):
        check_engine()
