"""The pages of a line's Auto Attendant: on and off, menus with their events, the drawing, dial by name, who may."""

import re

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from centrex.models import Extension, Menu, Sound
from centrex.models.attendant import ROOT
from centrex.operations.undo import undo
from centrex.queries.plans import plan_of
from centrex.sounds.tune import default_tune
from selfcare.models import AuditEvent
from tests.factories import (
    PASSWORD,
    CallQueueFactory,
    ExtensionFactory,
    HuntgroupFactory,
    LineFactory,
    MenuFactory,
    ScheduleFactory,
    SoundFactory,
)

MENU = {
    "name": "Night", "schedule": "", "first_digit_seconds": 10, "next_digit_seconds": 3, "max_loops": 3,
    "dial_extensions": "on", "max_extension_digits": 4, "on-timeout-act": "hang_up", "on-unavailable-act": "hang_up",
    "on-not_active-act": "hang_up",
}  # fmt: skip


@pytest.fixture
def address(line):
    return reverse("centrex:line-attendant", args=[line.pk])


@pytest.fixture
def root(line):
    return MenuFactory(line=line, name=ROOT)


@pytest.fixture
def edit(root):
    return reverse("centrex:menu-edit", args=[root.pk])


def words(answer):
    """The text of a page."""
    return re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", answer.content.decode()))


def test_a_menu_speaks_a_language_of_its_own(as_alice, alice, settings, line, root, edit):
    settings.VOICE_LANGUAGES = ["en", "de"]
    page = words(as_alice.get(edit))
    assert "Your company&#x27;s" in page
    assert "German" in page
    typed = MENU | {"name": ROOT, "version": root.version}
    assert as_alice.post(edit, typed | {"language": "fr"}).status_code == 200
    assert as_alice.post(edit, typed | {"language": "de"}).status_code == 302
    root.refresh_from_db()
    assert root.language == "de"
    assert plan_of(line.customer, now=timezone.now()).lines[line.pk].menus[0].language == "de"
    event = AuditEvent.objects.of(root).latest("pk")
    assert event.changes["Language"] == ["Your company's", "German"]
    undo(user=alice, event=event, version=root.version, now=timezone.now())
    root.refresh_from_db()
    assert root.language == ""


def test_switching_it_on_makes_root(as_alice, address, line):
    assert "Off" in words(as_alice.get(address))
    typed = {"own": "own", "enabled": "on", "search_by": "both", "confirm": "on", "version": line.version}
    answer = as_alice.post(address, typed, follow=True)
    assert line.menus.get().name == ROOT
    assert "Callers enter ROOT first" in words(answer)
    line.refresh_from_db()
    as_alice.post(address, {"own": "inherit", "version": line.version})
    assert line.menus.count() == 1


def test_the_first_menu_is_root_even_if_another_name_is_sent(as_alice, line):
    as_alice.post(reverse("centrex:menu-add", args=[line.pk]), MENU)
    assert line.menus.get().name == ROOT


def test_a_menu_with_everything(as_alice, root, edit, line, easycall):
    group = HuntgroupFactory(customer=easycall, number="88", name="Sales")
    CallQueueFactory(huntgroup=group)
    ExtensionFactory(customer=easycall, number="205", name="Ann", line=LineFactory(customer=easycall))
    night, hours = MenuFactory(line=line, name="Night"), ScheduleFactory(customer=easycall, name="Office")
    prompt = SoundFactory(customer=easycall, purpose="prompt", name="Moment")
    typed = MENU | {
        "name": "Other", "schedule": hours.pk, "version": root.version,
        "on-1-act": "huntgroup", "on-1-huntgroup": group.pk, "on-1-play": prompt.pk,
        "on-2-act": "queue", "on-2-huntgroup": group.pk,
        "on-3-act": "transfer", "on-3-number": "205", "on-3-huntgroup": group.pk,
        "on-4-act": "voicemail", "on-5-act": "menu", "on-5-next_menu": night.pk, "on-6-act": "directory",
        "on-star-act": "repeat", "on-hash-act": "hang_up",
        "on-timeout-act": "transfer", "on-timeout-number": "205",
        "on-not_active-act": "menu", "on-not_active-next_menu": night.pk,
    }  # fmt: skip
    answer = as_alice.post(edit, typed, follow=True)
    assert answer.redirect_chain[-1][0] == reverse("centrex:line-attendant", args=[line.pk])
    root.refresh_from_db()
    assert (root.name, root.schedule) == (ROOT, hours)
    kept = {row.event: row for row in root.events.all()}
    assert {event: row.act for event, row in kept.items()} == {
        "1": "huntgroup", "2": "queue", "3": "transfer", "4": "voicemail", "5": "menu", "6": "directory",
        "*": "repeat", "#": "hang_up", "timeout": "transfer", "unavailable": "hang_up", "not_active": "menu",
    }  # fmt: skip
    assert (kept["1"].play, kept["3"].number, kept["3"].huntgroup) == (prompt, "205", None)
    text = words(answer)
    for part in ("ROOT, Key 1: Call queue 88 Sales", "ROOT, Key 3: Extension 205 Ann", "ROOT, Not active: Menu",
                 "ROOT, Key 5: Always active Night"):  # fmt: skip
        assert part in text
    assert "For Sales, press 1." in words(as_alice.get(edit))
    assert f'<option value="{group.pk}" selected>88 Sales</option>' in as_alice.get(edit).content.decode()


