from django.apps import AppConfig


class FacilitiesConfig(AppConfig):
    name = "lifecircle.hub.facilities"
    label = "facilities"
    verbose_name = "facilities · 设施"

    def ready(self) -> None:
        """Follow the tree of places."""
        from lifecircle.hub.facilities import actions  # noqa: PLC0415  (needs the tables)
        from lifecircle.hub.places.signals import follow  # noqa: PLC0415

        follow("facilities", actions.inherit)
