from __future__ import annotations

from django.db import models
from django.db.models import Q

from lifecircle.hub.cases.models.case import Case


class Order(models.Model):
    """A repair order of a case (维修派单): who does what, of which lines, for how much, until when under warranty.

    A working group does it or an outside firm. `total` is what its lines come to, `most` what it may cost at most where
    that is more. Money is in yuan. `number` counts from 1 in its case.
    """

    STATES = ("proposed", "approved", "done", "withdrawn")

    case = models.ForeignKey(Case, on_delete=models.PROTECT, related_name="orders")
    number = models.PositiveSmallIntegerField()
    what = models.CharField(max_length=500)
    group = models.ForeignKey(
        "people.WorkingGroup", on_delete=models.PROTECT, null=True, related_name="+"
    )
    firm = models.CharField(max_length=100, blank=True)
    state = models.CharField(max_length=9, default="proposed")
    total = models.DecimalField(max_digits=11, decimal_places=2)
    most = models.DecimalField(max_digits=11, decimal_places=2, null=True)
    proposed_at = models.DateTimeField()
    proposed_by = models.CharField(max_length=150)
    approved_at = models.DateTimeField(null=True)
    approved_by = models.CharField(max_length=150, blank=True)
    done_on = models.DateField(null=True)
    done_by = models.CharField(max_length=100, blank=True)
    warranty_until = models.DateField(null=True)
    version = models.PositiveIntegerField(default=1)

    class Meta:
        ordering = ["case", "number"]
        constraints = [
            models.UniqueConstraint(fields=["case", "number"], name="order_once_in_its_case"),
            models.CheckConstraint(
                name="order_is_done_by_a_group_or_a_firm",
                condition=Q(group__isnull=False, firm="") | (Q(group__isnull=True) & ~Q(firm="")),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case.ref}/{self.number}"


class OrderLine(models.Model):
    """A part or labour of an order: so many units at a price each, in yuan."""

    SORTS = ("part", "labour")

    order = models.ForeignKey(Order, on_delete=models.CASCADE, related_name="lines")
    sort = models.CharField(max_length=6)
    name = models.CharField(max_length=100)
    unit = models.CharField(max_length=20)
    quantity = models.DecimalField(max_digits=9, decimal_places=3)
    price = models.DecimalField(max_digits=10, decimal_places=2)

    class Meta:
        ordering = ["pk"]
