"""The rules of a mapping: where values come from, how they are written, what events they make."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

from attrs import field, frozen

from partnerleads.model import FrozenMap

__all__ = ["NO_TEXTS", "CellFormat", "CellRule", "Condition", "EventRule", "Lookup"]

NO_TEXTS: FrozenMap[str, str] = FrozenMap()


@frozen(kw_only=True)
class CellFormat:
    """How the texts of cells are written.

    Attributes:
        decimal: Sign between whole and fraction.
        thousands: Signs between groups of digits; empty permits none.
        date_formats: ``strptime`` patterns tried besides ISO 8601; ``epoch``, ``epoch_ms`` and
            ``excel`` stand for seconds and milliseconds since 1970 and for days of a spreadsheet.
        iso_dates: Whether ISO 8601 is tried, too.
        time_zone: IANA name of the zone of dates and times without an offset; None refuses them.
        repeated_hour: What a time means that a clock change repeats: ``earlier``, ``later`` or
            ``reject``.
        skipped_hour: What a time means that a clock change leaves out: ``reject``, or ``shift``
            by the length of the gap.
        yes: Words that mean yes, in any case.
        no: Words that mean no, in any case.
        currency_signs: Signs to ISO codes, such as ``{"$": "USD"}``.
        parentheses: ``negative`` reads ``(12)`` as -12; ``reject`` refuses it.
        split: Sign between the parts of a list; None expects a JSON list.
    """

    decimal: str = "."
    thousands: tuple[str, ...] = ()
    date_formats: tuple[str, ...] = ()
    iso_dates: bool = True
    time_zone: str | None = None
    repeated_hour: str = "earlier"
    skipped_hour: str = "reject"
    yes: tuple[str, ...] = ("true", "yes", "1")
    no: tuple[str, ...] = ("false", "no", "0")
    currency_signs: FrozenMap[str, str] = NO_TEXTS
    parentheses: str = "reject"
    split: str | None = None


@frozen(kw_only=True)
class CellRule:
    """Where one value comes from.

    Attributes:
        columns: Columns, the first that has a value counts; ``NAME.column`` is of a side file.
        const: The same text for every row; None reads the columns.
        default: Text for rows whose columns have no value.
        clean: Replacements of whole texts, made before anything else is read from them.
        currency: Where the currency of an amount comes from; None leaves it to the cell.
        times: What a number is multiplied with, such as 0.01 for per cent.
        round: Whether amounts finer than the smallest unit are rounded half-even.
        end_of_day: Whether a date alone means the midnight that ends that day.
        format: How the text is written.
        fixed_at: The key of the mapping that states the constant or the default.
    """

    columns: tuple[str, ...] = ()
    const: str | None = None
    default: str | None = None
    clean: FrozenMap[str, str] = NO_TEXTS
    currency: CellRule | None = None
    times: Decimal | None = None
    round: bool = False
    end_of_day: bool = False
    format: CellFormat = CellFormat()
    fixed_at: str = field(default="", eq=False)

    @property
    def label(self) -> str:
        """The columns in words; empty for a constant."""
        return " or ".join(self.columns)

    @property
    def fixed(self) -> str | None:
        """The constant or the default; None where there is neither."""
        return self.default if self.const is None else self.const


@frozen(kw_only=True)
class Condition:
    """What a column must hold for a rule to give its event.

    Attributes:
        cell: The column.
        texts: Permitted texts; None permits any.
        present: Whether the cell must have a value (True) or none (False); None asks neither.
        negated: Whether the texts are the forbidden ones.
        yes: The answer of a yes-or-no column; None asks no such question.
    """

    cell: CellRule
    texts: frozenset[str] | None = None
    present: bool | None = None
    negated: bool = False
    yes: bool | None = None


@frozen(kw_only=True)
class Lookup:
    """A side file, joined on a column.

    Attributes:
        name: Name before the point in ``NAME.column``.
        file: Path of the file.
        here: Where a row's key comes from.
        there: Column of the side file that holds the keys, each once.
        when_missing: ``reject`` the row whose key the file does not know, or leave the values
            ``absent``.
        delimiter: Sign between the cells of the side file.
        encoding: Encoding of the side file.
    """

    name: str
    file: Path
    here: CellRule
    there: str
    when_missing: str = "reject"
    delimiter: str = ","
    encoding: str = "utf-8"


@frozen(kw_only=True)
class EventRule:
    """How a row gives one event.

    Attributes:
        label: Place of the rule in the mapping, such as ``events[2] lead_won``.
        type: Kind of event; empty where the kind follows from the stage.
        stage: The column whose stage gives the kind.
        at: When it happened.
        when_missing: What a row without that time means: ``reject``, ``skip`` or ``default`` (the
            default of ``at``, marked as assumed).
        precision: Stated precision; empty notices ``day`` or ``instant`` from the value.
        when: Conditions, all of which must hold.
        fields: Field names, with points for nested ones, to where their values come from.
        row_id: The row's own identity; None identifies events by what, who and when.
        ordinal: Which rule of its type this is, counted from 1; part of derived event ids.
    """

    label: str
    type: str
    stage: CellRule | None
    at: CellRule
    when_missing: str
    precision: CellRule | str
    when: tuple[Condition, ...]
    fields: FrozenMap[str, CellRule]
    row_id: CellRule | None
    ordinal: int = 1
