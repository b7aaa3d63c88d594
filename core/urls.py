"""The addresses beside the back office's own: links to set a password, and the session."""

from django.urls import path

from core import signin

urlpatterns = [
    path("sesion/", signin.still_in, name="sesion"),
    path("password_reset/", signin.AskForLink.as_view(), name="admin_password_reset"),
    path("password_reset/done/", signin.LinkAsked.as_view(), name="password_reset_done"),
    path(
        "reset/<uidb64>/<token>/",
        signin.ChoosePassword.as_view(),
        name="password_reset_confirm",
    ),
    path("reset/done/", signin.PasswordChosen.as_view(), name="password_reset_complete"),
]