def test_circles_are_drawn_once(as_alice, root, address, line):
    night = MenuFactory(line=line, name="Night")
    root.events.create(event="1", act="menu", next_menu=night)
    night.events.create(event="0", act="menu", next_menu=root)
    page = as_alice.get(address)
    assert page.content.decode().count("Menu, drawn above") >= 1
    drawn = [box.lines[0].text for box in page.context["drawing"].boxes]
    assert drawn == [ROOT, "Night", ROOT]
    assert f'href="{reverse("centrex:menu-edit", args=[night.pk])}"' in page.content.decode()


def test_a_menu_that_nothing_leads_to_is_drawn_too(as_alice, root, address, line):
    MenuFactory(line=line, name="Lost")
    assert [box.lines[0].text for box in as_alice.get(address).context["drawing"].boxes] == [ROOT, "Lost"]


@pytest.mark.parametrize(
    ("typed", "row", "field"),
    [
        ({"on-1-act": "transfer"}, "1", "number"),
        ({"on-star-act": "huntgroup"}, "*", "huntgroup"),
        ({"on-1-act": "dance"}, "1", "act"),
        ({"on-1-act": "hang_up", "on-1-play": "999999"}, "1", "play"),
        ({"on-timeout-act": "repeat"}, "timeout", "act"),
    ],
)
def test_a_mistake_is_said_in_its_row_and_at_the_top(as_alice, edit, root, typed, row, field):
    answer = as_alice.post(edit, MENU | typed)
    form = answer.context["form"]
    assert field in next(each for each in form.rows if each.event == row).errors
    assert form.non_field_errors()
    assert not root.events.exists()


def test_a_circle_is_named_in_its_row(as_alice, root, edit, line, easycall):
    hours = ScheduleFactory(customer=easycall)
    night = MenuFactory(line=line, name="Night", schedule=hours)
    night.events.create(event="not_active", act="menu", next_menu=root)
    typed = {"schedule": hours.pk, "on-not_active-act": "menu", "on-not_active-next_menu": night.pk}
    answer = as_alice.post(edit, MENU | typed)
    assert "“ROOT” → “Night” → “ROOT”" in words(answer)


def test_a_number_abroad_asks_for_the_password(as_alice, root, edit):
    typed = MENU | {"on-1-act": "transfer", "on-1-number": "+44 20 7946 0000", "version": 1}
    assert "Is it really you?" in words(as_alice.post(edit, typed))
    assert "This is not your password" in words(as_alice.post(edit, typed | {"password": "wrong"}))
    as_alice.post(edit, typed | {"password": PASSWORD})
    assert root.events.get(event="1").number == "442079460000"


def test_prompts_are_uploaded_and_what_is_no_sound_is_refused(as_alice, root, edit):
    bad = SimpleUploadedFile("a.wav", b"MZ not a sound")
    answer = as_alice.post(edit, MENU | {"prompt_file": bad})
    assert "This is not a sound" in words(answer)
    good = SimpleUploadedFile("hello.wav", default_tune(8000))
    before = SimpleUploadedFile("bye.wav", default_tune(8000))
    as_alice.post(edit, MENU | {"prompt_file": good, "on-1-act": "hang_up", "on-1-file": before})
    root.refresh_from_db()
    assert (root.prompt.name, root.prompt.purpose) == ("hello", Sound.Purpose.PROMPT)
    assert root.events.get(event="1").play.name == "bye"
    page = words(as_alice.get(edit))
    assert "Being prepared" in page or "Ready" in page


