from django.apps import AppConfig


class CommandConfig(AppConfig):
    name = "lifecircle.hub.command"
    label = "command"
    verbose_name = "command · 指挥中心"
