"""Options of the readers that are true or false."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from partnerleads.codecs import iter_csv, iter_jsonl, read_csv, read_jsonl
from partnerleads.errors import OptionError


@pytest.mark.parametrize("read", [read_jsonl, iter_jsonl, read_csv, iter_csv])
@pytest.mark.parametrize("strict", ["no", 0, None])
def test_strict_is_true_or_false(read: Callable[..., Any], strict: object) -> None:
    with pytest.raises(OptionError, match="pass True or False"):
        read(["type,event_id,occurred_at,lead_id\n"], strict=strict)