def test_the_second_editor_is_told(as_alice, root, edit):
    as_alice.post(edit, MENU | {"on-1-act": "hang_up", "version": 1})
    answer = as_alice.post(edit, MENU | {"on-2-act": "hang_up", "version": 1})
    assert "Key 1" in words(answer)
    assert not root.events.filter(event="2").exists()


def test_deleting_a_menu_and_undoing_it(as_alice, root, line):
    night = MenuFactory(line=line, name="Night")
    night.events.create(event="1", act="hang_up")
    answer = as_alice.post(reverse("centrex:menu-delete", args=[night.pk]), follow=True)
    undo = re.search(r'href="(/centrex/undo/\d+/)"', answer.content.decode())[1]
    as_alice.post(undo)
    assert Menu.objects.get(pk=night.pk).events.get().act == "hang_up"
    answer = as_alice.post(reverse("centrex:menu-delete", args=[root.pk]))
    assert "not deleted" in words(answer)


# Dial by name


@pytest.mark.parametrize(
    ("digits", "heard"),
    [
        ("667", "“Alice Morgan, extension 201. To call, press 1."),
        ("645", "“For Jim Miller, extension 202, press 1.” “For Tim Miller, extension 203, press 2.”"),
        ("999", "“Nobody has this name.”"),
        ("12", "Enter the keys 2 to 9"),
    ],
)
def test_dial_by_name_can_be_tried(as_alice, address, easycall, digits, heard):
    for number, name in (("201", "Alice Morgan"), ("203", "Tim Miller"), ("202", "Jim Miller"), ("204", "Zoe Zyx")):
        ExtensionFactory(customer=easycall, number=number, name=name, line=LineFactory(customer=easycall))
    Extension.objects.filter(number="204").update(published=False)
    page = words(as_alice.get(f"{address}?digits={digits}"))
    assert heard in page.replace("” “", "” “")
    assert "Zoe Zyx" not in page.partition("What happens if")[0]


def test_names_that_nobody_can_key_are_marked(as_alice, address, easycall):
    ExtensionFactory(customer=easycall, name="李", line=LineFactory(customer=easycall))
    assert "No letters to key" in words(as_alice.get(address))


# Who may


def test_bob_reads_and_changes_nothing(as_bob, address, root, edit, line):
    page = as_bob.get(address)
    assert page.status_code == 200
    assert "Add menu" not in words(page)
    assert edit not in page.content.decode()
    assert as_bob.post(address, {"own": "own"}).status_code == 403
    for name, pk in (("menu-add", line.pk), ("menu-edit", root.pk), ("menu-delete", root.pk)):
        assert as_bob.get(reverse(f"centrex:{name}", args=[pk])).status_code == 403


def test_a_stranger_finds_nothing(as_charlie, address, root, edit, line):
    for url in (address, edit, reverse("centrex:menu-add", args=[line.pk]),
                reverse("centrex:menu-delete", args=[root.pk])):  # fmt: skip
        assert as_charlie.get(url).status_code == 404
        assert as_charlie.post(url, MENU).status_code == 404


@pytest.mark.parametrize("which", ["list", "menu"])
def test_the_number_of_queries_does_not_grow(as_alice, address, root, edit, line, easycall, which):
    url = address if which == "list" else edit
    as_alice.get(url)
    counts = []
    for number in (1, 3):
        for index in range(number):
            group = HuntgroupFactory(customer=easycall)
            other = MenuFactory(line=line, name=f"{number} {index}", schedule=ScheduleFactory(customer=easycall))
            other.events.create(event="1", act="huntgroup", huntgroup=group)
            SoundFactory(customer=easycall, purpose="prompt")
        with CaptureQueriesContext(connection) as found:
            as_alice.get(url)
        counts.append(len(found))
    assert counts[0] == counts[1]


def test_what_if_shows_the_active_menu_and_its_choices(as_alice, root, line, easycall, address):
    as_alice.post(address, {"own": "own", "enabled": "on", "search_by": "last", "version": line.version})
    root.events.create(event="1", act="huntgroup", huntgroup=HuntgroupFactory(customer=easycall, name="Sales"))
    query = {"caller": "outside", "number": "12125550199", "dialled": line.account_id}
    text = words(as_alice.get(reverse("centrex:what-if"), query))
    assert "Menu ROOT" in text
    assert "the caller presses" in text
    assert re.search(r"1: \d+ Sales", text)
