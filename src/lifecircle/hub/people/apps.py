from django.apps import AppConfig


class PeopleConfig(AppConfig):
    name = "lifecircle.hub.people"
    label = "people"
    verbose_name = "people · 人员"
