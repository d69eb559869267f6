"""The pages of Sites: list, add, edit, lines, delete."""

import pytest

from centrex.models import Line, Site
from centrex.queries.sites import default_site
from selfcare.models import AuditEvent
from tests.factories import CustomerFactory, ExtensionFactory, LineFactory, SiteFactory, UserFactory
from tests.people import signed_in

PAGE = "/centrex/sites/"
ADD = f"{PAGE}add/"
NEW = {"name": "New York", "codecs": "g711", "mobility": "stationary", "country": "US", "count_internal": "on"}


def body(client, address: str = PAGE) -> str:
    answer = client.get(address)
    assert answer.status_code == 200, address
    return answer.content.decode()


def page_of(site: Site, act: str = "") -> str:
    return f"{PAGE}{site.pk}/{act}"


@pytest.fixture
def field(easycall) -> Site:
    return SiteFactory(customer=easycall, name="Field")


def test_the_list_says_what_each_site_allows(as_alice, easycall, field):
    SiteFactory(customer=easycall, name="New York", country="US", mobility="roaming", codecs="g729",
                limit_calls=True, max_calls=10, max_calls_in=6, max_bandwidth=2000)  # fmt: skip
    LineFactory(customer=easycall, site=field)
    page = body(as_alice)
    for head in ("Site Name", "Phone Lines", "Codec Connectivity Profile", "Current Location", "Allowed Mobility"):
        assert head in page
    for cell in ("10 calls: 6 incoming; 2,000 kbit/s (64 calls)", "United States of America", "Roaming", "No limits",
                 "G.729 (for narrow connections)", "Not known",
                 f'<a href="/centrex/lines/?site={field.pk}">1</a>'):  # fmt: skip
        assert cell in page
    default = default_site(easycall)
    assert page.index("Default") < page.index("Field") < page.index("New York")
    assert f'href="{page_of(field, "delete/")}"' in page
    assert f'href="{page_of(default)}"' in page
    assert f'href="{page_of(default, "delete/")}"' not in page


def test_adding(as_alice, easycall):
    answer = as_alice.post(ADD, NEW | {"limit_calls": "on", "max_calls": "10", "max_calls_in": "6"}, follow=True)
    assert "“New York” was added." in answer.content.decode()
    site = Site.for_customer(easycall).get(is_default=False)
    assert (site.limit_calls, site.max_calls, site.max_calls_in, site.count_internal) == (True, 10, 6, True)
    assert (site.codecs, site.country.code, site.mobility) == ("g711", "US", "stationary")


