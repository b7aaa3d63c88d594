"""What a person does on a page, and what they see of it."""

from pathlib import Path

from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect

LEVELS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa"]


class Visit:
    """A browser in somebody's hands."""

    def __init__(self, page: Page, url: str, pictures: Path) -> None:
        self.page, self.url, self.pictures = page, url, pictures
        self.errors: list[str] = []
        self.wide = (page.viewport_size or {"width": 0})["width"] > 1000
        page.on("console", lambda said: said.type == "error" and self.errors.append(said.text))
        page.on("pageerror", lambda error: self.errors.append(str(error)))

    def go(self, path: str) -> None:
        self.page.goto(self.url + path)

    def look(self, name: str) -> None:
        """Take a picture of the page, and hold it against the rules for everyone's use."""
        self.page.wait_for_load_state("networkidle")
        width = "escritorio" if self.wide else "telefono"
        self.pictures.mkdir(parents=True, exist_ok=True)
        self.page.screenshot(path=self.pictures / f"{name}-{width}.png")
        found = Axe().run(self.page, options={"runOnly": LEVELS}).response["violations"]
        told = [(each["id"], [node["html"] for node in each["nodes"]]) for each in found]
        assert not told, f"{name}: {told}"
        assert self.overflow() <= 0, f"{name}: wider than the screen by {self.overflow()} px"

    def overflow(self) -> int:
        told: int = self.page.evaluate(
            "document.documentElement.scrollWidth - document.documentElement.clientWidth"
        )
        return told

    def fill(self, field: str, value: str) -> None:
        self.page.locator(f"#id_{field}").fill(value)

    def pick(self, field: str, value: str) -> None:
        """Choose in a list that is all there."""
        self.page.locator(f"#id_{field}").select_option(value)

    def find(self, field: str, words: str) -> None:
        """Choose in a list that the server completes."""
        self.page.locator(f"#id_{field} + .select2 .select2-selection").click()
        self.page.locator(".select2-search__field").last.fill(words)
        option = self.page.locator("li.select2-results__option[aria-selected]").first
        expect(option).to_be_visible()
        option.click()

    def press(self, text: str) -> None:
        self.page.get_by_role("button", name=text, exact=True).locator("visible=true").first.click()
        self.page.wait_for_load_state()

    def follow(self, text: str) -> None:
        """Follow a link of the page's head, which a phone keeps in a menu."""
        if not self.wide:
            self.page.get_by_text("more_horiz").click()
        self.page.get_by_role("link", name=text).locator("visible=true").first.click()
        self.page.wait_for_load_state()

    def reads(self, text: str) -> None:
        """Hold that the page says `text`."""
        expect(self.page.locator("body")).to_contain_text(text)
