from django.apps import AppConfig


class DutyConfig(AppConfig):
    name = "lifecircle.hub.duty"
    label = "duty"
    verbose_name = "duty · 值班"

    def ready(self) -> None:
        """Follow the tree of places."""
        from lifecircle.hub.duty import actions  # noqa: PLC0415  (needs the tables)
        from lifecircle.hub.places.signals import ended  # noqa: PLC0415

        ended.connect(
            lambda place, heirs, **_: actions.inherit(place, heirs),
            weak=False, dispatch_uid="duty",
        )  # fmt: skip
