from django.apps import AppConfig


class DevicesConfig(AppConfig):
    name = "lifecircle.hub.devices"
    label = "devices"
    verbose_name = "devices · 设备"

    def ready(self) -> None:
        """Follow the tree of places."""
        from lifecircle.hub.devices import actions  # noqa: PLC0415  (needs the tables)
        from lifecircle.hub.places.signals import follow  # noqa: PLC0415

        follow("devices", actions.inherit)
