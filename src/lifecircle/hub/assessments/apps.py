from django.apps import AppConfig


class AssessmentsConfig(AppConfig):
    name = "lifecircle.hub.assessments"
    label = "assessments"
    verbose_name = "assessments · 评估"

    def ready(self) -> None:
        """Follow the tree: what a place published ends with it."""
        from lifecircle.hub.assessments.actions import withdraw_from  # noqa: PLC0415  (needs the tables)
        from lifecircle.hub.places.signals import ended  # noqa: PLC0415

        ended.connect(
            lambda place, **_: withdraw_from(place.pk), weak=False, dispatch_uid="assessments"
        )
