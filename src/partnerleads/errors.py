"""Every exception of the library, under one root.

Each error also derives from the fitting builtin, keeps its facts as attributes, and survives
pickling because its constructor arguments are its ``args``.
"""

from __future__ import annotations

from attrs import frozen

from partnerleads.faults import Fault, first_lines, listed

__all__ = [
    "AsOfError",
    "BadInputError",
    "BrokenLaw",
    "Fault",
    "FrameSchemaError",
    "HistoryError",
    "InvalidEventError",
    "MappingFileError",
    "MismatchError",
    "MissingExtraError",
    "MixedCurrencyError",
    "MoneyError",
    "NaiveInstantError",
    "OptionError",
    "PartnerLeadsError",
    "PeriodError",
    "RouterCheckError",
    "RouterError",
    "ScorerCheckError",
    "ScorerError",
    "SolverError",
    "UnknownLeadError",
]

_LONG = 200
"""How much of a refused value a message shows, in characters."""


@frozen
class BrokenLaw:
    """One law that a router or a scorer breaks.

    Attributes:
        check: Name of the check.
        words: The law.
        counterexample: What breaks it, and on which question; several lines.
    """

    check: str
    words: str
    counterexample: str

    def __str__(self) -> str:
        lines = "\n".join(f"    {line}" for line in self.counterexample.splitlines())
        return f"{self.check}: {self.words}\n{lines}"


def _counted(count: int, noun: str) -> str:
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


class PartnerLeadsError(Exception):
    """The root of all errors that this library raises on purpose."""


class NaiveInstantError(PartnerLeadsError, ValueError):
    """An instant came without a UTC offset."""

    def __init__(self, name: str, value: object) -> None:
        super().__init__(name, value)
        self.name = name
        self.value = value

    def __str__(self) -> str:
        text = str(getattr(self.value, "isoformat", lambda: self.value)())
        fixed = f"{text}+00:00"
        return f"{self.name}: naive instant {text!r}; add an offset, for example {fixed!r}"


class InvalidEventError(PartnerLeadsError, ValueError):
    """An event's fields contradict one another or leave their range; carries every fault."""

    def __init__(self, kind: str, faults: tuple[Fault, ...]) -> None:
        super().__init__(kind, faults)
        self.kind = kind
        self.faults = faults

    def __str__(self) -> str:
        return f"{self.kind}: " + "; ".join(f"{f.path} {f.value} {f.reason}" for f in self.faults)


class MoneyError(PartnerLeadsError, ValueError):
    """An amount or a currency code is not one."""

    def __init__(self, value: str, reason: str) -> None:
        super().__init__(value, reason)
        self.value = value
        self.reason = reason

    def __str__(self) -> str:
        return f"{self.value!r} {self.reason}"


class MixedCurrencyError(PartnerLeadsError, ValueError):
    """Amounts of different currencies met in one sum or comparison."""

    def __init__(self, currencies: tuple[str, ...]) -> None:
        super().__init__(currencies)
        self.currencies = currencies

    def __str__(self) -> str:
        return (
            f"amounts in {', '.join(self.currencies)} cannot be added or compared; "
            "read `by_currency`, or pass rates to convert them"
        )


class PeriodError(PartnerLeadsError, ValueError):
    """A period is not one: unknown zone, empty span, or a month that does not exist."""

    def __init__(self, value: str, reason: str) -> None:
        super().__init__(value, reason)
        self.value = value
        self.reason = reason

    def __str__(self) -> str:
        return f"{self.value!r} {self.reason}"


class OptionError(PartnerLeadsError, ValueError):
    """An argument has a value that its function does not offer; ``...`` is one left out."""

    def __init__(self, name: str, value: object, reason: str) -> None:
        super().__init__(name, value, reason)
        self.name = name
        self.value = value
        self.reason = reason

    def __str__(self) -> str:
        shown = repr(self.value)
        if len(shown) > _LONG:
            shown = f"{shown[:_LONG]}..."
        given = "" if self.value is ... else f"={shown}"
        return f"{self.name}{given}: {self.reason}"


class AsOfError(PartnerLeadsError, ValueError):
    """``as_of`` is missing where it is needed, or differs from the one already folded."""

    def __init__(self, given: str, folded: str) -> None:
        super().__init__(given, folded)
        self.given = given
        self.folded = folded

    def __str__(self) -> str:
        if not self.folded:
            return "as_of is required with events: figures of an open history depend on the moment"
        return (
            f"as_of={self.given} differs from the moment these lifecycles were folded at, "
            f"{self.folded}; fold the events again, or leave as_of out"
        )


class RouterError(PartnerLeadsError, ValueError):
    """A router's answer cannot be followed: an ineligible recipient, one twice, or no number."""

    def __init__(self, router: str, lead_id: str, recipient_id: str, reason: str) -> None:
        super().__init__(router, lead_id, recipient_id, reason)
        self.router = router
        self.lead_id = lead_id
        self.recipient_id = recipient_id
        self.reason = reason

    def __str__(self) -> str:
        return f"{self.router} on lead {self.lead_id!r}: {self.recipient_id!r} {self.reason}"


