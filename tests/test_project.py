"""The project's own promises: its commands, its documents, its sample, what it ships, and what it must not contain."""

import ast
import configparser
import importlib.metadata
import os
import plistlib
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from functools import cache
from pathlib import Path

import click
import pytest
from hypothesis import settings

from reader import __version__
from reader.cli import cli
from reader.domain.records import ParsedListing
from reader.formats import registry
from reader.services.resources import resource_path
from tests.examples import TIMES, examples

ROOT = Path(__file__).resolve().parents[1]
DOCUMENTS = sorted([*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("resources/**/*.md")])
DECISIONS = sorted((ROOT / "docs/decisions").glob("[0-9]*.md"))
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
needs_make = pytest.mark.skipif(shutil.which("make") is None, reason="no make on this system")
SHARED_LISTINGS = ROOT.parent / "shared" / "listings"


def read(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


def tracked_files() -> list[Path]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True)
    if listed.returncode != 0:
        pytest.skip("not a git checkout")
    return [path for name in listed.stdout.split("\0") if name and (path := ROOT / name).is_file()]


@cache
def sample() -> ParsedListing:
    path = resource_path("sample", "daily-papers-sample.txt")
    return registry.parse(path.read_bytes(), path.name)


# --- commands ---------------------------------------------------------------------------------------------------------


def make_targets() -> set[str]:
    return set(re.findall(r"^([a-z]+):", read("Makefile"), re.MULTILINE))


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_make_command_a_document_names_exists(document: Path) -> None:
    named = set(re.findall(r"`make ([a-z]+)|^make ([a-z]+)", document.read_text("utf-8"), re.MULTILINE))
    assert {target for pair in named for target in pair if target} <= make_targets()


