"""The page of a row with a document: the fields of its tipo, and the others waiting."""

from collections.abc import Iterator
from typing import Any

from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.utils.functional import cached_property
from django.utils.html import format_html, format_html_join
from django.utils.translation import gettext_lazy as _
from unfold.forms import AdminForm, Fieldset
from unfold.widgets import UnfoldAdminSelectWidget

from bienes.documento import Esquema, SiNoField, como_documento, leer
from core.admin import EntityAdmin, EntityForm, StyledForm


def vestido(esquema: type[Esquema]) -> type[Esquema]:
    """Return the schema as a form that looks like the rest of the back office."""
    return type(f"{esquema.__name__}Vestido", (esquema, StyledForm), {})


class DocumentoForm(EntityForm):
    """The form of a row with a document.

    Every schema is in the page, under its tipo as prefix, so that changing the tipo loses nothing that
    was typed; only the chosen one is judged and kept.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        campo: Any = self._meta.model._meta.get_field("datos")
        self.documentos = {
            tipo: self._documento(tipo, esquema) for tipo, esquema in campo.esquemas.items()
        }

    @property
    def tipo(self) -> str:
        return str((self["tipo"].value() if "tipo" in self.fields else self.instance.tipo) or "")

    def _documento(self, tipo: str, esquema: type[Esquema]) -> Esquema:
        suyo = tipo == self.instance.tipo
        formulario = vestido(esquema)(
            data=self.data if self.is_bound else None,
            prefix=tipo,
            initial=leer(esquema, self.instance.datos) if suyo else None,
        )
        for campo in formulario.fields.values():
            if isinstance(campo, SiNoField):
                campo.widget = UnfoldAdminSelectWidget(choices=campo.choices)
        return formulario

    def clean(self) -> dict[str, Any] | None:
        limpios = super().clean()
        if documento := self.documentos.get(self.tipo):
            if documento.is_valid():
                self.instance.datos = como_documento(documento)
            else:
                self.add_error(None, documento.non_field_errors().data or _("Revise los datos."))
        return limpios

    @cached_property
    def changed_data(self) -> list[str]:
        documento = self.documentos.get(self.tipo)
        return [
            *super().changed_data,
            *(["datos"] if documento and documento.has_changed() else []),
        ]


class DocumentoAdminForm(AdminForm):
    """The declared fieldsets and, after them, those of every schema; all but the chosen are hidden."""

    def __iter__(self) -> Iterator[Fieldset]:
        yield from super().__iter__()
        etiquetas = dict(self.form.instance._meta.get_field("tipo").choices)
        for tipo, formulario in self.form.documentos.items():
            falta = "" if tipo == self.form.tipo else " hidden"
            yield Fieldset(
                formulario,
                _("Datos de «%(tipo)s»") % {"tipo": etiquetas[tipo]},
                fields=[*formulario.fields],
                classes=(f"esquema esquema-{tipo}{falta}",),
                model_admin=self.model_admin,
            )


class DocumentoAdmin(EntityAdmin):
    """Declares the page of a row with a document. Who may not change it reads it as text."""

    form = DocumentoForm
    exclude = ("datos",)

    class Media:
        js = ("bienes/documento.js",)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        conjuntos = super().get_fieldsets(request, obj)
        if obj is None or self.has_change_permission(request, obj):
            return conjuntos
        return [*conjuntos, (_("Datos"), {"fields": ["documento"]})]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return [*super().get_readonly_fields(request, obj), "documento"]

    def render_change_form(
        self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any
    ) -> HttpResponse:
        suyo, obj = context["adminform"], context.get("original")
        if obj is None or self.has_change_permission(request, obj):
            context["adminform"] = DocumentoAdminForm(
                suyo.form,
                suyo.fieldsets,
                {},
                readonly_fields=suyo.readonly_fields,
                model_admin=self,
            )
            for formulario in suyo.form.documentos.values():
                context["media"] += formulario.media
        pagina: HttpResponse = super().render_change_form(request, context, *args, **kwargs)
        return pagina

    @admin.display(description=_("datos"))
    def documento(self, fila: Any) -> str:
        partes = format_html_join("", "<dt><b>{}</b></dt><dd>{}</dd>", fila.documento)
        return format_html("<dl>{}</dl>", partes)
