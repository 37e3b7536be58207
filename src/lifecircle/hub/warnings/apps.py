from django.apps import AppConfig


class WarningsConfig(AppConfig):
    name = "lifecircle.hub.warnings"
    label = "warnings"
    verbose_name = "warnings · 预警"

    def ready(self) -> None:
        """Follow the tree of places."""
        from lifecircle.hub.places.signals import follow  # noqa: PLC0415  (needs the tables)
        from lifecircle.hub.warnings import actions  # noqa: PLC0415

        follow("warnings", actions.inherit)
