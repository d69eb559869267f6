"""Charts are checked as numbers: where each shape stands, and that the figures say the same as the drawing."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from selfcare.charts import Bar, Column, Curve, Key, Outlook, bars, heat, lines, stacked
from selfcare.charts.heat import level, spans
from selfcare.charts.parts import PLOT, TOP, Scale, foot

D = Decimal
SERIES = [Key("s1", "Calls"), Key("s4", "Fees")]


def columns_of(*values: tuple[str, str], series=SERIES):
    columns = [Column(str(n), f"Day {n}", tuple(map(D, pair))) for n, pair in enumerate(values, start=1)]
    return stacked(
        columns, series=series, name="x", title="T", summary="S", head="Day", total="Total", words=str, marks=str
    )


def curves_of(*values: list[str], places: int, outlook=None):
    curves = [Curve(f"c{n}", tuple(map(D, each))) for n, each in enumerate(values, start=1)]
    names = [str(n) for n in range(1, places + 1)]
    return lines(
        curves, places=names, outlook=outlook, name="x", title="T", summary="S", head="Day", words=str, marks=str
    )


def grid_of(*rows: list[int]):
    names = [str(n) for n in range(len(rows))]
    return heat(
        rows, rows=names, long_rows=names, columns=["a", "b", "c", "d"], every=2, name="x", title="T", summary="S",
        head="", words=str,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("largest", "top", "step"),
    [
        ("1", "1.0", "0.25"),
        ("4", "4", "1"),
        ("4.01", "6", "2"),
        ("10", "10.0", "2.5"),
        ("0.00003", "0.00003", "0.00001"),
        ("1234", "1500", "500"),
        ("99999", "100000", "25000"),
    ],
)
def test_the_scale_is_round(largest, top, step):
    assert Scale.over(D(largest)) == Scale(top=D(top), step=D(step))


@given(st.decimals("0.00001", "100000000", places=5))
def test_the_scale_holds_every_value_with_few_marks(largest):
    scale = Scale.over(largest)
    assert scale.top >= largest > scale.top - scale.step
    assert 2 <= len(scale.marks()) <= 5


@pytest.mark.parametrize(
    ("largest", "smallest", "marks"),
    [
        ("230", "196", "190 200 210 220 230"),
        ("230", "115", "0 100 200 300"),
        ("230", "230", "0 100 200 300"),
        ("100", "-5", "0 25 50 75 100"),
    ],
)
def test_the_scale_of_curves_may_begin_above_nothing(largest, smallest, marks):
    scale = Scale.over(D(largest), D(smallest))
    assert scale.marks() == [D(mark) for mark in marks.split()]
    assert scale.height(D(largest)) <= PLOT


def test_columns_stand_on_each_other_and_fill_their_room():
    chart = columns_of(("1", "3"), ("2", "0"))
    plot = [(box.x, box.y, box.width, box.height, box.css) for box in chart.boxes]
    assert plot == [
        ("5.000%", f"{TOP + PLOT * 3 / 4:.1f}", "40.000%", f"{PLOT / 4:.1f}", "s1"),
        ("5.000%", f"{TOP:.1f}", "40.000%", f"{PLOT * 3 / 4:.1f}", "s4"),
        ("55.000%", f"{TOP + PLOT / 2:.1f}", "40.000%", f"{PLOT / 2:.1f}", "s1"),
    ]
    assert chart.boxes[1].words == "Day 1, Fees: 3"
    assert chart.figures.heads == ("Day", "Calls", "Fees", "Total")
    assert chart.figures.rows == (("Day 1", "1", "3", "4"), ("Day 2", "2", "0", "2"))


def test_a_series_without_a_colour_stands_in_the_table_only():
    chart = columns_of(("1", "300"), series=[SERIES[0], Key("", "Fees")])
    assert [(box.css, box.height) for box in chart.boxes] == [("s1", f"{PLOT:.1f}")]
    assert [key.words for key in chart.legend] == ["Calls"]
    assert chart.figures.rows == (("Day 1", "1", "300", "301"),)


def test_what_is_below_nothing_stands_in_the_table_only():
    chart = columns_of(("-5", "3"))
    assert [(box.css, box.height) for box in chart.boxes] == [("s4", f"{PLOT * 3 / 3:.1f}")]
    assert chart.figures.rows == (("Day 1", "-5", "3", "-2"),)


@given(st.lists(st.tuples(st.decimals("0", "9999", places=2), st.decimals("0", "9999", places=2)), min_size=1))
def test_no_column_leaves_the_drawing(values):
    chart = columns_of(*((str(a), str(b)) for a, b in values))
    if chart is None:
        assert not any(a or b for a, b in values)
        return
    for box in chart.boxes:
        assert D(box.y) >= TOP - D("0.05")
        assert D(box.y) + D(box.height) <= TOP + PLOT + D("0.1")
        assert D(box.x[:-1]) + D(box.width[:-1]) <= 100


@pytest.mark.parametrize(
    "chart",
    [
        columns_of(("0", "0"), ("-1", "0")),
        columns_of(series=SERIES),
        curves_of([], [], places=3),
        curves_of(["0"], ["0", "0"], places=3),
        bars([], name="x", title="T", summary="S", heads=[]),
        grid_of([0, 0, 0, 0]),
    ],
)
def test_nothing_is_drawn_of_nothing(chart):
    assert chart is None


def test_curves_go_from_day_to_day():
    chart = curves_of(["0", "4"], ["1", "2", "4"], places=4)
    drawn = [(one.x1, one.y1, one.x2, one.y2, one.css) for one in chart.strokes if one.css != "grid"]
    assert drawn == [
        ("12.500%", "188.0", "37.500%", "8.0", "line1"),
        ("12.500%", "143.0", "37.500%", "98.0", "line2"),
        ("37.500%", "98.0", "62.500%", "8.0", "line2"),
    ]
    assert chart.figures.rows == (("1", "0", "1"), ("2", "4", "2"), ("3", "", "4"), ("4", "", ""))


def test_a_single_day_is_seen():
    chart = curves_of(["4"], places=2)
    assert [(one.x1, one.x2) for one in chart.strokes if one.css == "line1"] == [("0%", "25.000%")]


def test_the_outlook_goes_from_today_to_the_end_and_has_its_range():
    chart = curves_of(["1", "2"], places=4, outlook=Outlook("Forecast", D(3), D(2), D(4)))
    ahead = next(one for one in chart.strokes if one.css == "outlook")
    assert (ahead.x1, ahead.y1, ahead.x2, ahead.y2) == ("37.500%", "98.0", "87.500%", "53.0")
    (span,) = chart.boxes
    assert (span.x, span.y, span.width, span.height) == ("75.000%", "8.0", "25.000%", "90.0")
    assert chart.figures.rows[-1] == ("Forecast", "3 (2 – 4)")


def test_bars_are_parts_of_the_longest():
    rows = [Bar("Germany, a very long name of a place", D(8), "8.00", ("2",)), Bar("France", D(2), "2.00", ("1",))]
    chart = bars(rows, name="x", title="T", summary="S", heads=["Destination", "Calls"])
    assert [box.width for box in chart.boxes if box.css == "s1"] == ["100.000%", "25.000%"]
    assert [text.words for text in chart.texts] == ["Germany, a very long name o…", "8.00", "France", "2.00"]
    assert chart.figures.rows[0] == ("Germany, a very long name of a place", "2")


def test_bars_of_free_calls_have_no_length():
    chart = bars([Bar("a", D(0), "0", ())], name="x", title="T", summary="S", heads=["a"])
    assert [box.width for box in chart.boxes if box.css == "s1"] == ["0.000%"]


def test_the_grid_has_a_cell_for_each_value():
    chart = grid_of([0, 1, 5, 10], [2, 3, 4, 6])
    assert [box.css for box in chart.boxes] == ["h0", "h1", "h3", "h5", "h1", "h2", "h2", "h3"]
    assert (chart.boxes[5].x, chart.boxes[5].y) == ("25.000%", "24.0")
    assert [text.words for text in chart.texts] == ["a", "c"]
    assert [key.words for key in chart.legend] == ["0", "1–2", "3–4", "5–6", "7–8", "9–10"]


@given(st.integers(1, 5000))
def test_each_value_has_the_colour_whose_span_names_it(largest):
    found = spans(largest)
    for value in {0, 1, largest // 3, largest // 2, largest - 1, largest} - {-1}:
        low, _dash, high = found[level(value, largest)].partition("–")
        assert int(low) <= value <= int(high or low)


@pytest.mark.parametrize(("count", "always", "wide"), [(6, 6, 6), (12, 6, 12), (31, 6, 11), (1, 1, 1)])
def test_as_many_names_as_there_is_room_for(count, always, wide):
    texts = foot([str(n) for n in range(count)])
    assert (sum(text.css == "middle" for text in texts), len(texts)) == (always, wide)
