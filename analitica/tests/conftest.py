import pytest

from analitica.answers import answers


@pytest.fixture
def open_analytics(settings):
    settings.OPEN_INTERFACES = ["analytics"]


@pytest.fixture(autouse=True)
def nothing_known():
    """What another test asked is not known to this one."""
    answers.forget()
