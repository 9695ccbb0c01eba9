"""An older copy of a chapter imports a module from where it was: the error says where it is (helpers/__init__.py)."""

from importlib import import_module

import pytest

from helpers import MOVED


@pytest.mark.parametrize("old", MOVED)
def test_a_module_that_moved_says_where_it_is_and_is_there(old):
    with pytest.raises(ImportError, match=rf"^helpers\.{old} is {MOVED[old]} now\. Get this notebook again"):
        import_module(f"helpers.{old}")
    assert import_module(MOVED[old]).__name__ == MOVED[old]
