from collections.abc import Mapping


class BackofficeError(Exception):
    """Everything that can go wrong between us and the other side.

    `permanent` tells whether the same request could succeed later without a person doing something.
    `code` is one of: unreachable, timeout, busy, server_error, bad_answer (temporary);
    unauthorised, unknown_point, scan_rejected, package_rejected, contract_broken (permanent).
    `detail` is for staff and logs, never holds the token. `retry_after` is what the other side asked for, in seconds.
    """

    def __init__(self, code: str, detail: str, *, permanent: bool, retry_after: float | None = None) -> None:
        super().__init__(f"{code}: {detail}")
        self.code = code
        self.detail = detail
        self.permanent = permanent
        self.retry_after = retry_after


class ScanRejected(BackofficeError):
    """The backoffice looked at this scan and refuses it for `reason`; sending the same bytes again will not help."""

    def __init__(self, sha256: str, reason: str) -> None:
        super().__init__("scan_rejected", reason, permanent=True)
        self.sha256 = sha256
        self.reason = reason


class PackageRejected(BackofficeError):
    """The package was refused; `rejections` maps the SHA-256 of each refused file to why (may be empty)."""

    def __init__(self, reason: str, rejections: Mapping[str, str]) -> None:
        super().__init__("package_rejected", reason, permanent=True)
        self.reason = reason
        self.rejections = dict(rejections)
