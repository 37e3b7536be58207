from django.apps import AppConfig


class PlacesConfig(AppConfig):
    name = "lifecircle.hub.places"
    label = "places"
    verbose_name = "places · 地方"

    def ready(self) -> None:
        """Let circles follow the tree."""
        from lifecircle.hub.places import circles  # noqa: PLC0415  (needs the tables)
        from lifecircle.hub.places.signals import ended  # noqa: PLC0415

        ended.connect(
            lambda place, heirs, **_: circles.inherit(place, heirs),
            weak=False, dispatch_uid="places.circles",
        )  # fmt: skip
