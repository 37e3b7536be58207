from django.apps import AppConfig


class StreamConfig(AppConfig):
    name = "lifecircle.hub.stream"
    label = "stream"
    verbose_name = "stream · 事件流"
