"""What is known of a lead."""

from __future__ import annotations

from attrs import field, frozen

from partnerleads.model.frozen_map import EMPTY, FrozenMap, frozen_map

__all__ = ["Lead"]


@frozen(kw_only=True, weakref_slot=False)
class Lead:
    """The facts about a prospective customer, as stated at one moment.

    Attributes:
        account: The customer; line items of one deal are leads of one account.
        region: Sales region.
        country: Country, best as an ISO 3166 code.
        deal_type: Kind of deal, such as new business or renewal.
        industry: The customer's industry.
        company_size: Employees of the customer. [count]
        attributes: Free facts, text by text.
    """

    account: str | None = None
    region: str | None = None
    country: str | None = None
    deal_type: str | None = None
    industry: str | None = None
    company_size: int | None = None
    attributes: FrozenMap[str, str] = field(default=EMPTY, converter=frozen_map)

    def updated(self, later: Lead) -> Lead:
        """These facts with the stated ones of a later update; attributes merge name by name.

        >>> Lead(region="DACH", industry="steel").updated(Lead(region="UK&I")).region
        'UK&I'
        """
        names = ("account", "region", "country", "deal_type", "industry", "company_size")
        changed = {name: getattr(later, name) for name in names if getattr(later, name) is not None}
        old = {name: getattr(self, name) for name in names}
        merged = FrozenMap({**self.attributes, **later.attributes})
        return Lead(**{**old, **changed}, attributes=merged)
