"""The HTTP client of M/platform and the backoffice.

`openapi.json` is the contract, `sandbox` a server that speaks it.
"""

from backoffice_client.client import BackofficeClient
from backoffice_client.contract import openapi
from backoffice_client.errors import BackofficeError, PackageRejected, ScanRejected
from backoffice_client.messages import (
    Connectivity,
    EventReceipt,
    Manifest,
    ManifestFile,
    PackageReceipt,
    Scan,
    ScanReceipt,
    Station,
    TicketEvent,
)

__all__ = [
    "BackofficeClient",
    "BackofficeError",
    "Connectivity",
    "EventReceipt",
    "Manifest",
    "ManifestFile",
    "PackageReceipt",
    "PackageRejected",
    "Scan",
    "ScanReceipt",
    "ScanRejected",
    "Station",
    "TicketEvent",
    "openapi",
]
