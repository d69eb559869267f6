"""Every setting is a promise about calls: tests show a call with it and one without, docs/settings.md names both."""

from tests.settings_table.left_out import LATER, NO_CALL
from tests.settings_table.write import FILE, proofs, settings_that_count, written

PROOFS = proofs()


def shown(case: str) -> set[str]:
    return {field for proof in PROOFS if getattr(proof, case) for field in proof.fields}


def test_every_setting_is_shown_with_and_without_it():
    both = shown("with_") & shown("without")
    assert settings_that_count() - both - set(LATER) - set(NO_CALL) == set()


def test_what_is_left_out_is_a_setting_and_is_shown_nowhere():
    left_out = [*LATER, *NO_CALL]
    assert len(left_out) == len(set(left_out))
    assert set(left_out) - settings_that_count() == set()
    assert set(left_out) & (shown("with_") | shown("without")) == set()


def test_every_row_is_about_a_setting():
    assert {field for proof in PROOFS for field in proof.fields} - settings_that_count() == set()


def test_the_table_in_the_documentation_is_the_tests():
    assert FILE.read_text() == written(), "run `make settings`"


def test_there_are_enough_rows():
    assert sum(len(proof.with_) + len(proof.without) for proof in PROOFS) >= 250
