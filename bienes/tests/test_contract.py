from bienes.models import Bien
from bienes.tests.factories import BienFactory
from core.testing import EntityContract


class TestBien(EntityContract):
    model, factory = Bien, BienFactory
