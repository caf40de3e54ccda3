import backoffice_client
from backoffice_client import sandbox


def test_the_package_hands_out_these_names_and_no_others() -> None:
    assert backoffice_client.__all__ == [
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
    assert all(hasattr(backoffice_client, name) for name in backoffice_client.__all__)


def test_the_sandbox_hands_out_a_server_and_a_way_to_run_it() -> None:
    assert sandbox.__all__ == ["SandboxServer", "serve"]


def test_every_error_is_of_one_family() -> None:
    assert issubclass(backoffice_client.ScanRejected, backoffice_client.BackofficeError)
    assert issubclass(backoffice_client.PackageRejected, backoffice_client.BackofficeError)
