"""The common part of both."""

from apiflask import APIBlueprint

from mikroserwis.bodies import read_body

blueprint = APIBlueprint("clients_api", __name__, url_prefix="/api/v1", tag="API clients")
blueprint.before_request(read_body)

CLIENT = f"/clients/<int(max={2**31 - 1}):client_id>"
TOKEN = f"{CLIENT}/tokens/<int(max={2**31 - 1}):token_id>"
WEBHOOK = f"{CLIENT}/webhooks/<int(max={2**31 - 1}):endpoint_id>"
DELIVERY = f"{WEBHOOK}/deliveries/<int(max={2**31 - 1}):sending_id>"
