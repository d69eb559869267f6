"""What each day cost, as bars."""

from __future__ import annotations

from decimal import Decimal

from django.utils.translation import gettext as _

from billing.documents.report_pdf.fonts import BOLD, PLAIN
from billing.documents.report_pdf.paper import GROUND, INK, QUIET, RULE, SMALL, Paper
from selfcare import formats

HEIGHT = 110.0
GAP = 0.2  # of a bar's room
LABELS = 6  # days named under the bars, at most


def draw_chart(paper: Paper) -> None:
    """The bars of the content's days; nothing where nothing was spent, or where there is one day only."""
    days = paper.content.days
    most = max((amount for _day, amount in days), default=Decimal(0))
    if most <= 0 or len(days) < 2:
        return
    paper.room(HEIGHT + 60)
    paper.y -= 26
    paper.write(paper.left, _("What each day cost"), paper.width, font=BOLD, size=10)
    paper.y -= 14
    paper.ink(QUIET)
    paper.write(paper.left, _("Most on one day: %s") % formats.money(most, paper.content.currency), paper.width)
    paper.y -= HEIGHT + 6
    canvas = paper.canvas
    canvas.setFillColor(GROUND)
    canvas.rect(paper.left, paper.y, paper.width, HEIGHT, stroke=0, fill=1)
    canvas.setFillColor(paper.accent)
    room = paper.width / len(days)
    for place, (_day, amount) in enumerate(days):
        height = HEIGHT * float(max(amount, Decimal(0)) / most)
        if height > 0:
            canvas.rect(paper.left + room * (place + GAP / 2), paper.y, room * (1 - GAP), height, stroke=0, fill=1)
    canvas.setStrokeColor(RULE)
    canvas.line(paper.left, paper.y, paper.right, paper.y)
    paper.y -= 11
    name_days(paper, room)
    paper.ink(INK)


def name_days(paper: Paper, room: float) -> None:
    """Some of the days below their bars; each name has the room up to the next one."""
    days = paper.content.days
    step = -(-len(days) // LABELS)
    paper.ink(QUIET)
    paper.canvas.setFont(PLAIN, SMALL)
    for place in range(0, len(days), step):
        width = room * min(step, len(days) - place)
        if width > 34:  # too little for a date at the right end
            paper.write(paper.left + room * place, formats.day(days[place][0]), width - 2)
