"""What every collection of the API promises, as tests that an app inherits: class TestPolizaApi(ApiContract)."""

import json
from typing import Any, ClassVar

import pytest
from django.conf import settings
from django.contrib.auth.models import Group, User
from django.db.models import ForeignKey
from rest_framework.test import APIClient

from core import rights
from core.api.filters import Fields
from core.api.viewsets import Changing, Creating, Deleting, ReadViewSet
from core.entities import Entity
from core.testing import queries


def signed_in(user: User | None = None) -> APIClient:
    """A client of `user`, or of somebody who may do anything."""
    client = APIClient()
    client.force_login(user or User.objects.create_superuser(f"jefa{User.objects.count()}"))
    return client


def of_role(role: str = "") -> User:
    """An account of `role`, or of none."""
    user = User.objects.create_user(f"persona{User.objects.count()}", is_staff=True)
    if role:
        user.groups.add(Group.objects.get(name=role))
    return user


@pytest.mark.django_db(databases="__all__")
class ApiContract:
    """Inherit, and name the collection, its viewset and the factory of its rows."""

    collection: ClassVar[str]
    viewset: ClassVar[type[ReadViewSet]]
    factory: ClassVar[Any]
    refuses_delete: ClassVar[bool] = False

    @property
    def address(self) -> str:
        return f"/api/v1/{self.collection}/"

    @property
    def serializer(self) -> Any:
        return self.viewset.serializer_class

    @property
    def model(self) -> type[Entity]:
        model: type[Entity] = self.serializer.Meta.model
        return model

    def url(self, row: Any) -> str:
        return f"{self.address}{row.pk}/"

    def payload(self) -> dict[str, Any]:
        """The example, which speaks of rows that exist."""
        body, other = dict(self.serializer.Meta.example), self.factory()
        for field in self.model._meta.fields:
            if field.name in body and isinstance(field, ForeignKey):
                body[field.name] = str(getattr(other, field.attname))
        other.delete()
        return body

    def change(self) -> dict[str, Any]:
        """What a PATCH may carry: nothing new, which still makes a version."""
        return {}

    # Reading.

    def test_nobody_reads_it_without_signing_in(self) -> None:
        row = self.factory()
        for address in (self.address, self.url(row)):
            answer = APIClient().get(address)
            assert answer.status_code == 401
            assert answer["WWW-Authenticate"] == "Token"

    def test_who_may_not_view_it_is_told_so(self) -> None:
        answer = signed_in(of_role()).get(self.address)
        assert answer.status_code == 403
        assert "ver" in answer.data["detail"]

    def test_what_is_outside_a_portfolio_is_not_there(self) -> None:
        row = self.factory()
        client = signed_in(of_role("Agente"))  # an agente of no portfolio
        if rights.may(of_role("Agente"), "view", self.model):
            seen = getattr(self.model, "portfolio", ()) == rights.EVERYONE
            assert bool(client.get(self.address).data["results"]) == seen
            assert client.get(self.url(row)).status_code == (200 if seen else 404)
        else:
            assert client.get(self.url(row)).status_code == 403

    def test_its_list_asks_the_same_whatever_its_length(self) -> None:
        client = signed_in()
        expand = ",".join(getattr(self.serializer.Meta, "expandable", {}))
        for address in (self.address, f"{self.address}?expand={expand}"):
            if address.endswith("="):
                continue
            self.factory.create_batch(2)
            client.get(address)
            with queries() as few:
                assert client.get(address).status_code == 200
            self.factory.create_batch(7)
            with queries() as many:
                assert client.get(address).status_code == 200
            assert many.total == few.total, many.by_store
            if address == self.address:
                # Frozen, so that one more is seen; if it is meant, write it into the file.
                frozen = json.loads((settings.BASE_DIR / "query_counts.json").read_text())
                label = f"{self.model._meta.label} api"
                assert many.total == frozen.get(label), f'"{label}": {many.total}'

    def test_it_may_be_asked_in_each_order_that_it_offers(self) -> None:
        self.factory.create_batch(3)
        client, view = signed_in(), self.viewset()
        for name in view.orders():
            keys = [self._ordered(client, sign + name) for sign in ("", "-")]
            assert keys[0] == keys[1][::-1], name
        assert client.get(self.address, {"ordering": "busqueda"}).status_code == 400

    def _ordered(self, client: APIClient, order: str) -> list[str]:
        return [row["id"] for row in client.get(self.address, {"ordering": order}).data["results"]]

    def test_a_filter_takes_a_value_or_refuses_it_by_name(self) -> None:
        self.factory()
        client = signed_in()
        filterset = Fields().get_filterset_class(self.viewset(), self.model._default_manager.all())
        for name in filterset.base_filters if filterset else ():
            for value in ("zzz", "1", "true", "2026-01-01", "%00", "9" * 30):
                answer = client.get(f"{self.address}?{name}={value}")
                assert answer.status_code in (200, 400), (name, value)
                assert answer.status_code == 200 or name in answer.data
            assert client.get(f"{self.address}?{name}=").status_code == 400

    def test_a_typo_does_not_return_everything(self) -> None:
        answer = signed_in().get(self.address, {"filtro_que_no_hay": "1"})
        assert answer.status_code == 400
        assert set(answer.data) == {"filtro_que_no_hay"}

    def test_a_row_says_its_version(self) -> None:
        row, client = self.factory(), signed_in()
        answer = client.get(self.url(row))
        assert answer["ETag"] == f'"{answer.data["version"]}"'
        again = client.get(self.url(row), headers={"If-None-Match": answer["ETag"]})
        assert again.status_code == 304
        assert not again.content

    def test_a_browser_gets_a_page(self) -> None:
        row, client = self.factory(), signed_in()
        for address in (self.address, self.url(row)):
            page = client.get(address, headers={"Accept": "text/html"})
            assert page.status_code == 200
            assert page["Content-Type"].startswith("text/html")

    # Writing.

    def test_its_example_can_be_made_once_however_often_it_is_sent(self) -> None:
        if not issubclass(self.viewset, Creating):
            assert signed_in().post(self.address, {}, format="json").status_code == 405
            return
        client, body = signed_in(), self.payload()
        before = self.model._default_manager.count()
        answers = [
            client.post(self.address, body, format="json", headers={"Idempotency-Key": "una"})
            for _ in range(3)
        ]
        assert {answer.status_code for answer in answers} == {201}, answers[0].data
        assert answers[0].content == answers[1].content == answers[2].content
        assert self.model._default_manager.count() == before + 1
        read = client.get(f"{self.address}{answers[0].data['id']}/")
        assert read.data == answers[0].data
        other = body | {"algo": 1}
        again = client.post(self.address, other, format="json", headers={"Idempotency-Key": "una"})
        assert again.status_code == 422

    def test_a_field_that_it_does_not_have_is_refused(self) -> None:
        if issubclass(self.viewset, Creating):
            body = self.payload() | {"campo_que_no_hay": 1}
            answer = signed_in().post(self.address, body, format="json")
            assert answer.status_code == 400
            assert set(answer.data) == {"campo_que_no_hay"}

    def test_what_was_read_can_be_put_back(self) -> None:
        row, client = self.factory(), signed_in()
        read = client.get(self.url(row)).data
        answer = client.put(self.url(row), read, format="json")
        if not issubclass(self.viewset, Changing):
            assert answer.status_code == 405
            return
        assert answer.status_code == 200, answer.data
        row.refresh_from_db()
        assert answer["ETag"] == f'"{row.version}"'
        moved = {"version", "modificado"}
        assert {k: v for k, v in answer.data.items() if k not in moved} == {
            k: v for k, v in read.items() if k not in moved
        }

    def test_who_read_an_older_version_is_told_and_writes_nothing(self) -> None:
        if not issubclass(self.viewset, Changing):
            return
        row, client = self.factory(), signed_in()
        seen = client.get(self.url(row))["ETag"]
        first, second = (
            client.patch(self.url(row), self.change(), format="json", headers={"If-Match": seen})
            for _ in range(2)
        )
        assert (first.status_code, second.status_code) == (200, 412), first.data
        row.refresh_from_db()
        assert first["ETag"] == f'"{row.version}"'

    def test_what_is_deleted_is_not_there_any_more(self) -> None:
        row, client = self.factory(), signed_in()
        answer = client.delete(self.url(row))
        if not issubclass(self.viewset, Deleting):
            assert answer.status_code == 405
        elif self.refuses_delete:
            assert answer.status_code == 409
            assert client.get(self.url(row)).status_code == 200
        else:
            assert answer.status_code == 204
            assert client.get(self.url(row)).status_code == 404

    def test_who_only_looks_writes_nothing(self) -> None:
        row, client = self.factory(), signed_in(of_role("Consulta"))
        assert client.get(self.url(row)).status_code in (200, 403)
        for send in (client.put, client.patch, client.delete):
            assert send(self.url(row), {}, format="json").status_code in (403, 405)
        assert client.post(self.address, {}, format="json").status_code in (403, 405)
