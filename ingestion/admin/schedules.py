"""The pages of django-celery-beat, in the clothes and the words of the rest of the back office."""

from typing import Any

from cron_descriptor import (  # type: ignore[import-untyped]
    FormatException,
    MissingFieldException,
    Options,
    get_description,
)
from django.contrib import admin
from django.utils.translation import get_language
from django.utils.translation import gettext_lazy as _
from django_celery_beat import admin as beat
from django_celery_beat.models import (
    ClockedSchedule,
    CrontabSchedule,
    IntervalSchedule,
    PeriodicTask,
    SolarSchedule,
)
from unfold.admin import ModelAdmin, TabularInline
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminTextInputWidget

LOCALES = {"es": "es_ES", "en": "en_US"}

for model in (ClockedSchedule, CrontabSchedule, IntervalSchedule, PeriodicTask, SolarSchedule):
    admin.site.unregister(model)


def in_words(crontab: CrontabSchedule) -> str:
    """Say when `crontab` goes, in the reader's language."""
    options = Options()
    options.locale_code = LOCALES.get(get_language() or "", "es_ES")
    options.use_24hour_time_format = True
    expression = (
        f"{crontab.minute} {crontab.hour} {crontab.day_of_month} "
        f"{crontab.month_of_year} {crontab.day_of_week}"
    )
    try:
        return f"{get_description(expression, options)} ({crontab.timezone})"
    except (FormatException, MissingFieldException):
        return str(crontab)


class TaskSelectWidget(UnfoldAdminSelectWidget, beat.TaskSelectWidget):
    pass


class TareaForm(beat.PeriodicTaskForm):
    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        task, known = self.fields["task"], self.fields["regtask"]
        task.widget, known.widget = UnfoldAdminTextInputWidget(), TaskSelectWidget()
        task.label, known.label = _("Otra tarea, por su nombre"), _("Tarea")
        if self.instance.task in dict(known.widget.choices):
            self.initial |= {"regtask": self.instance.task, "task": ""}


@admin.register(PeriodicTask)
class TareaAdmin(beat.PeriodicTaskAdmin, ModelAdmin):
    form = TareaForm
    list_display = ("name", "enabled", "cuando", "last_run_at")
    list_filter = ("enabled",)
    date_hierarchy = None
    change_form_template = None  # its script speaks of the crontab in English
    readonly_fields = ("last_run_at", "cuando")
    fieldsets = (
        (None, {"fields": ("name", "regtask", "task", "enabled", "description")}),
        (
            _("Cuándo"),
            {"fields": ("cuando", "crontab", "interval", "clocked", "start_time", "one_off")},
        ),
        (_("Argumentos"), {"fields": ("args", "kwargs"), "classes": ("collapse",)}),
        (
            _("Envío"),
            {
                "fields": ("expires", "expire_seconds", "queue", "priority"),
                "classes": ("collapse",),
            },
        ),
    )

    @admin.display(description=_("cuándo"))
    def cuando(self, task: PeriodicTask) -> str:
        return in_words(task.crontab) if task.crontab else str(task.scheduler or "–")


class TareaInline(TabularInline):
    model = PeriodicTask
    fields = readonly_fields = ("name", "task", "args", "kwargs")
    can_delete = False
    extra = 0
    show_change_link = True
    verbose_name_plural = _("tareas que la usan")

    def has_add_permission(self, request: Any, obj: Any = None) -> bool:
        return False


@admin.register(IntervalSchedule, SolarSchedule)
class FrecuenciaAdmin(beat.ScheduleAdmin, ModelAdmin):
    inlines = (TareaInline,)


@admin.register(CrontabSchedule)
class CrontabAdmin(beat.CrontabScheduleAdmin, ModelAdmin):
    list_display = ("__str__", "en_palabras")
    fields = ("minute", "hour", "day_of_month", "month_of_year", "day_of_week", "timezone")
    readonly_fields = ()
    inlines = (TareaInline,)

    @admin.display(description=_("en palabras"))
    def en_palabras(self, crontab: CrontabSchedule) -> str:
        return in_words(crontab)


@admin.register(ClockedSchedule)
class MomentoAdmin(beat.ClockedScheduleAdmin, ModelAdmin):
    inlines = (TareaInline,)
