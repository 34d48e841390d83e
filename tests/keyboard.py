"""A person without a mouse: real keys in a real browser, and where the focus is."""

import json

from oictools.console import Failure

#: the protocol's code of a key, and what it types
KEYS = {
    "Tab": (9, None),
    "Enter": (13, "\r"),
    "Escape": (27, None),
    "Space": (32, " "),
    "ArrowDown": (40, None),
    "ArrowUp": (38, None),
}
ALT, CONTROL, SHIFT = 1, 2, 8
#: keys that a person presses to come to something of the screen, at the most
MOST = 150
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


class Keyboard:
    """The keys of a `Chromium`."""

    def __init__(self, browser):
        self.browser = browser

    def press(self, key, modifiers=0):
        """Press and release a key: one of `KEYS`, or a letter."""
        code, text = KEYS.get(key, (ord(key[0].upper()), None))
        event = {
            "key": " " if key == "Space" else key,
            "code": key if key in KEYS else f"Key{key.upper()}",
            "windowsVirtualKeyCode": code,
            "modifiers": modifiers,
        }
        kind = "keyDown" if text else "rawKeyDown"
        typed = {"text": text} if text else {}
        self.browser.command("Input.dispatchKeyEvent", type=kind, **event, **typed)
        self.browser.command("Input.dispatchKeyEvent", type="keyUp", **event)

    def write(self, text):
        """Replace what the field that has the focus holds by ``text``."""
        self.press("a", CONTROL)
        self.browser.command("Input.insertText", text=text)

    def wait(self, selector):
        """Wait until something is shown, and nothing loads."""
        shown = f"Boolean(document.querySelector({json.dumps(selector)}))"
        self.browser.wait(f"{shown} && {IDLE.strip()}")

    def wait_gone(self, selector):
        self.browser.wait(f"!document.querySelector({json.dumps(selector)})")

    def has_focus(self, selector):
        return self.browser.value(FOCUSED % json.dumps(selector))

    def reach(self, selector, key="Tab", modifiers=0):
        """Come to something by one key, as often as it takes."""
        self.wait(selector)
        passed = []
        for _key in range(MOST):
            if self.has_focus(selector):
                return
            self.press(key, modifiers)
            passed.append(self.browser.value(NAME))
        raise Failure(f"{selector} is not reached by {key}: {passed}")

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
        self.browser.wait(CHOICE % json.dumps(label))
        self.press("Enter")
        self.browser.wait(CLOSED)

    def search(self, text, shown):
        """Find something by the box of every screen, and open it."""
        self.press("g", ALT)
        self.browser.wait(FOCUSED % json.dumps(".o_oic_quick_search_input"))
        self.write(text)
        found = ".o_oic_quick_search_list .dropdown-item"
        self.browser.wait(
            f"[...document.querySelectorAll({json.dumps(found)})]"
            f".some((item) => item.innerText.includes({json.dumps(shown)}))"
        )
        self.press("Enter")
        self.wait(".o_form_view")
