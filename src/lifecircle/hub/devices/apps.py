from django.apps import AppConfig


class DevicesConfig(AppConfig):
    name = "lifecircle.hub.devices"
    label = "devices"
    verbose_name = "devices · 设备"

    def ready(self) -> None:
        """Follow the tree of places."""
        from lifecircle.hub.devices import actions  # noqa: PLC0415  (needs the tables)
        from lifecircle.hub.places.signals import ended  # noqa: PLC0415

        ended.connect(
            lambda place, heirs, **_: actions.inherit(place, heirs),
            weak=False, dispatch_uid="devices",
        )  # fmt: skip
