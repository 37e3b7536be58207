from django.apps import AppConfig


class NotifyConfig(AppConfig):
    name = "lifecircle.hub.notify"
    label = "notify"
    verbose_name = "notify · 通知"
