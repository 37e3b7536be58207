from django.apps import AppConfig


class RulesConfig(AppConfig):
    name = "lifecircle.hub.rules"
    label = "rules"
    verbose_name = "rules · 规则"

    def ready(self) -> None:
        """Hear what devices tell, and follow the tree of places."""
        from lifecircle.hub.devices.signals import forgotten, measured  # noqa: PLC0415
        from lifecircle.hub.places.signals import follow  # noqa: PLC0415  (needs the tables)
        from lifecircle.hub.rules import actions, watching  # noqa: PLC0415

        measured.connect(
            lambda said, now, **_: watching.heard(said, now), weak=False, dispatch_uid="rules"
        )
        forgotten.connect(
            lambda devices, **_: watching.forget(devices), weak=False, dispatch_uid="rules"
        )
        follow("rules", actions.inherit)
