from django.apps import AppConfig


class SurveysConfig(AppConfig):
    name = "lifecircle.hub.surveys"
    label = "surveys"
    verbose_name = "surveys · 居民调查"

    def ready(self) -> None:
        """Follow the tree of places."""
        from lifecircle.hub.places.signals import follow  # noqa: PLC0415  (needs the tables)
        from lifecircle.hub.surveys import actions  # noqa: PLC0415

        follow("surveys", actions.inherit)
