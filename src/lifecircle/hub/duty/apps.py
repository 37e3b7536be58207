from django.apps import AppConfig


class DutyConfig(AppConfig):
    name = "lifecircle.hub.duty"
    label = "duty"
    verbose_name = "duty · 值班"

    def ready(self) -> None:
        """Follow the tree of places."""
        from lifecircle.hub.duty import actions  # noqa: PLC0415  (needs the tables)
        from lifecircle.hub.places.signals import follow  # noqa: PLC0415

        follow("duty", actions.inherit)