@needs_make
def test_plain_make_explains_every_command() -> None:
    shown = subprocess.run(["make", "-s"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert set(re.findall(r"^make ([a-z]+)", shown, re.MULTILINE)) == make_targets() - {"help"}


@needs_make
def test_make_passes_over_a_python_that_is_too_old(tmp_path: Path) -> None:
    make, shell = shutil.which("make"), shutil.which("sh")
    for name, answer in {"python3": 1, "python3.13": 0, "python3.12": 0}.items():
        (tmp_path / name).write_text(f"#!{shell}\nexit {answer}\n")
        (tmp_path / name).chmod(0o755)
    variables = {name: value for name, value in os.environ.items() if name not in ("PYTHON", "MAKEFLAGS")}
    shown = subprocess.run(
        [make, "-s", "-n", "run"], cwd=ROOT, env={**variables, "PATH": str(tmp_path)}, capture_output=True, text=True
    ).stdout
    assert shown.split()[0] == "python3.13"


@needs_make
@pytest.mark.parametrize("target", ["run", "test", "format", "bench", "soak"])
def test_make_uses_the_python_that_is_named_whatever_was_used_before(target: str) -> None:
    variables = {name: value for name, value in os.environ.items() if name not in ("PYTHON", "MAKEFLAGS")}
    lines = [
        subprocess.run(["make", "-s", "-n", target, *named], cwd=ROOT, env=variables, capture_output=True, text=True)
        .stdout.splitlines()[0]
        .split()
        for named in (["PYTHON=my-python"], [])
    ]
    assert [lines[0][0], lines[0][-1], lines[1][-1]] == ["my-python", "--this-python", lines[0][-2]]


@needs_make
@pytest.mark.parametrize(
    ("given", "run"),
    [
        ("", "tests/benchmarks"),
        ("-k effort", "tests/benchmarks -k effort"),
        ("tests/benchmarks/test_lists.py", "tests/benchmarks/test_lists.py"),
        ("--benchmark-timer=time.thread_time ./tests/benchmarks/test_lists.py::test_it",
         "--benchmark-timer=time.thread_time ./tests/benchmarks/test_lists.py::test_it"),
    ],
)  # fmt: skip
def test_make_bench_runs_the_files_that_are_named_and_no_others(given: str, run: str) -> None:
    command = ["make", "-s", "-n", "bench", f"ARGS={given}"]
    shown = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert shown.splitlines()[-1].partition(" -m pytest ")[2].strip() == run


def test_every_benchmark_that_is_named_exists() -> None:
    named = re.findall(r"tests/benchmarks/\w+\.py", read("docs/performance.md"))
    assert named
    assert [path for path in named if not (ROOT / path).is_file()] == []


def test_readme_gives_the_commands_that_set_everything_up() -> None:
    assert {"make run", "make test"} <= set(re.findall(r"^make \w+", read("README.md"), re.MULTILINE))


def test_ci_runs_what_everybody_runs() -> None:
    script = ROOT / ".ci/run"
    lines = [line for line in script.read_text("utf-8").splitlines() if line and not line.startswith("#")]
    assert os.access(script, os.X_OK)
    assert lines[-1] == "make test"
    assert all(line.split()[0] in ("set", "cd", "make") for line in lines)


def test_properties_are_tried_as_in_a_fresh_clone_and_more_often_under_soak() -> None:
    own = examples(7)
    assert (own.database, own.deadline, own.max_examples) == (None, None, 7 * TIMES)
    assert settings().max_examples == 100 * TIMES
    assert "soak: export LECTERN_EXAMPLES := 10\n" in read("Makefile")


GOES_BY_THE_CLOCK = re.compile(
    r"assert .*\b(?:monotonic|perf_counter|time)\(\).*<|\bperf_counter\(\)|waitUntil\(.*timeout="
    r"|(?:communicate|result|join|wait_for)\((?:timeout=)?\d|settings\((?:max_examples|deadline)=\d"
)


def test_no_test_goes_by_the_clock() -> None:
    """None asserts seconds on the wall or gives up after some: such tests fail on a machine that is busy."""
    helpers = {ROOT / "tests/patience.py", ROOT / "tests/ui/conftest.py", Path(__file__)}
    paths = set((ROOT / "tests").rglob("*.py")) - set((ROOT / "tests/benchmarks").rglob("*.py")) - helpers
    found = [
        f"{path.relative_to(ROOT)}: {line.strip()}"
        for path in sorted(paths)
        for line in path.read_text("utf-8").splitlines()
        if GOES_BY_THE_CLOCK.search(line)
    ]
    assert found == []


def readme_examples() -> list[str]:
    return [line.split("#")[0].strip() for line in read("README.md").splitlines() if line.startswith("lectern ")]


@pytest.mark.parametrize("example", readme_examples())
def test_readme_examples_use_commands_and_options_that_exist(example: str) -> None:
    words = example.split()[1:]
    command: click.Command = cli.commands.get(words[0], cli)
    options = {name for parameter in command.params for name in parameter.opts}
    assert {word for word in words if word.startswith("--")} <= options
    assert command is not cli or not words[0].isalpha()


# --- documents --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_links_between_documents_lead_somewhere(document: Path) -> None:
    links = re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", document.read_text("utf-8"))
    local = [link for link in links if not re.match(r"[a-z]+:", link)]
    assert [link for link in local if not (document.parent / link).exists()] == []


def test_examples_of_timers_are_well_formed() -> None:
    text = read("docs/subscriptions.md")
    (job,) = re.findall(r"```xml\n(.*?)```", text, re.DOTALL)
    assert plistlib.loads(job.encode())["ProgramArguments"][1:] == ["fetch"]
    units = [configparser.ConfigParser(interpolation=None) for _ in range(2)]
    for unit, example in zip(units, re.findall(r"```ini\n(.*?)```", text, re.DOTALL), strict=True):
        unit.read_string(example)
    service, timer = units
    assert service["Service"]["ExecStart"].endswith("/lectern fetch")
    assert timer.sections() == ["Unit", "Timer", "Install"]
    assert "fetch" in cli.commands


def test_every_dependency_has_its_reason() -> None:
    project = PROJECT["project"]
    extras = project["optional-dependencies"]
    declared = [*project["dependencies"], *(line for extra in extras.values() for line in extra)]
    names = {re.split(r"[<>=!;\s\[]", requirement)[0] for requirement in declared}
    rows = re.findall(r"^\| ([\w.-]+) \| (.+?) \|", read("docs/dependencies.md"), re.MULTILINE)
    explained = {name for name, reason in rows if name not in ("package", "---") and reason.strip()}
    assert explained == names - {"lectern"}  # the extra for development takes in others


def imported_packages(folder: str) -> set[str]:
    """The top-level names that a folder's modules import, other than the standard library's and ours."""
    names: set[str] = set()
    for path in (ROOT / folder).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.Import):
                names |= {alias.name.split(".")[0] for alias in node.names}
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                names.add(node.module.split(".")[0])
    return names - sys.stdlib_module_names - {"reader", "tests"}


def normal(distribution: str) -> str:
    """A distribution's name as it is compared (https://packaging.python.org/en/latest/specifications/name-normalization/)."""
    return re.sub(r"[-_.]+", "-", distribution).lower()


def test_what_is_imported_is_declared_and_nothing_else_is() -> None:
    distributions = importlib.metadata.packages_distributions()
    extras = PROJECT["project"]["optional-dependencies"]
    declared, optional = (
        {normal(re.split(r"[<>=!;\s\[]", line)[0]) for line in lines}
        for lines in (PROJECT["project"]["dependencies"], extras["remote"] + extras["keyring"])
    )
    bringing = {name: {normal(each) for each in distributions[name]} for name in imported_packages("reader")}
    brought_along = {
        "shiboken6": "pyside6-essentials",  # the package says so itself and needs its very version
        "httpx": "webdav4",
        "aiobotocore": "s3fs",
        "botocore": "s3fs",
        "asyncssh": "sshfs",
    }
    known = declared | optional
    undeclared = {
        name for name, givers in bringing.items() if not givers & known and brought_along.get(name) not in known
    }
    assert undeclared == set()
    assert known - set().union(*bringing.values()) == set()


def test_decisions_are_numbered_indexed_and_complete() -> None:
    index = read("docs/decisions/README.md")
    assert [int(page.name[:4]) for page in DECISIONS] == list(range(1, len(DECISIONS) + 1))
    for page in DECISIONS:
        text = page.read_text("utf-8")
        assert f"({page.name})" in index
        assert text.startswith(f"# {int(page.name[:4])}. ")
        for part in ("Context", "Decision", "Consequences"):
            assert f"**{part}.**" in text, f"{page.name} lacks its {part.lower()}"


def test_changelog_covers_this_version() -> None:
    sections = re.findall(r"^## \[(.+?)\]", read("CHANGELOG.md"), re.MULTILINE)
    assert sections[0] == "Unreleased" or sections[0] == __version__


def test_license_is_the_one_declared() -> None:
    assert PROJECT["project"]["license"] == "MIT"
    assert read("LICENSE").startswith("MIT License\n")


# --- the sample -------------------------------------------------------------------------------------------------------


def test_sample_parses_whole() -> None:
    listing = sample()
    assert listing.format == "plain"
    assert len(listing.records) == 40
    assert listing.problems == ()
    assert len({record.title for record in listing.records}) == 40


def test_sample_is_marked_as_invented() -> None:
    first = sample().records[0]
    assert "invented" in first.title.lower()
    assert "do not exist" in first.abstract
    assert "invented" in resource_path("sample", "README.md").read_text("utf-8")


def test_sample_is_as_uneven_as_real_pages() -> None:
    records = sample().records
    assert all(500 <= len(record.abstract) <= 1_600 for record in records)
    assert any(record.title.endswith("?") for record in records)
    assert any(record.title.endswith(".") for record in records)
    assert any("$" in record.title for record in records)
    assert max(len(record.title) for record in records) >= 170
    assert any(record.organization for record in records)
    assert any(record.author_count for record in records)
    assert any(record.published is None for record in records)
    assert {record.comments is None for record in records} == {True, False}
    assert {record.published.year is None for record in records if record.published} == {True, False}


def test_sample_links_nowhere_real() -> None:
    links = re.findall(r"https?://\S+", "\n".join(record.abstract for record in sample().records))
    assert links
    assert all(link.startswith("https://github.com/example/") for link in links)


@pytest.mark.skipif(not SHARED_LISTINGS.is_dir(), reason="no real listings here")
def test_sample_holds_nothing_of_real_listings() -> None:
    real = "\n".join(path.read_text("utf-8") for path in SHARED_LISTINGS.glob("*.txt"))
    for record in sample().records:
        assert record.title not in real
        assert not any(sentence in real for sentence in re.findall(r"[^.?!]{40,}", record.abstract))


# --- what the project ships and contains ------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def unpacked_wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    subprocess.run([sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder], cwd=ROOT, check=True)
    [wheel] = folder.glob("*.whl")
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder / "site")
    return folder / "site"