@pytest.mark.parametrize(
    ("typed", "at", "said"),
    [
        ({"name": ""}, "name", "This field is required."),
        ({"name": " field "}, "name", "There is a site of this name already."),
        ({"limit_calls": "on"}, "max_calls", "Enter at least one number"),
        ({"limit_calls": "on", "max_calls": "3", "max_calls_in": "4"}, "max_calls_in",
         "This may not be more than Max Number of Simultaneous Calls, which is 3."),
        ({"limit_calls": "on", "max_calls": "0"}, "max_calls", "greater than or equal to 1"),
        ({"max_bandwidth": "500", "max_bandwidth_out": "501"}, "max_bandwidth_out",
         "This may not be more than Max Bandwidth, which is 500."),
        ({"country": "ZZ"}, "country", "Select a valid choice"),
        ({"codecs": "mp3"}, "codecs", "Select a valid choice"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_said_at_its_field(typed, at, said, as_alice, easycall, field):
    answer = as_alice.post(ADD, NEW | typed)
    assert answer.status_code == 200
    assert said in str(answer.context["form"].errors[at])
    assert Site.for_customer(easycall).count() == 2


def test_a_bandwidth_says_how_many_calls_it_is_enough_for(as_alice, field):
    Site.objects.filter(pk=field.pk).update(codecs="g729", max_bandwidth=2000)
    page = body(as_alice, page_of(field))
    assert 'data-fits="id_max_bandwidth">Room for calls at a time: <output>64</output>' in page
    assert 'data-fits="id_max_bandwidth_in" hidden>' in page
    assert "87.2 kbit/s each way with G.711 or G.722, 63.2 with Opus and 31.2 with G.729" in page
    refused = as_alice.post(page_of(field), NEW | {"name": "", "max_bandwidth": "872"}).content.decode()
    assert "<output>10</output>" in refused


def test_countries_are_in_the_users_words(as_alice, alice, field):
    alice.language = "de"
    alice.save()
    assert "Deutschland" in body(as_alice, page_of(field))


def test_the_second_to_save_is_told(as_alice, easycall, field):
    other = signed_in(UserFactory(username="carol", customer=easycall))
    assert other.post(page_of(field), NEW | {"version": 1}).status_code == 302
    page = as_alice.post(page_of(field), NEW | {"name": "Cars", "version": 1}).content.decode()
    assert "carol changed Site Name: “Field” → “New York”" in page
    field.refresh_from_db()
    assert field.name == "New York"


def test_deleting_says_which_lines_move(as_alice, easycall, field):
    for number in (1, 2):
        LineFactory(customer=easycall, site=field, account_id=f"1212555010{number}", name="Car")
    said = "2 phone lines move to the site Default and then share its limits: 12125550101 (Car), 12125550102 (Car)."
    assert said in body(as_alice, page_of(field, "delete/"))
    answer = as_alice.post(page_of(field, "delete/"), follow=True).content.decode()
    assert "2 phone lines moved to the site Default: 12125550101 (Car), 12125550102 (Car)." in answer
    assert "“Field” was deleted." in answer
    assert Line.for_customer(easycall).filter(site=None).count() == 2
    assert AuditEvent.objects.filter(record_type="centrex.line", changes={"site": ["Field", "Default"]}).count() == 2


def test_a_long_list_of_lines_is_cut_short(as_alice, easycall, field):
    for _line in range(25):
        LineFactory(customer=easycall, site=field)
    page = body(as_alice, page_of(field, "delete/"))
    assert "25 phone lines move" in page
    assert "and 5 more" in page


def test_the_default_site_stays(as_alice, easycall):
    default = default_site(easycall)
    for method in (as_alice.get, as_alice.post):
        assert method(page_of(default, "delete/")).status_code == 404
    answer = as_alice.post(page_of(default), NEW | {"name": "", "version": 1})
    assert "This field is required." in str(answer.context["form"].errors["name"])
    assert as_alice.post(page_of(default), NEW | {"name": "Boston", "version": 1}).status_code == 302
    assert default_site(easycall).name == "Boston"


def test_staff_cannot_delete_it_either(as_dora, easycall):
    default = default_site(easycall)
    address = f"/admin/centrex/site/{default.pk}/delete/"
    assert as_dora.post(address, {"post": "yes"}).status_code == 403
    chosen = {"action": "delete_selected", "_selected_action": [default.pk], "post": "yes"}
    as_dora.post("/admin/centrex/site/", chosen)
    assert default_site(easycall) == default


def test_several_lines_move_at_once(as_alice, easycall, field):
    come = [LineFactory(customer=easycall) for _line in range(2)]
    stay, go = LineFactory(customer=easycall), LineFactory(customer=easycall, site=field)
    page = body(as_alice, page_of(field, "lines/"))
    assert "Put into Field" in page
    assert "Take out and put into Default" in page
    ticked = {"put": [line.pk for line in come], "back": [go.pk], "version": 1}
    answer = as_alice.post(page_of(field, "lines/"), ticked, follow=True).content.decode()
    assert "2 phone lines moved to Field." in answer
    assert "1 phone line moved to Default." in answer
    assert set(Line.for_customer(easycall).filter(site=field)) == set(come)
    assert set(Line.for_customer(easycall).filter(site=None)) == {stay, go}
    assert AuditEvent.objects.filter(record_type="centrex.line").count() == 3


def test_lines_come_to_default_from_its_own_page(as_alice, easycall, field):
    line, default = LineFactory(customer=easycall, site=field), default_site(easycall)
    assert "Take out" not in body(as_alice, page_of(default, "lines/"))
    assert as_alice.post(page_of(default, "lines/"), {"put": [line.pk], "version": 1}).status_code == 302
    line.refresh_from_db()
    assert line.site is None


def test_lines_move_also_while_the_limits_contradict_each_other(as_alice, easycall, field):
    Site.objects.filter(pk=field.pk).update(max_bandwidth=1, max_bandwidth_in=2)
    line = LineFactory(customer=easycall)
    assert as_alice.post(page_of(field, "lines/"), {"put": [line.pk], "version": 1}).status_code == 302
    assert field.lines.get() == line


def test_a_long_list_is_searched(as_alice, easycall, field):
    for number in range(101):
        LineFactory(customer=easycall, account_id=f"44207946{number:04}")
    page = body(as_alice, page_of(field, "lines/"))
    assert "The first 100 of 101 are shown." in page
    found = body(as_alice, page_of(field, "lines/?text=0100"))
    assert found.count('name="put"') == 1
    assert "Nothing matches the search." in body(as_alice, page_of(field, "lines/?text=xyz"))
    assert as_alice.get(page_of(field, "lines/"), {"text": "\0%"}).status_code == 200


def test_only_ones_own_lines_move(as_alice, as_charlie, easycall, lotus, field):
    foreign = LineFactory(customer=lotus)
    answer = as_alice.post(page_of(field, "lines/"), {"put": [foreign.pk], "version": 1})
    assert "put" in answer.context["form"].errors
    for act in ("", "lines/", "delete/"):
        assert as_charlie.get(page_of(field, act)).status_code == 404
        assert as_charlie.post(page_of(field, act), NEW | {"put": [foreign.pk]}).status_code == 404
    foreign.refresh_from_db()
    assert (foreign.site, foreign.version) == (None, 1)


def test_who_may_only_read_changes_nothing(as_bob, field):
    page = body(as_bob)
    assert "Field" in page
    assert f'href="{page_of(field)}"' not in page
    for address in (ADD, page_of(field), page_of(field, "lines/"), page_of(field, "delete/")):
        assert as_bob.post(address, NEW).status_code == 403


def test_a_branch_office_keeps_its_own_sites(easycall, field):
    branch = CustomerFactory(main_office=easycall)
    as_branch = signed_in(UserFactory(username="berta", customer=branch))
    assert "Field" not in body(as_branch)
    assert as_branch.post(ADD, NEW | {"name": "Torstraße"}).status_code == 302
    site = Site.for_customer(branch).get(name="Torstraße")
    line = LineFactory(customer=branch)
    assert as_branch.post(page_of(site, "lines/"), {"put": [line.pk], "version": 1}).status_code == 302
    line.refresh_from_db()
    assert line.site == site
    assert as_branch.post(page_of(field), NEW).status_code == 404
    assert not Site.for_customer(easycall).filter(name="Torstraße").exists()


def test_one_line_moves_from_its_own_page(as_alice, as_bob, as_charlie, easycall, lotus, field):
    line = LineFactory(customer=easycall)
    ExtensionFactory(customer=easycall, line=line)
    address = f"/centrex/lines/{line.pk}/site/"
    assert address in body(as_alice, f"/centrex/lines/{line.pk}/")
    assert address not in body(as_bob, f"/centrex/lines/{line.pk}/")
    foreign = SiteFactory(customer=lotus)
    assert as_alice.post(address, {"site": foreign.pk, "version": 1}).status_code == 200
    assert as_charlie.post(address, {"site": foreign.pk}).status_code == 404
    assert as_bob.post(address, {"site": field.pk}).status_code == 403
    answer = as_alice.post(address, {"site": field.pk, "version": 1})
    assert answer["Location"] == f"/centrex/lines/{line.pk}/"
    assert f'<a href="{page_of(field)}">Field</a>' in body(as_alice, f"/centrex/lines/{line.pk}/")
    again = as_alice.post(address, {"site": "", "version": 1}).content.decode()
    assert "alice changed site: “Default” → “Field”" in again
    assert as_alice.post(address, {"site": "", "version": 2}).status_code == 302
    line.refresh_from_db()
    assert line.site is None
