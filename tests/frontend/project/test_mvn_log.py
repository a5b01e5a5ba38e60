"""A failed run of Maven is told by the class of its failure: something to be fetched, the build's own compiler or tests, the network."""

from __future__ import annotations

from pathlib import Path

import pytest

from refactor.frontend.project.mvn import local_repository, run_maven, user_home
from refactor.frontend.project.mvn_log import errors_of, lacks_artefacts, online_may_help, out_of_reach
from refactor.support.process import Finished
from tests.frontend.project.conftest import fake_maven

HELP = "[ERROR] [Help 1] http://cwiki.apache.org/confluence/display/MAVEN/"
LACKING = {
    "prefix": "[ERROR] No plugin found for prefix 'dependency' -> [Help 1]\n"
    "org.apache.maven.plugin.prefix.NoPluginFoundForPrefixException: No plugin found",
    "plug-in": "[ERROR] Plugin a:b:1 or one of its dependencies is absent\norg.apache.maven.plugin.PluginResolutionException: Plugin a:b:1",
    "version of a plug-in": "[ERROR] Error\norg.apache.maven.plugin.version.PluginVersionResolutionException: Error resolving version",
    "parent": "[ERROR] The build could not read 1 project -> [Help 1]\n" + HELP + "UnresolvableModelException",
    "extension": "[ERROR] gone\nCaused by: org.eclipse.aether.resolution.ArtifactResolutionException: gone",
    "processor": "[ERROR] Failed to execute goal org.apache.maven.plugins:maven-compiler-plugin:3.13.0:compile (default-compile)\n"
    "Caused by: org.eclipse.aether.resolution.DependencyResolutionException: no",
    "provider of tests": "[ERROR] Failed to execute goal org.apache.maven.plugins:maven-surefire-plugin:3.2.5:test (default-test)\n"
    "Caused by: org.eclipse.aether.transfer.ArtifactNotFoundException: no",
    "coloured": "\x1b[0m[\x1b[1;31mERROR\x1b[m] gone\n\x1b[0mCaused by: org.eclipse.aether.transfer.ArtifactNotFoundException: gone",
}
OWN = {
    "compiler": "[INFO] ---\n[ERROR] COMPILATION ERROR : \n[ERROR] /a/B.java:[3,4] cannot find symbol\n"
    "[ERROR]   symbol: class org.eclipse.aether.RepositoryException",
    "tests": "[ERROR] Failed to execute goal org.apache.maven.plugins:maven-surefire-plugin:3.2.5:test (default-test): the VM ended",
}


def failed(tmp_path: Path, text: str) -> Finished:
    log = tmp_path / "log"
    log.write_text(text, encoding="utf-8")
    return Finished(("mvn",), 1, log, 1.0, False)


@pytest.mark.parametrize("what", LACKING)
def test_what_has_to_be_fetched_is_fetched(what: str, tmp_path: Path) -> None:
    assert lacks_artefacts(failed(tmp_path, LACKING[what]))
    assert online_may_help(failed(tmp_path, LACKING[what]))


@pytest.mark.parametrize("what", OWN)
def test_a_build_that_got_to_its_own_code_is_not_run_twice(what: str, tmp_path: Path) -> None:
    assert not lacks_artefacts(failed(tmp_path, OWN[what]))
    assert not online_may_help(failed(tmp_path, OWN[what]))


def test_a_failure_of_an_unknown_kind_is_tried_online(tmp_path: Path) -> None:
    assert online_may_help(failed(tmp_path, "[ERROR] Failed to execute goal org.codehaus.mojo:some-maven-plugin:1:run: what?"))
    assert not lacks_artefacts(failed(tmp_path, "[ERROR] Failed to execute goal org.codehaus.mojo:some-maven-plugin:1:run: what?"))


def test_the_line_that_says_why_is_found_behind_colours(tmp_path: Path) -> None:
    text = "\x1b[0m[INFO] x\n\x1b[0m[\x1b[1;31mERROR\x1b[m] No plugin found for prefix 'dependency' -> [Help 1]\n[ERROR] \n" + HELP + "X"
    assert errors_of(failed(tmp_path, text)) == "No plugin found for prefix 'dependency'"


def test_a_registry_out_of_reach_is_not_one_that_answered(tmp_path: Path) -> None:
    gone = "Caused by: org.eclipse.aether.transfer.ArtifactNotFoundException: Could not find artifact a:b:jar:1 in central"
    away = "Caused by: org.eclipse.aether.transfer.ArtifactTransferException: a:b\nCaused by: java.net.ConnectException: refused"
    assert not out_of_reach(failed(tmp_path, f"[ERROR] no\n{gone}"))
    assert out_of_reach(failed(tmp_path, f"[ERROR] no\n{away}"))


def test_the_second_run_has_what_is_left_of_the_time_and_may_use_the_network(home: Path, programs: Path, tmp_path: Path) -> None:
    log = fake_maven(programs, f"case \"$ARGS\" in *' -o') echo '{LACKING['extension']}'; exit 1;; esac")
    assert run_maven(["test"], cwd=tmp_path, log=tmp_path / "out").ok
    assert [line.endswith(" -o") for line in log.read_text(encoding="utf-8").splitlines()] == [True, False]


def test_maven_s_folders_are_where_maven_has_them(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("MAVEN_OPTS", f"-Xmx1g -Duser.home={tmp_path}")
    monkeypatch.delenv("MAVEN_ARGS", raising=False)
    assert (user_home(), local_repository()) == (tmp_path, tmp_path / ".m2/repository")
    (tmp_path / ".m2").mkdir()
    named = "<settings xmlns='http://maven.apache.org/SETTINGS/1.0.0'><localRepository>/else/where</localRepository></settings>"
    (tmp_path / ".m2/settings.xml").write_text(named, encoding="utf-8")
    assert local_repository() == Path("/else/where")
    monkeypatch.setenv("MAVEN_OPTS", f"-Dmaven.repo.local='{tmp_path}/a b'")
    assert local_repository() == tmp_path / "a b"
    monkeypatch.setenv("MAVEN_OPTS", "")
    monkeypatch.setenv("HOME", str(tmp_path))
    assert user_home() != tmp_path or user_home() == Path.home(), "Java takes the account's home, not HOME"
