"""Timed field walks: what they say of a profile's speeds, and which ways they disagree with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import scipy.optimize
from numpy.typing import NDArray

from lifecircle.engine.network.journeys import LonLat, Walker
from lifecircle.engine.network.model import WalkNetwork
from lifecircle.engine.network.profiles import edge_seconds, tobler_factor
from lifecircle.engine.network.tags import Kind
from lifecircle.engine.standards.model import Number, Profile
from lifecircle.errors import NotFoundError
from lifecircle.moment import Moment

Floats = NDArray[np.float64]

DISAGREES, DISAGREES_S = 0.25, 30.0
"""A walk disagrees when it differs from the calibrated time by this share and these seconds."""
_HOLDS = 0.4
_FEWEST = 2
_SPEEDS = ("flat_mps", "stairs_up_mps", "stairs_down_mps")


@dataclass(frozen=True, slots=True)
class TimedWalk:
    """A walk that somebody timed: from, to (WGS84), seconds; `row` names it in the results."""

    row: int
    start: LonLat
    end: LonLat
    seconds: float


@dataclass(frozen=True, slots=True)
class Residual:
    """A walk held against the model: seconds before and after calibration, and its way's parts."""

    row: int
    seconds: float
    before_s: float
    after_s: float
    disagrees: bool


@dataclass(frozen=True, slots=True)
class Calibration:
    """What timed walks say of one profile.

    `profile` has the fitted speeds (those that no walk tells of are as they were); `walks` how many
    told of each; `rmse_before_s` and `rmse_after_s` the root mean square of the residuals; `lost`
    the rows that cannot be routed; `ways` the OpenStreetMap ways that walks disagree with, by the
    mean share by which they take longer (+) or less (-) than modelled.
    """

    profile: Profile
    walks: dict[str, int]
    rmse_before_s: float
    rmse_after_s: float
    residuals: tuple[Residual, ...]
    lost: tuple[int, ...]
    ways: dict[int, float]

    def overrides(self) -> dict[str, float]:
        """The fitted speeds as overrides of the standard, by path; only those that walks tell of."""
        return {
            f"profiles.{self.profile.id}.{name}": round(number.value, 3)
            for name in _SPEEDS
            if self.walks[name] >= _FEWEST and (number := getattr(self.profile, name)) is not None
        }


def calibrate(
    network: WalkNetwork,
    profile: Profile,
    walks: Sequence[TimedWalk],
    *,
    moment: Moment | None = None,
) -> Calibration:
    """Fit a profile's speeds to timed walks by non-negative least squares.

    The time of a walk is modelled as metres on the flat (slopes by Tobler's factor) at one speed,
    runs of stairs up and down at two more, and waits and rides as they are. A speed that fewer than
    two walks tell of stays as it is. Routes are those of the uncalibrated profile.

    Parameters
    ----------
    network, profile, moment
        Where, who and when.
    walks
        Timed walks of people like this.
    """
    rows, parts, edges, lost = [], [], [], []
    walker = Walker(network, profile, moment)
    for walk in walks:
        try:
            found = walker.route(walk.start, walk.end)
        except NotFoundError:
            lost.append(walk.row)
            continue
        rows.append(walk)
        parts.append(_parts(network, profile, found.edge, found.end - found.start))
        edges.append(found.edge)
    design = np.array([p[:4] for p in parts], dtype=np.float64).reshape(-1, 4)
    told = {name: int((design[:, k] > 1.0).sum()) for k, name in enumerate(_SPEEDS)}
    seconds = np.array([walk.seconds for walk in rows])
    fitted = _fit(profile, design, seconds, told)
    before, after = (_model(p, design) for p in (profile, fitted))
    residuals = tuple(
        Residual(
            walk.row, walk.seconds, float(b), float(a),
            bool(abs(walk.seconds - a) > max(DISAGREES * a, DISAGREES_S)),
        )
        for walk, b, a in zip(rows, before, after, strict=True)
    )  # fmt: skip
    return Calibration(
        fitted, told, _rms(seconds - before), _rms(seconds - after), residuals, tuple(lost),
        _disagreeing(network, profile, residuals, edges, moment),
    )  # fmt: skip


