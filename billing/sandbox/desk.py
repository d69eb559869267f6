"""What a person does by hand on the front page: each button is a control call, sent as a form."""

import json
from typing import Any
from urllib.parse import urlsplit

from .control import Control
from .pages import frame
from .replies import Reply, Request, redirect
from .state import Object

WHOLE = ("times", "copies", "exp_month", "exp_year")
FRACTIONS = ("seconds", "lasting")
DAY = 24 * 3600


def press(control: Control, request: Request, form: dict[str, str]) -> Reply:
    """Do what the button says, then show the part of the page it stands in."""
    if not _from_our_page(request):
        return Reply(403, frame.message("Refused", "This form did not come from the sandbox's own page."))
    call, back = form.pop("call", ""), form.pop("back", "")
    try:
        body = json.dumps(_given(form))
    except ValueError:
        return _not_done("A number was expected.")
    method = "DELETE" if form.get("clear") else "POST"
    sent = Request(method, f"/_sandbox/{call}", "", {"content-type": "application/json"}, body)
    reply = control.answer(sent)
    if reply.status != 200:
        return _not_done(json.loads(reply.body)["error"]["message"], status=reply.status)
    return redirect(f"/#{back}")


def _given(form: dict[str, str]) -> Object:
    given: dict[str, Any] = {name: value.strip() for name, value in form.items() if name not in ("days", "clear")}
    for name in (*WHOLE, *FRACTIONS):
        if name in given:
            given[name] = float(given[name]) if name in FRACTIONS else int(given[name])
    if "days" in form:
        given["advance"] = int(float(form["days"]) * DAY)
    return given


def _from_our_page(request: Request) -> bool:
    """No other site's page may press our buttons: browsers say where a form comes from."""
    site = request.headers.get("sec-fetch-site")
    if site is not None:
        return site == "same-origin"
    origin = request.headers.get("origin")
    return origin is None or urlsplit(origin).netloc == request.headers.get("host")


def _not_done(text: str, *, status: int = 400) -> Reply:
    return Reply(status, frame.message("Not done", text, link="/", link_text="Back"))
