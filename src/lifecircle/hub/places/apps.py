from django.apps import AppConfig


class PlacesConfig(AppConfig):
    name = "lifecircle.hub.places"
    label = "places"
    verbose_name = "places · 地方"
