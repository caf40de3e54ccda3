"""Who a token belongs to."""

from apiflask import APIBlueprint
from pydantic import BaseModel

from mikroserwis import edge

blueprint = APIBlueprint("accounts_api", __name__, url_prefix="/api/v1", tag="Account")


class Me(BaseModel):
    """The person that a token stands for."""

    name: str
    role: str
    dealer: str
    language: str


@blueprint.get("/me")
@blueprint.output(Me)
@blueprint.doc(summary="Whose token this is", responses=[401])
def me() -> Me:
    """The account behind the token."""
    actor = edge.actor()
    return Me(name=actor.name, role=actor.role, dealer=actor.dealer_name, language=actor.language)
