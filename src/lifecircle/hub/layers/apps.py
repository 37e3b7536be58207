from django.apps import AppConfig


class LayersConfig(AppConfig):
    name = "lifecircle.hub.layers"
    label = "layers"
    verbose_name = "layers · 自有图层"

    def ready(self) -> None:
        """Follow the tree of places."""
        from lifecircle.hub.layers import actions  # noqa: PLC0415  (needs the tables)
        from lifecircle.hub.places.signals import follow  # noqa: PLC0415

        follow("layers", actions.inherit)
