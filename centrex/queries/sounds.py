"""Sounds: who may hear one, what plays while a caller is on hold, how much room they take."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q, QuerySet, Sum

from centrex.models import CompanySettings, FeatureSetting, Line, PlannedChange, ScreeningRule, Sound
from centrex.routing.features import Music, Voicemail
from selfcare.models import Customer
from selfcare.models.history import is_history

# The kinds of greetings that play a sound of their own; the names of Voicemail's values as well.
GREETINGS = ("personal", "name", "absence")
# The parts of planned changes that play sounds, and the names under which they do; a menu's events and the rules of
# Call Screening do by themselves.
PLAYED = {
    Music.NAME: ("sound",),
    Voicemail.NAME: GREETINGS,
    "menu": ("intro", "prompt", "on_timeout", "on_unavailable"),
    "screening": (),
}


def audible(customer: Customer | None) -> QuerySet[Sound]:
    """The sounds that `customer` may listen to: its own, and the recorded names of extensions kept for it.

    Who sees one line only hears what that line plays.
    """
    if customer is None:
        return Sound.objects.none()
    if customer.only_line is not None:
        return Sound.objects.filter(customer=customer, pk__in=played_by(customer.only_line))
    return Sound.objects.filter(Q(customer=customer) | Q(extension__branch_office=customer))


def played_by(line: int) -> set[int]:
    """The ids of the sounds that a line's own settings and rules name."""
    settings = FeatureSetting.objects.filter(line=line, name__in=[Music.NAME, Voicemail.NAME]).values_list(
        "values", flat=True
    )
    named = {kept.get(name) for kept in settings for name in ("sound", *GREETINGS)}
    rules = ScreeningRule.objects.filter(line=line, message__isnull=False).values_list("message", flat=True)
    return {pk for pk in named if isinstance(pk, int)} | set(rules)


def music_choices(customer: Customer | None) -> QuerySet[Sound]:
    """The music of `customer` that a call queue can play, once it is ready."""
    music: QuerySet[Sound] = Sound.for_customer(customer).filter(purpose=Sound.Purpose.MUSIC)
    return music.exclude(state=Sound.State.FAILED)


def music_ready(customer: Customer | None) -> QuerySet[Sound]:
    """The music of `customer` that a phone line can play now."""
    return music_choices(customer).filter(state=Sound.State.READY).order_by("name", "pk")


def greetings_ready(customers: Iterable[int]) -> frozenset[int]:
    """The ids of those prompts of these customers that phones can play now."""
    ready = Sound.objects.filter(customer__in=list(customers), purpose=Sound.Purpose.PROMPT, state=Sound.State.READY)
    return frozenset(ready.values_list("pk", flat=True))


def greetings_of(line: Line, values: Voicemail) -> dict[str, Sound]:
    """The recorded greetings of a line's box, in whatever state, by their kind."""
    chosen = {kind: getattr(values, kind) for kind in GREETINGS}
    found = Sound.for_customer(line.customer).in_bulk([pk for pk in chosen.values() if pk is not None])
    return {kind: found[pk] for kind, pk in chosen.items() if pk in found}


def music_playing(settings: CompanySettings) -> Sound | None:
    """What callers on hold hear while music is on; None is the default tune, also until their own is ready."""
    return settings.music if settings.music is not None and settings.music.is_ready else None


def bytes_used(customer: Customer) -> int:
    """The room that all sounds of `customer` take."""
    return int(Sound.for_customer(customer).aggregate(sum=Sum("bytes"))["sum"] or 0)


def plays(change: PlannedChange, sound: int) -> bool:
    """Whether a planned change plays the sound, or will again when it is turned back."""
    for state in (change.new, change.before or {}):
        named = {state.get(name) for name in PLAYED[change.part]}
        named |= {value.get("play") for value in state.values() if isinstance(value, dict)}
        named |= {value for name, value in state.items() if name.endswith(".message_id")}
        if sound in named:
            return True
    return False


def is_used(sound: Sound) -> bool:
    """Whether any record of any kind plays `sound`, a place names it as its music or greeting, or a plan does.

    What records were (`history`) does not count.
    """
    named = Q(name=Music.NAME, values__sound=sound.pk)
    for kind in GREETINGS:
        named |= Q(name=Voicemail.NAME, **{f"values__{kind}": sound.pk})
    if FeatureSetting.objects.filter(named, customer=sound.customer_id).exists():
        return True
    to_come = PlannedChange.for_customer(sound.customer).filter(part__in=PLAYED, state__in=("planned", "active"))
    if any(plays(change, sound.pk) for change in to_come):
        return True
    links = (field for field in Sound._meta.get_fields(include_hidden=True) if field.auto_created and field.is_relation)
    return any(
        link.related_model._base_manager.filter(**{link.field.name: sound}).exists()  # type: ignore[union-attr]
        for link in links
        if not is_history(link.related_model)
    )
