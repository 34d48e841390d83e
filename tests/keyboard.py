"""A person without a mouse: real keys in a real browser, and where the focus is."""

import json

from oictools.console import Failure

#: the protocol's code of a key, and what it types
KEYS = {
    "Tab": (9, None),
    "Enter": (13, "\r"),
}
ALT, CONTROL = 1, 2
#: keys that a person presses to come to something of the screen, at the most
MAX_TABS = 150
IDLE = """
(() => {
    const loads = document.querySelector(".o_loading_indicator, .o_blockUI");
    return document.readyState === "complete" && !loads;
})()
"""
FOCUSED = "Boolean(document.activeElement && document.activeElement.closest(%s))"
#: what has the focus, in words of a person who looks for it
NAME = """
(() => {
    const node = document.activeElement;
    const field = node.closest("[name]")?.getAttribute("name") || "";
    const text = (node.ariaLabel || node.title || node.innerText || "").trim();
    return `${node.tagName.toLowerCase()} ${field} ${text.slice(0, 30)}`;
})()
"""
#: a list of choices is open below the field that has the focus, and one is marked
CHOICE = """
(() => {
    const active = document.querySelector(
        ".o-autocomplete--dropdown-item .ui-state-active, .o_select_menu_item.focus"
    );
    return Boolean(active && active.innerText.includes(%s));
})()
"""
CLOSED = (
    "!document.querySelector('.o-autocomplete--dropdown-menu, .o_select_menu_menu')"
)
#: What follows a key is drawn before a person presses the next: a calendar that opens
#: late would take it.
DRAWN = """
new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))
"""
#: what a person would read who wonders why nothing goes on
SAID = """
[...document.querySelectorAll(".modal, .o_notification, .o_field_invalid")]
    .map((node) => node.innerText).join(" | ").slice(0, 1000)
"""


class Keyboard:
    """The keys of a `Chromium`."""

    def __init__(self, browser):
        self.browser = browser

    def press(self, key, modifiers=0):
        """Press and release a key: one of `KEYS`, or a letter."""
        code, text = KEYS.get(key, (ord(key[0].upper()), None))
        event = {
            "key": key,
            "code": key if key in KEYS else f"Key{key.upper()}",
            "windowsVirtualKeyCode": code,
            "modifiers": modifiers,
        }
        kind = "keyDown" if text else "rawKeyDown"
        typed = {"text": text} if text else {}
        self.browser.command("Input.dispatchKeyEvent", type=kind, **event, **typed)
        self.browser.command("Input.dispatchKeyEvent", type="keyUp", **event)
        self.browser.value(DRAWN)

    def write(self, text):
        """Replace what the field that has the focus holds by ``text``."""
        self.press("a", CONTROL)
        self.browser.command("Input.insertText", text=text)

    def _wait(self, expression):
        try:
            self.browser.wait(expression)
        except Failure as failure:
            said = (
                f"{self.browser.value(NAME)} has the focus; {self.browser.value(SAID)}"
            )
            raise Failure(f"{failure}; {said}") from failure

    def wait(self, selector):
        """Wait until something is shown, and nothing loads."""
        shown = f"Boolean(document.querySelector({json.dumps(selector)}))"
        self._wait(f"{shown} && {IDLE.strip()}")

    def wait_gone(self, selector):
        self._wait(f"!document.querySelector({json.dumps(selector)})")

    def wait_text(self, selector, text):
        """Wait until something is shown that has a text."""
        self._wait(
            f"[...document.querySelectorAll({json.dumps(selector)})]"
            f".some((node) => node.innerText.includes({json.dumps(text)}))"
        )

    def has_focus(self, selector):
        return self.browser.value(FOCUSED % json.dumps(selector))

    def reach(self, selector):
        """Come to something by Tab, as often as it takes."""
        self.wait(selector)
        passed = []
        for _key in range(MAX_TABS):
            if self.has_focus(selector):
                return
            self.press("Tab")
            passed.append(self.browser.value(NAME))
        raise Failure(f"{selector} is not reached by Tab: {passed}")

    def push(self, selector):
        """Come to a button or a link and press it."""
        self.reach(selector)
        self.press("Enter")

    def fill(self, name, text, within=""):
        """Come to a field and write into it."""
        self.reach(f"{within} .o_field_widget[name={name}]".strip())
        self.write(text)

    def choose(self, name, text, label, within=""):
        """Come to a field of choices, and take the one that its first letters find."""
        self.fill(name, text, within)
        self._wait(CHOICE % json.dumps(label))
        self.press("Enter")
        self._wait(CLOSED)

    def search(self, text, shown):
        """Find something by the box of every screen, and open it."""
        self.press("g", ALT)
        self._wait(FOCUSED % json.dumps(".o_oic_quick_search_input"))
        self.write(text)
        self.wait_text(".o_oic_quick_search_list .dropdown-item", shown)
        self.press("Enter")
        self.wait(".o_form_view")
