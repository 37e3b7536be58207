from django.apps import AppConfig


class PatrolsConfig(AppConfig):
    name = "lifecircle.hub.patrols"
    label = "patrols"
    verbose_name = "patrols · 巡查"

    def ready(self) -> None:
        """Follow the tree of places."""
        from lifecircle.hub.patrols import actions  # noqa: PLC0415  (needs the tables)
        from lifecircle.hub.places.signals import follow  # noqa: PLC0415

        follow("patrols", actions.inherit)
