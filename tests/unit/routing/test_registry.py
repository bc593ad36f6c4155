from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from partnerleads import routing
from partnerleads.errors import OptionError
from partnerleads.routing import RoundRobin, find_router, router_names

SOURCE = """
from partnerleads.routing import Ranked

class ByName:
    def __init__(self, *, backwards=False):
        self.backwards = backwards

    def rank(self, lead, candidates, context, /):
        return (Ranked(one.recipient_id, {"name": 1}) for one in candidates)

READY = ByName(backwards=True)
NUMBER = 3

def nothing():
    return 3
"""

Install = Callable[[str, str], None]


@pytest.fixture
def install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Install]:
    """Installs a package with entry points, as pip leaves it behind."""
    monkeypatch.syspath_prepend(str(tmp_path))
    (tmp_path / "strangers_routers.py").write_text(SOURCE, encoding="utf-8")

    def installed(package: str, points: str) -> None:
        folder = tmp_path / f"{package}-1.0.dist-info"
        folder.mkdir()
        (folder / "METADATA").write_text(f"Name: {package}\nVersion: 1.0\n", encoding="utf-8")
        lines = f"[{routing.ROUTERS_GROUP}]\n{points}\n"
        (folder / "entry_points.txt").write_text(lines, encoding="utf-8")

    return installed


def test_the_routers_of_the_library_are_known_by_the_names_of_their_modules() -> None:
    folder = Path(str(routing.__file__)).parent / "strategies"
    modules = {path.stem for path in folder.glob("*.py")} - {"__init__"}

    assert modules == {*router_names()}


def test_a_router_is_found_by_name_and_made_with_parameters() -> None:
    assert RoundRobin() == find_router("round_robin")
    assert routing.ByTier(("gold",)) == find_router("tier", parameters={"ladder": ("gold",)})


def test_a_router_that_a_package_announces_is_found(install: Install) -> None:
    install("strangers", "by_name = strangers_routers:ByName\nready = strangers_routers:READY")

    assert {"by_name", "ready", "round_robin"} <= {*router_names()}
    assert find_router("by_name", parameters={"backwards": True}).backwards  # type: ignore[attr-defined]
    assert find_router("ready").backwards  # type: ignore[attr-defined]


def test_a_router_is_found_by_its_import_path(install: Install) -> None:
    assert install
    found = find_router("strangers_routers:ByName")

    assert "ByName" == type(found).__name__
    assert RoundRobin() == find_router("partnerleads.routing:RoundRobin")


def test_an_unknown_name_is_refused_with_the_nearest_one() -> None:
    with pytest.raises(OptionError, match=r"did you mean 'round_robin'\? there are capacity_pri"):
        find_router("round robin")
    with pytest.raises(OptionError, match="is no router; there are"):
        find_router("zzz")
    with pytest.raises(OptionError, match="pass a name"):
        find_router(RoundRobin)  # type: ignore[arg-type]


def test_a_name_that_two_packages_announce_is_refused(install: Install) -> None:
    install("one", "by_name = strangers_routers:ByName\nplv = strangers_routers:ByName")
    install("other", "by_name = strangers_routers:READY")

    with pytest.raises(OptionError, match="strangers_routers:ByName and strangers_routers:READY"):
        find_router("by_name")
    with pytest.raises(OptionError, match="this library and strangers_routers:ByName"):
        find_router("plv")


@pytest.mark.parametrize(
    ("path", "words"),
    [
        ("no_such_package:Router", "No module named"),
        ("strangers_routers:Missing", "no attribute 'Missing'"),
        (":Router", "Empty module name"),
        ("strangers_routers:NUMBER", "names 3, which is no router"),
        ("strangers_routers:nothing", "is no router; pass an object"),
    ],
)
def test_what_cannot_be_followed_is_refused(install: Install, path: str, words: str) -> None:
    assert install

    with pytest.raises(OptionError, match=words):
        find_router(path)


def test_parameters_that_do_not_fit_are_refused(install: Install) -> None:
    assert install

    with pytest.raises(OptionError, match=r"do not fit: .*missing 1 required"):
        find_router("territory")
    with pytest.raises(OptionError, match="is ready and takes none"):
        find_router("strangers_routers:READY", parameters={"backwards": True})
