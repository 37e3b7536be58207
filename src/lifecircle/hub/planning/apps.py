from django.apps import AppConfig


class PlanningConfig(AppConfig):
    name = "lifecircle.hub.planning"
    label = "planning"
    verbose_name = "planning · 项目"

    def ready(self) -> None:
        """Follow the tree of places, and prove projects when the assessment after them is done."""
        from lifecircle.hub.assessments.signals import finished  # noqa: PLC0415  (needs the tables)
        from lifecircle.hub.places.signals import ended  # noqa: PLC0415
        from lifecircle.hub.planning import actions, checking, goals, listing, proving  # noqa: PLC0415

        for part in (actions, checking, goals, listing):
            ended.connect(
                lambda place, heirs, part=part, **_: part.inherit(place, heirs),
                weak=False, dispatch_uid=part.__name__,
            )  # fmt: skip
        finished.connect(lambda run, **_: proving.settle(run), weak=False, dispatch_uid="planning")
