"""A person who fills in forms, by the words that their screens show."""

from lxml import etree

ENGLISH = {"lang": "en_US"}
APP = "OIConnect / "


class Person:
    """Makes records on the screens of menus, through the calls of a client."""

    def __init__(self, client):
        self.client = client
        self.screens = dict(self._walk("root", ""))

    def call(self, model, method, *arguments):
        return self.client.call(model, method, *arguments, context=ENGLISH)

    def _walk(self, menu, path):
        """Yield the path of each menu below one, and its action."""
        if menu == "root":
            self._menus = self.call("ir.ui.menu", "load_menus", False)
        for child in self._menus[str(menu)]["children"]:
            found = self._menus[str(child)]
            below = f"{path}{found['name']}"
            yield below, (found["action_model"], found["action_id"])
            yield from self._walk(child, f"{below} / ")

    def fill(self, screen, texts):
        """Make a record of the screen of a menu: ``{label: text}``; return its id.

        On a screen of settings, save them.
        """
        model, action = self.screens.get(screen) or self.screens[APP + screen]
        [found] = self.call(model, "read", [action], ["res_model"])
        model = found["res_model"]
        labels, fields = self._form(model)
        vals = {}
        for label, text in texts.items():
            name = labels[label]
            vals[name] = self._value(fields[name], text)
        [record] = self.call(model, "create", [vals])
        if model == "res.config.settings":
            self.call(model, "execute", [record])
        return record

    def _form(self, model):
        """Return ``{label: field}`` of a form, and what is known of the fields."""
        found = self.call(model, "get_views", [[False, "form"]])
        fields = found["models"][model]["fields"]
        arch = etree.fromstring(found["views"]["form"]["arch"])
        shown = {
            node.get("string") or fields[node.get("name")]["string"]: node.get("name")
            for node in arch.xpath("//field[not(ancestor::field)]")
        }
        named = {
            node.get("string"): node.get("for")
            for node in arch.xpath("//label[@string]")
        }
        return named | shown, fields

    def _value(self, field, text):
        """What is stored when a person types or chooses a text"""
        if field["type"] == "selection":
            [key] = [key for key, label in field["selection"] if text in label]
            return key
        if field["type"] == "many2one":
            search = ("name_search", text, [], "=")
            [(record, _name)] = self.call(field["relation"], *search)
            return record
        return int(text) if field["type"] in ("integer", "float", "monetary") else text
