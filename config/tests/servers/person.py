"""Somebody at a browser, or a program, who asks a house over HTTP."""

import http.cookiejar
import json
import re
import urllib.error
import urllib.parse
import urllib.request
from dataclasses import dataclass, field

# What a person waits at most while a server is dead: generous, where the limit asked for is a second.
PATIENCE = 10


@dataclass
class Answer:
    status: int
    text: str

    @property
    def json(self):
        return json.loads(self.text)


@dataclass
class Person:
    """Somebody who signed in, without following where they are sent."""

    url: str
    cookies: http.cookiejar.CookieJar = field(default_factory=http.cookiejar.CookieJar)

    def get(self, path, data=None):
        asked = urllib.request.Request(
            f"{self.url}{path}", data and urllib.parse.urlencode(data).encode()
        )
        asked.add_header("Referer", self.url)
        opener = urllib.request.build_opener(
            urllib.request.HTTPCookieProcessor(self.cookies), NoRedirect()
        )
        try:
            with opener.open(asked, timeout=PATIENCE) as answer:
                return Answer(answer.status, answer.read().decode())
        except urllib.error.HTTPError as refused:
            with refused:
                return Answer(refused.code, refused.read().decode())

    def sign_in(self, password):
        page = self.get("/admin/login/").text
        mark = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', page)[1]
        data = {"csrfmiddlewaretoken": mark, "username": "admin", "password": password}
        assert self.get("/admin/login/?next=/admin/", data).status == 302

    def status(self, path):
        return self.get(path).status


class NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *args):
        return None
