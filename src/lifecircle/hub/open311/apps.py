from django.apps import AppConfig


class Open311Config(AppConfig):
    name = "lifecircle.hub.open311"
    label = "open311"
    verbose_name = "open311 · 开放报事"