def _parts(
    network: WalkNetwork, profile: Profile, route: NDArray[np.int64], ahead: Floats
) -> tuple[float, float, float, float]:
    """Flat metres, metres of stairs up and down, and seconds of waits and rides of a route.

    `ahead` is the signed share of each edge that is walked.
    """
    edges, share, sign = network.edges, np.abs(ahead), np.sign(ahead)
    length, rise = edges.length_m[route] * share, np.nan_to_num(edges.rise_m[route]) * ahead
    run, kind = edges.run_m[route] * share, edges.kind[route]
    slope = np.divide(rise, length, out=np.zeros(len(route)), where=length > 0)
    stairs, ride = kind == Kind.STEPS, np.isin(kind, (Kind.LIFT, Kind.ESCALATOR, Kind.CONVEYOR))
    flat = np.where(
        stairs, np.maximum(length - run, 0.0),
        length / tobler_factor(slope, profile.slope_factor_cap.value),
    )  # fmt: skip
    up = stairs & (np.nan_to_num(edges.rise_m[route]) * sign >= 0)
    waits = (
        edges.signal[route] * profile.crossing_s.value
        + edges.footbridge[route] * profile.footbridge_s.value
    ) * share
    along, against = edge_seconds(network, profile)
    rides = np.where(ahead >= 0, along[route], against[route]) * share
    fixed = float(waits[~ride].sum() + rides[ride].sum())
    return (
        float(flat[~ride].sum()), float(run[up].sum()), float(run[stairs & ~up].sum()), fixed,
    )  # fmt: skip


def _fit(profile: Profile, design: Floats, seconds: Floats, told: dict[str, int]) -> Profile:
    """Solve for the speeds that enough walks tell of; the others' seconds are taken as known."""
    free = [k for k, name in enumerate(_SPEEDS) if told[name] >= _FEWEST and getattr(profile, name)]
    if not free:
        return profile
    known = _model(profile, design) - sum(
        (design[:, k] / getattr(profile, _SPEEDS[k]).value for k in free),
        start=np.zeros(len(design)),
    )
    slowness, _ = scipy.optimize.nnls(design[:, free], seconds - known)
    changed: dict[str, Number] = {}
    for k, value in zip(free, slowness, strict=True):
        if value > 0:
            number: Number = getattr(profile, _SPEEDS[k])
            source = f"calibrated by {told[_SPEEDS[k]]} timed walks"
            changed[_SPEEDS[k]] = replace(
                number, value=1.0 / value, source=source, origin="override", verify=False
            )
    return replace(profile, **changed)  # type: ignore[arg-type]


def _model(profile: Profile, design: Floats) -> Floats:
    total: Floats = design[:, 3].copy()
    for k, name in enumerate(_SPEEDS):
        number = getattr(profile, name)
        if number is not None:
            total += design[:, k] / number.value
    return total


def _rms(residuals: Floats) -> float:
    return float(np.sqrt(np.mean(residuals**2))) if len(residuals) else float("nan")


def _disagreeing(
    network: WalkNetwork,
    profile: Profile,
    residuals: tuple[Residual, ...],
    routes: list[NDArray[np.int64]],
    moment: Moment | None,
) -> dict[int, float]:
    """Ways that carry much of a walk that disagrees, or part of several, with one sign."""
    seconds = np.minimum(*edge_seconds(network, profile, moment))
    shares: dict[int, list[tuple[float, float]]] = {}
    for one, route in zip(residuals, routes, strict=True):
        if not one.disagrees:
            continue
        off = (one.seconds - one.after_s) / one.after_s
        time = np.where(np.isfinite(seconds[route]), seconds[route], 0.0)
        ways, number = np.unique(network.edges.way[route], return_inverse=True)
        held = np.bincount(number, weights=time) / max(time.sum(), 1e-9)
        for way, share in zip(ways.tolist(), held, strict=True):
            shares.setdefault(way, []).append((float(share), off))
    return {
        way: float(np.mean([off for _, off in found]))
        for way, found in sorted(shares.items())
        if way > 0
        and (max(s for s, _ in found) >= _HOLDS or len(found) >= _FEWEST)
        and len({off > 0 for _, off in found}) == 1
    }
