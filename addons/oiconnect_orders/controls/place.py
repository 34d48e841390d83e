"""Data shared by the controls of the study."""

from dataclasses import dataclass, field

# At most as many items of a compared list are shown.
MOST = 5
# What a person may choose in place of a control: attribute of the place → model
CHOICES = {
    "building": "oiconnect.building",
    "level": "oiconnect.building.level",
    "pm": "oiconnect.pm",
    "service": "oiconnect.pm.service",
    "pto": "oiconnect.pto",
}


@dataclass
class Place:
    """Place of an order in the network, filled in by the controls."""

    building: object = None
    level: object = None
    pm: object = None
    service: object = None
    pto: object = None
    # How the study went: the control that ended it, those that were set aside
    failed: str | None = None
    waived: dict = field(default_factory=dict)
    # The reservation: why this route, or none
    explain: dict = field(default_factory=dict)
    pto_id: int | None = None

    @property
    def pbos(self):
        """PBOs that can serve the place, the nearest first."""
        if self.level and self.level.pbo_id:
            return self.level.pbo_id
        if self.pto and self.pto.pbo_id:
            return self.pto.pbo_id
        return self.building.pbo_ids

    def key(self):
        """Return what tells the place from others."""
        parts = (self.building, self.level, self.pm, self.service, self.pto)
        return tuple(part is not None and tuple(part.ids) for part in parts)

    def waive(self, name, refusal, choice, env):
        """A person has set the control aside, and chosen what it would have."""
        self.waived[name] = refusal.code
        for key, model in CHOICES.items():
            if choice.get(key):
                setattr(self, key, env[model].browse(choice[key]))
        if name == "service" and not choice.get(name):
            # One that is not the operator's here says nothing more.
            self.service = env[CHOICES["service"]]
