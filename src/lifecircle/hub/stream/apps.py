from django.apps import AppConfig


class StreamConfig(AppConfig):
    name = "lifecircle.hub.stream"
    label = "stream"
    verbose_name = "stream · 事件流"

    def ready(self) -> None:
        """Follow accounts: webhooks end with their owner's credentials."""
        from lifecircle.hub.people.signals import credentials_ended  # noqa: PLC0415
        from lifecircle.hub.stream.actions import end_webhooks  # noqa: PLC0415  (needs the tables)

        credentials_ended.connect(
            lambda account, **_: end_webhooks(account), weak=False, dispatch_uid="stream"
        )
