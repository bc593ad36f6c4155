"""The keys that any figure can be segmented by."""

from __future__ import annotations

__all__ = ["FACTS", "KEYS"]

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