class SolverError(PartnerLeadsError, ValueError):
    """A solver's answer cannot be followed, or it found none."""

    def __init__(self, solver: str, reason: str) -> None:
        super().__init__(solver, reason)
        self.solver = solver
        self.reason = reason

    def __str__(self) -> str:
        return f"{self.solver} {self.reason}"


class RouterCheckError(PartnerLeadsError, AssertionError):
    """A router breaks laws of routers; carries every one, each with a counterexample."""

    def __init__(self, router: str, broken: tuple[BrokenLaw, ...]) -> None:
        super().__init__(router, broken)
        self.router = router
        self.broken = broken

    def __str__(self) -> str:
        return f"{self.router} breaks {_laws(self.broken)}"


class ScorerError(PartnerLeadsError, ValueError):
    """A scorer's answer cannot be used: no score, or one of another lead or moment."""

    def __init__(self, scorer: str, lead_id: str, reason: str) -> None:
        super().__init__(scorer, lead_id, reason)
        self.scorer = scorer
        self.lead_id = lead_id
        self.reason = reason

    def __str__(self) -> str:
        return f"{self.scorer} on lead {self.lead_id!r}: {self.reason}"


class ScorerCheckError(PartnerLeadsError, AssertionError):
    """A scorer breaks laws of scorers; carries every one, each with a counterexample."""

    def __init__(self, scorer: str, broken: tuple[BrokenLaw, ...]) -> None:
        super().__init__(scorer, broken)
        self.scorer = scorer
        self.broken = broken

    def __str__(self) -> str:
        return f"{self.scorer} breaks {_laws(self.broken)}"


def _laws(broken: tuple[BrokenLaw, ...]) -> str:
    lines = "\n".join(f"  {line}" for law in broken for line in str(law).splitlines())
    return f"{_counted(len(broken), 'law')}\n{lines}"


class UnknownLeadError(PartnerLeadsError, KeyError):
    """No event names the lead."""

    def __init__(self, lead_id: str, near: tuple[str, ...] = ()) -> None:
        super().__init__(lead_id, near)
        self.lead_id = lead_id
        self.near = near

    def __str__(self) -> str:
        hint = f"; did you mean {' or '.join(map(repr, self.near))}?" if self.near else ""
        return f"no event by then names the lead {self.lead_id!r}{hint}"


class MismatchError(PartnerLeadsError, ValueError):
    """Two results were computed under different definitions."""

    def __init__(self, name: str, mismatches: tuple[tuple[str, str, str], ...]) -> None:
        super().__init__(name, mismatches)
        self.name = name
        self.mismatches = mismatches

    def __str__(self) -> str:
        each = "; ".join(f"{what}: {one} and {other}" for what, one, other in self.mismatches)
        return (
            f"{self.name}: the results differ in more than their period ({each}); "
            "compute both under one definition"
        )


class HistoryError(PartnerLeadsError, ValueError):
    """Strict folding met problems; carries all of them."""

    def __init__(self, problems: tuple[object, ...]) -> None:
        super().__init__(problems)
        self.problems = problems

    def __str__(self) -> str:
        lines = first_lines(self.problems, how="read `.problems`")
        head = f"the history has {_counted(len(self.problems), 'problem')}"
        return "\n".join([head, *(f"  {line}" for line in lines)])


class BadInputError(PartnerLeadsError, ValueError):
    """A file or a batch of rows has faults; carries all of them and the counts."""

    def __init__(self, name: str, faults: tuple[Fault, ...], read: int, accepted: int) -> None:
        super().__init__(name, faults, read, accepted)
        self.name = name
        self.faults = faults
        self.read = read
        self.accepted = accepted

    def __str__(self) -> str:
        faults = _counted(len(self.faults), "fault")
        head = f"{self.name}: {faults} in {_counted(self.read, 'row')}, {self.accepted} accepted"
        lines = listed(self.faults, how="read `.faults`")
        return "\n".join([head, *(f"  {line}" for line in lines)])


class MappingFileError(PartnerLeadsError, ValueError):
    """A mapping file does not say what it must; carries every fault."""

    def __init__(self, name: str, faults: tuple[Fault, ...]) -> None:
        super().__init__(name, faults)
        self.name = name
        self.faults = faults

    def __str__(self) -> str:
        lines = "\n".join(f"  {fault}" for fault in self.faults)
        return f"{self.name}: the mapping has {_counted(len(self.faults), 'fault')}\n{lines}"


class MissingExtraError(PartnerLeadsError, ImportError):
    """An optional dependency is not installed."""

    def __init__(self, package: str, extra: str) -> None:
        super().__init__(package, extra)
        self.package = package
        self.extra = extra

    def __str__(self) -> str:
        missing, extra = f"{self.package} is not installed", self.extra
        return f"{missing}; run: pip install 'partnerleads[{extra}]', in a clone '.[{extra}]'"


class FrameSchemaError(PartnerLeadsError, ValueError):
    """A data frame is no flat frame of events; carries every fault, each with its column."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__(faults)
        self.faults = faults

    def __str__(self) -> str:
        lines = "\n".join(f"  {fault}" for fault in self.faults)
        return f"the frame has {_counted(len(self.faults), 'fault')}\n{lines}"
