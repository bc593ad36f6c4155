"""The fold, one event at a time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

import attrs

from partnerleads.attribution import AttributionPolicy
from partnerleads.events import FIRST_LEAD_RANK, Event, EventRetracted, LeadEvent, settle
from partnerleads.lifecycle.folding import DEFAULT_POLICY, fold_leads, gather
from partnerleads.lifecycle.lead_lifecycle import LeadLifecycle, Moment
from partnerleads.lifecycle.lifecycles import Lifecycles
from partnerleads.model import LeadId, instant

__all__ = ["LiveFold"]