def test_wheel_finds_its_own_resources(unpacked_wheel: Path) -> None:
    ask = "from reader.services.resources import resource_path as p; print(p('sample', 'daily-papers-sample.txt'))"
    found = subprocess.run(
        [sys.executable, "-c", ask], cwd=unpacked_wheel, capture_output=True, text=True, check=True
    ).stdout.strip()
    assert Path(found).is_relative_to(unpacked_wheel / "reader")
    assert Path(found).read_bytes() == resource_path("sample", "daily-papers-sample.txt").read_bytes()


def test_wheel_holds_the_package_and_nothing_else(unpacked_wheel: Path) -> None:
    assert {path.name for path in unpacked_wheel.iterdir()} == {"reader", f"lectern-{__version__}.dist-info"}
    shipped = {path.relative_to(unpacked_wheel) for path in (unpacked_wheel / "reader").rglob("*.py")}
    assert {path.relative_to(ROOT) for path in tracked_files() if path.match("reader/**/*.py")} <= shipped


def test_installed_commands_exist(unpacked_wheel: Path) -> None:
    scripts = configparser.ConfigParser()
    scripts.read(unpacked_wheel / f"lectern-{__version__}.dist-info" / "entry_points.txt")
    targets = [target for section in scripts.sections() for target in scripts[section].values()]
    assert set(scripts["console_scripts"]) | set(scripts["gui_scripts"]) == {"lectern", "lectern-window"}
    for target in targets:
        module, _, function = target.partition(":")
        assert callable(getattr(importlib.import_module(module), function))


