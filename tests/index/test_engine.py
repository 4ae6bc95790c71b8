"""Other distributions of the same package are refused with a sentence."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from reader.index import check_engine
from reader.index.engine import DISTRIBUTION, VERSION
from tests.patience import PATIENCE

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
        timeout=PATIENCE,
        check=False,
    )
    assert ran.returncode == 3, ran.stderr
    return ran.stdout


def test_this_engine_is_the_one() -> None:
    check_engine()


@pytest.mark.parametrize(
    ("content", "found"),
    [
        ("__version__ = (2, 7, 4)", "2.7.4"),
        ("__version__ = (3, 55, 0)", "3.55.0"),
        ("", "needs the package"),
        ("raise ImportError('broken')", "needs the package"),
    ],
)
def test_another_package_of_the_name_is_refused(tmp_path: Path, content: str, found: str) -> None:
    (tmp_path / "whoosh").mkdir()
    (tmp_path / "whoosh" / "__init__.py").write_text(content)
    said = refusal(tmp_path)
    assert f"pip install --force-reinstall {DISTRIBUTION}=={VERSION}" in said
    assert found in said
