from django.apps import AppConfig


class NotifyConfig(AppConfig):
    name = "lifecircle.hub.notify"
    label = "notify"
    verbose_name = "notify · 通知"

    def ready(self) -> None:
        """Follow the tree of places, and accounts: browsers end with their owner's credentials."""
        from lifecircle.hub.notify import chats, push  # noqa: PLC0415  (needs the tables)
        from lifecircle.hub.people.signals import credentials_ended  # noqa: PLC0415
        from lifecircle.hub.places.signals import follow  # noqa: PLC0415

        follow("notify", chats.inherit)
        credentials_ended.connect(
            lambda account, **_: push.end(account), weak=False, dispatch_uid="notify"
        )