def test_nothing_names_the_place_it_was_made() -> None:
    """No path of this checkout or this user's home, and no package index of anybody's."""
    places = [str(place) for place in (ROOT, Path.home()) if len(place.parts) > 2]
    forbidden = re.compile("|".join([*map(re.escape, places), r"--(?:extra-)?index.url", "/simple[/]"]))
    found = []
    for path in tracked_files():
        data = path.read_bytes()
        if b"\0" not in data and forbidden.search(data.decode("utf-8", "replace")):
            found.append(path.relative_to(ROOT).as_posix())
    assert found == []


def patterns_and_other_strings(source: str) -> list[str]:
    """The texts of a module that are no docstrings, so all its regular expressions; a blank for what is filled in."""
    tree = ast.parse(source)
    bare = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    pieces = {id(piece) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for piece in node.values}
    texts = []
    for node in ast.walk(tree):
        parts = node.values if isinstance(node, ast.JoinedStr) else [] if id(node) in bare | pieces else [node]
        values = [part.value if isinstance(part, ast.Constant) else " " for part in parts if isinstance(part, ast.expr)]
        texts.append("".join(value.decode("latin-1") if isinstance(value, bytes) else str(value) for value in values))
    return texts


def gives_nothing_back(pattern: str) -> bool:
    """Whether a regular expression has a possessive quantifier or an atomic group."""
    plain = re.sub(r"\\[^\W\d_]|\\.|\[\^?\]?(?:[^\]\\]|\\.)*\]", "a", pattern, flags=re.DOTALL)
    return re.search(r"\(\?>|(?:[*+?]|\{[\d ]*,?[\d ]*\})\+", plain) is not None


@pytest.mark.parametrize(
    ("pattern", "is_one"),
    [
        (r"a++", True), (r"[^]+]*+", True), (r"(?:a|\()?+b", True), (r"(a){1,3}+", True), (r"(?>a)", True),
        (r"\++", False), (r"[++]", False), (r"[*+?]+", False), (r"a+\+", False), (r"(?<a)>", False), (r"a{2}\+", False),
    ],
)  # fmt: skip
def test_patterns_that_give_nothing_back_are_known(pattern: str, is_one: bool) -> None:
    assert gives_nothing_back(pattern) == is_one
    assert any(map(gives_nothing_back, patterns_and_other_strings(f"LIMIT = 3\nPATTERN = {pattern!r}"))) == is_one


def test_no_pattern_has_possessive_quantifiers_or_atomic_groups() -> None:
    """Python gets them wrong before 3.11.5 (https://github.com/python/cpython/issues/106052), and 3.11 is promised."""
    found = []
    for path in sorted([*ROOT.glob("*.py"), *(ROOT / "reader").rglob("*.py"), *(ROOT / "scripts").rglob("*.py")]):
        source = path.read_text("utf-8")
        if re.search(r"^(?:import|from) re\b", source, re.MULTILINE):
            bad = [text for text in patterns_and_other_strings(source) if gives_nothing_back(text)]
            found += [f"{path.relative_to(ROOT)}: {text}" for text in bad]
    assert found == []


def test_no_statement_numbers_its_parameters() -> None:
    """Python 3.12 before 3.12.4 takes ``?1`` for a name and warns (https://github.com/python/cpython/issues/117995)."""
    sources = {path: path.read_text("utf-8") for path in (ROOT / "reader" / "storage").rglob("*.py")}
    assert sources
    numbering = re.compile(r"[ (,]\?[1-9]")
    assert [path.name for path, source in sorted(sources.items()) if numbering.search(source)] == []


def test_files_and_functions_stay_readable() -> None:
    """The caps: 500 lines a file, 60 a function."""
    too_long = []
    for path in sorted((ROOT / "reader").rglob("*.py")):
        source = path.read_text("utf-8")
        functions = [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.FunctionDef)]
        parts = [path.name] * (source.count("\n") > 500)
        parts += [node.name for node in functions if node.end_lineno - node.lineno >= 60]
        too_long += [f"{path.relative_to(ROOT)}: {part}" for part in parts]
    assert too_long == []
