"""The portal's tables; a page declares one from `BaseTable` and typed columns."""

from selfcare.crud.tables.columns import (
    EMPTY,
    ActionsColumn,
    ChargeColumn,
    ChoiceColumn,
    Column,
    DayColumn,
    FlagColumn,
    LinkColumn,
    MoneyColumn,
    NumberColumn,
    PhoneColumn,
    SecondsColumn,
    TimeColumn,
    as_html,
)
from selfcare.crud.tables.keyset import KeysetTable
from selfcare.crud.tables.state import DENSITIES, PAGE_SIZES, Head, Pager, TableState, one_of
from selfcare.crud.tables.table import BaseTable

__all__ = [
    "DENSITIES",
    "EMPTY",
    "PAGE_SIZES",
    "ActionsColumn",
    "BaseTable",
    "ChargeColumn",
    "ChoiceColumn",
    "Column",
    "DayColumn",
    "FlagColumn",
    "Head",
    "KeysetTable",
    "LinkColumn",
    "MoneyColumn",
    "NumberColumn",
    "Pager",
    "PhoneColumn",
    "SecondsColumn",
    "TableState",
    "TimeColumn",
    "as_html",
    "one_of",
]
