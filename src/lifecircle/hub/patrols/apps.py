from django.apps import AppConfig


class PatrolsConfig(AppConfig):
    name = "lifecircle.hub.patrols"
    label = "patrols"
    verbose_name = "patrols · 巡查"

    def ready(self) -> None:
        """Follow the tree of places."""
        from lifecircle.hub.patrols import actions  # noqa: PLC0415  (needs the tables)
        from lifecircle.hub.places.signals import ended  # noqa: PLC0415

        ended.connect(
            lambda place, heirs, **_: actions.inherit(place, heirs),
            weak=False, dispatch_uid="patrols",
        )  # fmt: skip
