from django.apps import AppConfig


class CasesConfig(AppConfig):
    name = "lifecircle.hub.cases"
    label = "cases"
    verbose_name = "cases · 事件"

    def ready(self) -> None:
        """Follow the tree of places."""
        from lifecircle.hub.cases import actions  # noqa: PLC0415  (needs the tables)
        from lifecircle.hub.places.signals import follow  # noqa: PLC0415

        follow("cases", actions.inherit)
