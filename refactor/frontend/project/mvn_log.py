"""What a failed Maven run says of itself, by the classes of the exceptions that `-e` prints and not by their sentences.

before: Caused by: org.eclipse.aether.transfer.ArtifactNotFoundException: ...   after: lacks_artefacts(finished) is True
"""

from __future__ import annotations

import re

from refactor.support.process import Finished

_COLOUR = re.compile(r"\x1b\[[0-9;?]*[ -/]*[@-~]")
_RESOLVER = re.compile(
    r"^(?:Caused by: |\[ERROR\] \[Help \d+\] \S*/)?"
    r"(?:org\.(?:eclipse\.aether|sonatype\.aether|apache\.maven\.(?:artifact\.(?:resolver|repository)|model\.resolution|repository"
    r"|plugin\.(?:prefix|version)|shared\.(?:transfer|artifact|dependency)|wagon|resolver))\.[\w.]*Exception"
    r"|(?:[\w.]*\.)?(?:PluginResolutionException|PluginVersionResolutionException|NoPluginFoundForPrefixException"
    r"|UnresolvableModelException|UnresolvableExtensionException|DependencyResolutionException|DependencyCollectionException"
    r"|PluginManagerException|ExtensionResolutionException|ArtifactResolutionException|ArtifactNotFoundException))\b",
    re.MULTILINE,
)
_TRANSFER = re.compile(
    r"^(?:Caused by: )?(?:org\.(?:eclipse|sonatype)\.aether\.transfer\.(?:Artifact|Metadata)TransferException"
    r"|org\.eclipse\.aether\.transfer\.(?:NoRepository\w+|RepositoryOffline)Exception"
    r"|org\.apache\.maven\.wagon\.[\w.]*Exception|java\.net\.\w+Exception|javax\.net\.ssl\.\w+Exception)\b",
    re.MULTILINE,
)
_UNREACHABLE = (
    "Unknown host",
    "Connection refused",
    "Connect to ",
    "Network is unreachable",
    "timed out",
    "Connection reset",
    "Could not transfer",
)
_ADVICE = ("[Help", "To see the full", "Re-run Maven", "For more info", "After correct")
_OWN_GOAL = re.compile(r"^\[ERROR\] Failed to execute goal [\w.\-]+:maven-(?:compiler|surefire|failsafe)-plugin:", re.MULTILINE)


def plain(text: str) -> str:
    """Without colour codes: Maven writes some even where it is told not to."""
    return _COLOUR.sub("", text)


def errors_of(finished: Finished, most: int = 6) -> str:
    """The lines of a failed Maven run that say why: its [ERROR] lines without the advice at the end."""
    if finished.timed_out:
        return f"no answer after {finished.seconds:.0f} s"
    lines = [line.removeprefix("[ERROR]").strip() for line in plain(finished.text()).splitlines() if line.startswith("[ERROR]")]
    said = [re.sub(r"\s*-> \[Help \d+\]$", "", line) for line in lines]
    told = [line for line in said if line and not line.startswith(_ADVICE)]
    return "\n".join(dict.fromkeys(told[:most])) or plain(finished.tail(most))


def compiles_not(finished: Finished) -> bool:
    """Whether the compiler ran and refused the sources."""
    return re.search(r"^\[ERROR\] COMPILATION ERROR", plain(finished.text()), re.MULTILINE) is not None


def lacks_artefacts(finished: Finished) -> bool:
    """Whether something was not there that Maven has to fetch: plug-in, prefix, parent, bill of materials, extension, library."""
    return not finished.ok and not compiles_not(finished) and _RESOLVER.search(plain(finished.text())) is not None


def online_may_help(finished: Finished) -> bool:
    """Whether a failed offline run is to be made again with the registries: always, unless it got as far as its own compiler or tests."""
    if finished.ok or finished.timed_out or compiles_not(finished):
        return False
    return lacks_artefacts(finished) or _OWN_GOAL.search(plain(finished.text())) is None


def out_of_reach(finished: Finished) -> bool:
    """Whether the registry could not be reached, rather than that it was and does not have the artefact."""
    text = plain(finished.text())
    return finished.timed_out or _TRANSFER.search(text) is not None or any(sign in errors_of(finished) for sign in _UNREACHABLE)
