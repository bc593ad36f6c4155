"""Results that are a mapping of those that they hold."""

from __future__ import annotations

import pytest
from attrs import frozen

from partnerleads.model import FrozenMap
from partnerleads.model.by_id import ById


@frozen(eq=False)
class Points(ById[str, int]):
    """The points of players."""

    game: str
    by_player: FrozenMap[str, int]
    _held = "by_player"


def test_a_result_is_a_mapping_of_what_it_holds_by_id() -> None:
    points = Points("chess", FrozenMap({"ann": 3, "bob": 1}))

    assert ({"ann": 3, "bob": 1}, 2, ["ann", "bob"]) == (dict(points), len(points), [*points])
    assert [True, False] == [name in points for name in ("ann", "chess")]
    assert points == {"ann": 3, "bob": 1}
    with pytest.raises(KeyError):
        points["cid"]
    assert not hasattr(points, "__dict__")
