from typing import Any

import pytest
from django.test import Client

from compat.tests.asking import Asking


@pytest.fixture
def ask(client: Client, settings: Any) -> Asking:
    settings.OPEN_INTERFACES = ["sky", "archivos"]
    return Asking(client)
