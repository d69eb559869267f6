"""Edit in a spreadsheet, all the way: download, change in a workbook, upload, look, apply, see it in the list."""

import pytest
from openpyxl import load_workbook
from playwright.sync_api import expect

from tests.factories import ExtensionFactory

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


def test_a_list_goes_through_a_workbook(live_server, alice, easycall, sign_in, tmp_path):
    for number, name in (("201", "Anna"), ("202", "Bert"), ("203", "Cleo")):
        ExtensionFactory(customer=easycall, number=number, name=name)
    page = sign_in(alice)
    page.goto(f"{live_server.url}/centrex/extensions/")
    page.get_by_role("link", name="Edit in a spreadsheet").click()
    with page.expect_download() as download:
        page.get_by_role("link", name="Download XLSX").click()
    file = tmp_path / "list.xlsx"
    download.value.save_as(file)

    book = load_workbook(file)
    book.active["B2"], book.active["B3"] = "202", "201"
    book.active["C3"] = "Berta"
    book.active.delete_rows(4)
    book.active.append([None, 204, "Dora", None, None, "Yes"])
    book.save(file)

    page.get_by_label("The changed file").set_input_files(file)
    page.get_by_role("button", name="Upload and compare").click()
    expect(page.get_by_role("heading", name="Check the changes")).to_be_visible()
    expect(page.get_by_role("row", name="202 Bert")).to_contain_text("201")
    expect(page.locator("ins", has_text="Berta")).to_be_visible()
    expect(page.get_by_role("cell", name="Dora")).to_be_visible()
    page.get_by_label("Also delete the 1 that is missing in the file").check()
    page.get_by_role("button", name="Apply 3 changes").click()
    expect(page.get_by_text("Done: 1 added, 2 changed, 1 deleted.")).to_be_visible()
    listed = page.locator(".portal-table tbody tr")
    expect(listed).to_have_count(3)
    for row, words in enumerate((["201", "Berta"], ["202", "Anna"], ["204", "Dora"])):
        for word in words:
            expect(listed.nth(row)).to_contain_text(word)
