from django.apps import AppConfig


class FacilitiesConfig(AppConfig):
    name = "lifecircle.hub.facilities"
    label = "facilities"
    verbose_name = "facilities · 设施"
