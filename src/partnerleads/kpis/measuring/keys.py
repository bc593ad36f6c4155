"""The keys that any figure can be segmented by."""

from __future__ import annotations

from collections.abc import Sequence

from partnerleads.errors import OptionError
from partnerleads.model.near_names import did_you_mean
from partnerleads.model.options import check_choice

__all__ = ["FACTS", "KEYS", "check_keys"]

FACTS = ("account", "region", "country", "deal_type", "industry")
"""Facts of a lead that are keys by their own names."""

KEYS: dict[str, str] = {
    "account": "the customer, as captured",
    "region": "sales region, as captured",
    "country": "country, as captured",
    "deal_type": "kind of deal, as captured",
    "industry": "industry, as captured",
    "attribution": "sourced, influenced or direct",
    "sourcing_partner": "the partner that sourced it",
    "holder": "who holds it, or held it when it counted",
    "closing_partner": "the partner of the standing close",
    "agent": "the person of the standing close, else the person who holds it",
    "status": "open, won, lost or disqualified",
    "reason": "why it was lost; of an offer or a registration, why it was answered so",
    "lead_id": "the lead itself",
    "tier": "tier of its partner as of the anchor; its partner holds it, else sourced it",
    "partner_type": "type of its partner as of the anchor",
}
"""Every key by name. Besides these: ``attributes.NAME`` for any attribute as captured, and
``latest.`` before a fact or an attribute for what is known of it by now."""

_WHICH = "say which partner: 'sourcing_partner', 'holder' or 'closing_partner'"


def _is_attribute(key: str) -> bool:
    """Whether a key is an attribute, which a log may state or not."""
    fact = key.removeprefix("latest.")
    return fact.startswith("attributes.") and fact != "attributes."


def check_keys(name: str, keys: Sequence[str]) -> None:
    """Refuse what is no key, all of them at once, and a key that is named twice.

    >>> check_keys("by", ["regon", "tier"])
    Traceback (most recent call last):
    ...
    partnerleads.errors.OptionError: by='regon': did you mean 'region'? offered are ...

    Args:
        name: Name of the argument.
        keys: The keys.

    Raises:
        OptionError: When one is no key, or is there twice.
    """
    if len(set(keys)) < len(keys):
        raise OptionError(name, tuple(keys), "names a key twice")
    wrong = tuple(key for key in keys if not _is_key(key))
    if len(wrong) > 1:
        each = ", ".join(f"{key!r}{_hint(key)}" for key in wrong)
        offered = ", ".join(map(repr, KEYS))
        raise OptionError(name, wrong, f"are no keys: {each}; offered are {offered}")
    if "partner" in wrong:
        raise OptionError(name, "partner", _WHICH)
    for key in wrong:
        check_choice(name, key, KEYS)


def _is_key(key: str) -> bool:
    return key in KEYS or key.removeprefix("latest.") in FACTS or _is_attribute(key)


def _hint(key: str) -> str:
    hint = _WHICH if key == "partner" else did_you_mean(key, KEYS).strip()
    return f" ({hint})" if hint else ""
