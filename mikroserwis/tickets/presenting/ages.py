"""The ticket's age and who used it, beside its deadlines."""

from datetime import timedelta
from typing import Any

from mikroserwis.tickets import ages
from mikroserwis.tickets.clock_words import HOLDERS, duration
from mikroserwis.tickets.presenting.scene import Scene


def age(scene: Scene) -> dict[str, Any] | None:
    """What tickets/_age.html wants: the whole, and each part with its share in percent. None in the first moment."""
    known = ages.records(scene.ticket, scene.tenures, scene.acts, scene.deliveries)
    found = ages.parts(scene.session, scene.ticket, scene.actor, scene.now, known)
    whole = sum((one.time for one in found), timedelta())
    if not found:
        return None
    return {
        "whole": duration(whole),
        "parts": [
            {
                "who": one.dealer.name if one.dealer else str(HOLDERS[one.holder]),
                "kind": one.holder,
                "time": duration(one.time),
                "share": round(100 * (one.time / whole)),
            }
            for one in found
        ],
    }
