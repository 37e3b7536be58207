from django.apps import AppConfig


class AssessmentsConfig(AppConfig):
    name = "lifecircle.hub.assessments"
    label = "assessments"
    verbose_name = "assessments · 评估"
