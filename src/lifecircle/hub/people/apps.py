from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "lifecircle.hub.people"
    label = "people"
    verbose_name = "people · 人员"

    def ready(self) -> None:
        """Follow the tree of places."""
        from lifecircle.hub.people import actions, audited  # noqa: PLC0415  (needs the tables)
        from lifecircle.hub.places.signals import follow  # noqa: PLC0415

        audited.connect()
        follow("people", actions.inherit)
