from django.apps import AppConfig


class NotifyConfig(AppConfig):
    name = "lifecircle.hub.notify"
    label = "notify"
    verbose_name = "notify · 通知"

    def ready(self) -> None:
        """Follow the tree of places."""
        from lifecircle.hub.notify import chats  # noqa: PLC0415  (needs the tables)
        from lifecircle.hub.places.signals import follow  # noqa: PLC0415

        follow("notify", chats.inherit)
