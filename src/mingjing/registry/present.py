"""Cameras as they are shown: the register's row with what other rooms know of it."""

from collections.abc import Sequence

from mingjing.devices.rtsp.words import LEGS, headline, words_for
from mingjing.media.causes import LegState
from mingjing.media.model import LegReport
from mingjing.registry.queries import Registered
from mingjing.registry.schema import Camera, CameraState, LegOut, RecordingNow, RemedyOut, StreamOut
from mingjing.registry.site import CameraSite


def present(site: CameraSite, found: Sequence[Registered]) -> list[Camera]:
    """Cameras for the wire, with states, plans and whether they are being kept."""
    channels = [item.row.id for item in found]
    stats, plans, recording = site.facts.stats(), site.facts.plans(channels), site.facts.recording(channels)
    shown = []
    for item in found:
        row = item.row
        plan = plans.get(row.id)
        shown.append(
            Camera(
                id=row.id,
                name=row.name,
                division=row.division,
                organisation=row.organisation,
                enabled=row.enabled,
                address=row.address,
                note=row.note,
                streams=[
                    StreamOut.model_validate(stream, from_attributes=True)
                    for _, stream in sorted(item.streams.items())
                ],
                user=row.user,
                has_password=row.sealed_password is not None,
                allow_basic=row.allow_basic,
                plan=plan.plan if plan else None,
                retention_days=plan.retention_days if plan else None,
                state=CameraState(main=stats.get(f"{row.id}.main"), sub=stats.get(f"{row.id}.sub")),
                recording=recording.get(row.id, RecordingNow()),
                created_us=row.created_us,
                changed_us=row.changed_us,
            )
        )
    return shown


def legs_in_words(legs: Sequence[LegReport]) -> list[LegOut]:
    """Legs with their names, causes and remedies in both languages."""
    return [_leg(report) for report in legs]


def summary(legs: Sequence[LegReport]) -> tuple[str, str]:
    """One line, Chinese and English: where it broke, or that everything is well."""
    for report in legs:
        if report.state is LegState.FAILED and report.cause is not None:
            text = headline(report.leg, report.cause)
            return text.zh, text.en
    for report in legs:
        if report.state is LegState.WAITING:
            name = LEGS[report.leg]
            return f"正在等待：{name.zh}", f"Waiting: {name.en}"
    if legs and legs[0].state is LegState.OK:
        return "各段正常", "Every leg is well"
    return "尚未尝试", "Not tried yet"


def _leg(report: LegReport) -> LegOut:
    name = LEGS[report.leg]
    out = LegOut(
        leg=report.leg, name=name.zh, name_en=name.en, state=report.state, at_us=report.at_us,
        took_ms=report.took_ms, cause=report.cause, evidence=report.evidence,
    )  # fmt: skip
    if report.cause is None:
        return out
    words = words_for(report.leg, report.cause)
    return out.model_copy(
        update={
            "title": words.title.zh,
            "title_en": words.title.en,
            "sentence": words.sentence.zh,
            "sentence_en": words.sentence.en,
            "remedies": [
                RemedyOut(text=item.text.zh, text_en=item.text.en, act=item.act) for item in words.remedies
            ],
        }
    )
