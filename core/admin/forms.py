"""Forms of the back office."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _
from unfold import widgets

from core.entities import Entity

WIDGETS: dict[type[forms.Field], type[forms.Widget]] = {
    forms.SplitDateTimeField: widgets.UnfoldAdminSplitDateTimeWidget,
    forms.DateField: widgets.UnfoldAdminDateWidget,
    forms.DecimalField: widgets.UnfoldAdminDecimalFieldWidget,
    forms.IntegerField: widgets.UnfoldAdminIntegerFieldWidget,
    forms.EmailField: widgets.UnfoldAdminEmailInputWidget,
    forms.BooleanField: widgets.UnfoldBooleanWidget,
    forms.ModelChoiceField: widgets.UnfoldAdminSelectWidget,
    forms.ChoiceField: widgets.UnfoldAdminSelectWidget,
    forms.CharField: widgets.UnfoldAdminTextInputWidget,
}


class StyledForm(forms.Form):
    """A plain form that looks like the rest of the back office: default widgets are dressed."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for field in self.fields.values():
            if type(field.widget) is forms.Textarea:
                field.widget = widgets.UnfoldAdminTextareaWidget(attrs=field.widget.attrs)
            elif type(field.widget) is type(field).widget and type(field) in WIDGETS:
                field.widget = WIDGETS[type(field)](attrs=field.widget.attrs)
                if isinstance(field, forms.ChoiceField):
                    field.choices = field.choices


class EntityForm(forms.ModelForm):
    """Remembers the version that the person saw, and refuses to write over a newer one."""

    version_leida = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["version_leida"].initial = self.instance.version

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        row: Entity = self.instance
        seen = self.cleaned_data.get("version_leida")
        if not row._state.adding and seen is not None and seen != row.version:
            # Told once: who sends it again has compared.
            self.data = {**self.data, self.add_prefix("version_leida"): str(row.version)}
            raise forms.ValidationError(
                _(
                    "Otra persona ha guardado cambios después de que usted abriera esta página. "
                    "Lo que ha escrito sigue aquí: compárelo con lo guardado y vuelva a enviarlo."
                ),
                code="version",
            )
        return cleaned
