"""The set-up script: what it finds missing, what it says, and when it has nothing to do.

Package tools are stand-ins on PATH, and installing from the network is replaced; environments are real ones.
"""

import ast
import importlib.util
import json
import os
import shutil
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

SCRIPT = Path(__file__).resolve().parents[2] / "scripts" / "set_up.py"
LINUX = sys.platform.startswith("linux")


def load() -> ModuleType:
    spec = importlib.util.spec_from_file_location("set_up", SCRIPT)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


set_up = load()
NOT_THERE = {"libnot-there.so.9": ("libnot-there9", "not-there")}


@pytest.fixture
def tools(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The only folder on PATH; what a test puts there is all the system has."""
    if os.name == "nt":
        pytest.skip("stand-ins are shell scripts")
    folder = tmp_path / "tools"
    folder.mkdir()
    monkeypatch.setenv("PATH", str(folder))
    return folder


def add_tool(folder: Path, name: str, script: str = "exit 0") -> None:
    tool = folder / name
    tool.write_text(f"#!/bin/sh\n{script}\n")
    tool.chmod(0o755)


# --- system libraries ---


def test_a_python_that_is_too_old_is_told_so() -> None:
    with pytest.raises(set_up.SetUpError, match=r"needs Python 3\.11 or newer, and this is 3\.9\."):
        set_up.check_python((3, 9))


@pytest.mark.parametrize("version", [(3, 11), (3, 14), (4, 0)])
def test_newer_pythons_are_welcome(version: tuple[int, int]) -> None:
    set_up.check_python(version)


def test_script_can_be_read_by_older_pythons() -> None:
    """Annotations in quotes and no newer syntax, so that Python 3.7 gets as far as the sentence above."""
    tree = ast.parse(SCRIPT.read_text("utf-8"), feature_version=(3, 7))
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    annotations = [argument.annotation for node in functions for argument in node.args.args] + [
        node.returns for node in functions
    ]
    assert not [ast.unparse(note) for note in annotations if isinstance(note, ast.BinOp | ast.Subscript)]


def test_running_needs_x11_and_testing_does_not() -> None:
    testing = set_up.needed_libraries("test", "linux", {})
    running = set_up.needed_libraries("run", "linux", {})
    assert "libxcb-cursor.so.0" in running
    assert "libxcb-cursor.so.0" not in testing
    assert testing.items() < running.items()


def test_another_platform_of_qt_needs_nothing_of_x11() -> None:
    assert set_up.needed_libraries("run", "linux", {"QT_QPA_PLATFORM": "offscreen"}) == set_up.OFFSCREEN_LIBRARIES


@pytest.mark.parametrize("platform", ["darwin", "win32"])
def test_other_systems_bring_what_qt_needs(platform: str) -> None:
    assert set_up.needed_libraries("run", platform, {}) == {}


@pytest.mark.skipif(not LINUX, reason="shared libraries are named otherwise")
def test_libraries_are_looked_for_where_the_loader_looks() -> None:
    assert set_up.is_loadable("libc.so.6")
    assert not set_up.is_loadable("libnot-there.so.9")


def test_nothing_missing_asks_for_nothing(tools: Path) -> None:
    set_up.provide_system_packages({})


@pytest.mark.parametrize(("tool", "package"), [("apt-get", "libnot-there9"), ("dnf", "not-there")])
def test_a_user_is_shown_the_one_line(tools: Path, monkeypatch: pytest.MonkeyPatch, tool: str, package: str) -> None:
    add_tool(tools, tool, "echo must not run >&2; exit 9")
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    with pytest.raises(set_up.SetUpError) as raised:
        set_up.provide_system_packages(NOT_THERE)
    lines = [line for line in str(raised.value).splitlines() if "sudo" in line]
    assert len(lines) == 1
    assert lines[0].strip().endswith(package)
    assert f"sudo {tool} install -y" in lines[0]


def test_a_system_with_another_package_tool_is_told_what_is_missing(tools: Path) -> None:
    with pytest.raises(set_up.SetUpError, match=r"libnot-there\.so\.9"):
        set_up.provide_system_packages(NOT_THERE)


def test_root_installs_after_renewing_the_lists(tools: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    log = tmp_path / "log"
    add_tool(tools, "apt-get", f'echo "$DEBIAN_FRONTEND $*" >> {log}')
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    with pytest.raises(set_up.SetUpError, match=r"still not found: libnot-there\.so\.9"):
        set_up.provide_system_packages(NOT_THERE)
    update, install = log.read_text().splitlines()
    assert update == "noninteractive update"
    assert install.startswith("noninteractive install -y")
    assert install.endswith("libnot-there9")


def test_a_failing_package_tool_is_quoted(tools: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    add_tool(tools, "apt-get", "echo no route to host; exit 100")
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    with pytest.raises(set_up.SetUpError, match="no route to host"):
        set_up.provide_system_packages(NOT_THERE)


def test_debian_without_venv_is_told_its_package(tools: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    add_tool(tools, "apt-get")
    commands = set_up.install_commands([], no_venv=True)
    assert commands[-1][-1] == f"python{sys.version_info.major}.{sys.version_info.minor}-venv"


def test_long_lists_are_cut_short() -> None:
    assert set_up.enumerate_briefly(["a", "b"]) == "a, b"
    assert set_up.enumerate_briefly(list("abcdefg")) == "a, b, c, d and 3 more"


# --- what only some tests want ---

NOT_TOOLS = {"not-a-tool": ("not-a-tool-debian", "not-a-tool-fedora")}


def test_root_gets_what_some_tests_want(
    tools: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    log = tmp_path / "log"
    installs = f'echo "$*" >> {log}; [ "$1" = update ] || printf "#!/bin/sh\\n" > {tools}/not-a-tool'
    add_tool(tools, "apt-get", f"{installs}; [ ! -e {tools}/not-a-tool ] || /bin/chmod +x {tools}/not-a-tool")
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    set_up.provide_test_tools(tmp_path, NOT_TOOLS)
    assert log.read_text().splitlines()[-1].endswith(" not-a-tool-debian")
    assert "skipped" not in capsys.readouterr().out
    set_up.provide_test_tools(tmp_path, NOT_TOOLS)
    assert len(log.read_text().splitlines()) == 2


@pytest.mark.parametrize("code", [0, 100])
def test_tools_that_cannot_be_had_are_told_once_and_stop_nothing(
    code: int, tools: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    log = tmp_path / "log"
    add_tool(tools, "apt-get", f'echo "$*" >> {log}; echo no route to host; exit {code}')
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    set_up.provide_test_tools(tmp_path, NOT_TOOLS)
    told = capsys.readouterr().out
    assert "lacks not-a-tool; the tests that use it are skipped" in told
    assert ("no route to host" in told) is (code != 0)
    tried = log.read_text()
    set_up.provide_test_tools(tmp_path, NOT_TOOLS)
    assert capsys.readouterr().out == ""
    assert log.read_text() == tried


def test_a_tool_that_cannot_be_had_keeps_no_other_away(
    tools: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    installs = f'[ "$4" != not-a-tool-debian ] || {{ printf "#!/bin/sh\\n" > {tools}/not-a-tool; '
    add_tool(tools, "apt-get", f'{installs} /bin/chmod +x {tools}/not-a-tool; }}; [ "$4" != at-no-debian ]')
    monkeypatch.setattr(os, "geteuid", lambda: 0)
    set_up.provide_test_tools(tmp_path, {"at-no": ("at-no-debian", "at-no-fedora"), **NOT_TOOLS})
    assert "lacks at-no; the tests" in capsys.readouterr().out
    assert (tmp_path / set_up.TOLD_NAME).read_text() == "at-no"


def test_a_user_goes_on_without(
    tools: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    add_tool(tools, "apt-get", f"echo ran > {tmp_path}/ran")
    monkeypatch.setattr(os, "geteuid", lambda: 1000)
    set_up.provide_test_tools(tmp_path, NOT_TOOLS)
    assert "lacks not-a-tool" in capsys.readouterr().out
    assert not (tmp_path / "ran").exists()


@pytest.mark.skipif(not LINUX, reason="asked for only there")
@pytest.mark.parametrize(("purpose", "asked"), [("run", []), ("test", [set_up.TEST_TOOLS])])
def test_only_testing_asks_for_them(purpose: str, asked: list[object], monkeypatch: pytest.MonkeyPatch) -> None:
    got: list[object] = []
    monkeypatch.setattr(set_up, "provide_system_packages", lambda libraries: None)
    monkeypatch.setattr(set_up, "provide_environment", lambda *arguments, **options: None)
    monkeypatch.setattr(set_up, "provide_test_tools", lambda folder, tools: got.append(tools))
    assert set_up.main([purpose]) == 0
    assert got == asked


# --- the environment ---


@pytest.fixture(scope="module")
def made_environment(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made") / ".venv"
    set_up.make_environment(folder)
    return folder


@pytest.fixture
def checkout(tmp_path: Path, made_environment: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout with a real environment, in which installing is counted instead of done."""
    (tmp_path / "pyproject.toml").write_text("[project]\nname = 'x'\n")
    shutil.copytree(made_environment, tmp_path / ".venv", symlinks=True)
    monkeypatch.setattr(set_up, "install_packages", lambda *arguments: INSTALLS.append(arguments[2]))
    monkeypatch.setattr(set_up, "check_qt", lambda *arguments: None)
    INSTALLS.clear()
    return tmp_path


INSTALLS: list[set[str]] = []


def test_a_made_environment_works(made_environment: Path) -> None:
    assert set_up.environment_version(made_environment) == sys.version.split()[0]
    assert set_up.python_behind(made_environment) == set_up.THIS_PYTHON


def test_running_after_testing_changes_nothing(checkout: Path) -> None:
    set_up.provide_environment(checkout, "test")
    set_up.provide_environment(checkout, "test")
    set_up.provide_environment(checkout, "run")
    assert [{"dev"}] == INSTALLS


def test_testing_after_running_adds_the_extra(checkout: Path) -> None:
    set_up.provide_environment(checkout, "run")
    set_up.provide_environment(checkout, "test")
    assert [set(), {"dev"}] == INSTALLS


def test_a_changed_project_file_installs_again_with_the_same_extras(checkout: Path) -> None:
    set_up.provide_environment(checkout, "test")
    (checkout / "pyproject.toml").write_text("[project]\nname = 'y'\n")
    set_up.provide_environment(checkout, "run")
    assert [{"dev"}, {"dev"}] == INSTALLS


def test_a_touched_project_file_changes_nothing(checkout: Path) -> None:
    set_up.provide_environment(checkout, "run")
    os.utime(checkout / "pyproject.toml", (1, 1))
    set_up.provide_environment(checkout, "run")
    assert len(INSTALLS) == 1


def test_an_interrupted_install_is_repeated(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*arguments: object) -> None:
        raise set_up.SetUpError("no network")

    set_up.provide_environment(checkout, "run")
    with monkeypatch.context() as patched, pytest.raises(set_up.SetUpError):
        patched.setattr(set_up, "install_packages", fail)
        set_up.provide_environment(checkout, "test")
    set_up.provide_environment(checkout, "run")
    assert len(INSTALLS) == 2


def test_a_moved_checkout_gets_a_new_environment(checkout: Path) -> None:
    set_up.provide_environment(checkout, "test")
    (checkout / ".venv" / "left-over").touch()
    moved = checkout.parent / f"{checkout.name}-moved"
    checkout.rename(moved)
    set_up.provide_environment(moved, "run")
    assert not (moved / ".venv" / "left-over").exists()
    assert [{"dev"}, {"dev"}] == INSTALLS
    assert json.loads((moved / ".venv" / set_up.STAMP_NAME).read_text())["checkout"] == str(moved)


@pytest.mark.skipif(not LINUX, reason="the interpreter is a symbolic link only there")
def test_an_environment_whose_python_has_gone_is_made_anew(checkout: Path) -> None:
    python = checkout / ".venv" / "bin" / "python"
    for link in python.parent.glob("python*"):
        link.unlink()
    python.symlink_to("/usr/bin/python-that-was-removed")
    set_up.provide_environment(checkout, "run")
    assert set_up.environment_version(checkout / ".venv") == sys.version.split()[0]


def test_the_python_that_is_named_is_used(checkout: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (checkout / ".venv" / "left-over").touch()
    set_up.provide_environment(checkout, "test")
    set_up.provide_environment(checkout, "test", with_this_python=True)
    assert (checkout / ".venv" / "left-over").exists()
    monkeypatch.setattr(set_up, "THIS_PYTHON", ["another version", "elsewhere"])
    set_up.provide_environment(checkout, "run")
    assert (checkout / ".venv" / "left-over").exists()
    set_up.provide_environment(checkout, "run", with_this_python=True)
    assert not (checkout / ".venv" / "left-over").exists()
    assert [{"dev"}, {"dev"}] == INSTALLS


@pytest.mark.parametrize("stamp", ["", "[]", "{broken", '{"extras": ["dev"]}'])
def test_a_stamp_that_says_nothing_useful_is_no_reason_to_fail(checkout: Path, stamp: str) -> None:
    (checkout / ".venv" / set_up.STAMP_NAME).write_text(stamp)
    set_up.provide_environment(checkout, "run")
    assert len(INSTALLS) == 1


def test_failing_ends_in_a_sentence_and_no_traceback(tmp_path: Path) -> None:
    """Run for real on a checkout whose packages cannot be had."""
    (tmp_path / "scripts").mkdir()
    shutil.copy(SCRIPT, tmp_path / "scripts")
    (tmp_path / "pyproject.toml").write_text("[build-system]\nrequires = ['not-to-be-had']\n")
    ran = subprocess.run(
        [sys.executable, tmp_path / "scripts" / "set_up.py", "test"],
        env={**os.environ, "PIP_NO_INDEX": "1"},
        capture_output=True,
        text=True,
    )
    assert ran.returncode == 1
    assert "The packages could not be installed" in ran.stderr
    assert "Traceback" not in ran.stderr


@pytest.mark.parametrize("words", [["fly"], ["run", "--away"]])
def test_unknown_words_are_refused(words: list[str]) -> None:
    ran = subprocess.run([sys.executable, SCRIPT, *words], capture_output=True, text=True)
    assert ran.returncode == 2
    assert ran.stderr.startswith("usage:")
