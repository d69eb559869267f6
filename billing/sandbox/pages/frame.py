"""What every page has: the frame around it, a message, a field, a table."""

from datetime import UTC, datetime
from html import escape
from pathlib import Path

STYLE = (Path(__file__).parents[1] / "sandbox.css").read_bytes()
# Columns of figures, which stand to the right.
FIGURES = ("Amount", "Seconds", "Times left", "To deliver")
BANNER = "Test mode - no money moves"


def page(title: str, body: str, *, wide: bool = False, head: str = "") -> bytes:
    """A whole page around `body`, which is HTML already."""
    return f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="robots" content="noindex">
<title>{escape(title)} - payment sandbox</title>
<link rel="stylesheet" href="/sandbox.css">
<link rel="icon" href="data:,">{head}
</head>
<body>
<p class="banner" role="note"><strong>{BANNER}</strong></p>
<main{' class="wide"' if wide else ""}>
{body}
</main>
</body>
</html>
""".encode()


def message(title: str, text: str, *, link: str | None = None, link_text: str = "") -> bytes:
    """A page that says one thing, with at most one way on."""
    onward = f'<p><a class="button" href="{escape(link)}">{escape(link_text)}</a></p>' if link else ""
    return page(title, f"<section class=card><h1>{escape(title)}</h1><p>{escape(text)}</p>{onward}</section>")


def field(name: str, label: str, values: dict[str, str], fault: str, more: str = "", example: str = "") -> str:
    """A labelled line of text to fill in; `fault` names the field that the page's alert is about."""
    wrong = ' aria-invalid="true" aria-describedby="problem"' if fault == name else ""
    hint = f' placeholder="{example}"' if example else ""
    return (
        f'<p class="field"><label for="{name}">{label}</label>'
        f'<input id="{name}" name="{name}" type="text" required value="{escape(values.get(name, ""))}" '
        f'autocomplete="off" {more}{hint}{wrong}></p>'
    )


def alert(error: str) -> str:
    """What went wrong, said where screen readers hear it; nothing if nothing did."""
    return f'<p class="alert" id="problem" role="alert">{escape(error)}</p>' if error else ""


def table(heads: tuple[str, ...], rows: str) -> str:
    """A table that scrolls sideways where it must."""
    if not rows:
        return "<p>None yet.</p>"
    right = dict.fromkeys(FIGURES, ' class="amount"')
    cells = "".join(f'<th scope="col"{right.get(head, "")}>{head}</th>' for head in heads)
    inside = f"<table><thead><tr>{cells}</tr></thead><tbody>{rows}</tbody></table>"
    return f'<div class="scroll" tabindex="0" role="region" aria-label="{heads[0]}">{inside}</div>'


def clock(seconds: int) -> str:
    """A moment of the sandbox's clock, in UTC."""
    return datetime.fromtimestamp(seconds, tz=UTC).strftime("%Y-%m-%d %H:%M:%S")
