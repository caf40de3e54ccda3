"""Records as the API answers them."""

from collections.abc import Iterable
from datetime import date, datetime

from sqlalchemy.orm import Session

from mikroserwis.dealers import areas, queries
from mikroserwis.dealers.api.blueprint import (
    AbsenceOut,
    ChangeOut,
    Changes,
    DealerBrief,
    DealerRecord,
    PersonOut,
    VendorContactOut,
)
from mikroserwis.dealers.contacts import texts
from mikroserwis.dealers.listing import Row
from mikroserwis.dealers.wording import act_words
from mikroserwis.models import Dealer, DealerAbsence, Event, VendorContact
from mikroserwis.pricing import today


def dealer_line(row: Row, day: date) -> DealerBrief:
    one = row.dealer
    return DealerBrief(
        id=one.id,
        crm_id=one.crm_id,
        name=one.name,
        city=one.city,
        areas=_areas(one),
        types=queries.types_of(one),
        open=row.open,
        capacity=one.capacity,
        absent=row.is_absent(day),
        absence=absence(row.absence) if row.absence else None,
        active=one.active,
    )


def dealer(session: Session, of: Dealer, now: datetime) -> DealerRecord:
    load = queries.load_of(session, of, now)
    return DealerRecord(
        id=of.id,
        crm_id=of.crm_id,
        name=of.name,
        tax_id=of.tax_id,
        street=of.street,
        postal_code=of.postal_code,
        city=of.city,
        phone=of.phone,
        email=of.email,
        areas=_areas(of),
        types=queries.types_of(of),
        capacity=of.capacity,
        active=of.active,
        digest=of.digest,
        open=dict(load.by_state),
        lost=load.lost,
        absences=[absence(one) for one in queries.absences(session, of, today(now))],
        people=[
            PersonOut(name=one.user.name, email=one.user.email, active=one.user.active, signed_in_at=one.signed_in_at)
            for one in queries.people(session, of)
        ],
        version=of.version,
    )


def absence(of: DealerAbsence) -> AbsenceOut:
    return AbsenceOut(
        id=of.id,
        first_day=of.first_day,
        last_day=of.last_day,
        reason=of.reason,
        entered_at=of.entered_at,
        entered_by=of.entered_by,
        version=of.version,
    )


def contact(of: VendorContact) -> VendorContactOut:
    return VendorContactOut(id=of.id, version=of.version, **texts(of))


def changes(events: Iterable[Event]) -> Changes:
    items = []
    for event in events:
        said = queries.said(event)
        changed = {name: [old, new] for name, (old, new) in said["changes"].items()}
        words = act_words(event.verb, said)
        items.append(ChangeOut(at=event.at, by=event.actor, act=event.verb, text=words, changes=changed))
    return Changes(items=items)


def _areas(of: Dealer) -> list[str]:
    return sorted((one.prefix for one in of.areas), key=areas.plain)
