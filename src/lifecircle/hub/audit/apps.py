from django.apps import AppConfig


class AuditConfig(AppConfig):
    name = "lifecircle.hub.audit"
    label = "audit"
    verbose_name = "audit · 审计"
