"""Settings from the environment (MIKROSERWIS_…), secrets also from files (MIKROSERWIS_…_FILE), checked at start."""

from ipaddress import ip_network
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, HttpUrl, SecretStr, TypeAdapter, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

PREFIX = "MIKROSERWIS_"
ROLES = ("master", "admin", "operator", "technician", "seller", "dealer", "customer")


def _web_address(address: str) -> str:
    TypeAdapter(HttpUrl).validate_python(address)
    return address.rstrip("/")


WebAddress = Annotated[str, AfterValidator(_web_address)]
Mailbox = Annotated[str, Field(pattern=r"^[^@\s]+@[^@\s]+$")]


def _names(text: str) -> frozenset[str]:
    return frozenset(name.strip() for name in text.split(",") if name.strip())


class FileSecrets(PydanticBaseSettingsSource):
    """A value may stand in a file whose path the environment gives, as container secrets do."""

    def get_field_value(self, field: Any, field_name: str) -> tuple[Any, str, bool]:
        path = self.current_state.get(f"{field_name}_file")
        if not path:
            return None, field_name, False
        value = Path(path).read_text("utf-8").strip()
        if not value:
            raise ValueError(f"{PREFIX}{field_name.upper()}_FILE: {path} is empty")
        return value, field_name, False

    def __call__(self) -> dict[str, Any]:
        values = {name: self.get_field_value(field, name)[0] for name, field in self.settings_cls.model_fields.items()}
        return {name: value for name, value in values.items() if value is not None}


class Settings(BaseSettings):
    """All that an operator may set. Each field's description is its row in docs/settings.md."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="ignore", frozen=True, validate_default=True)

    data: Path = Field(
        Path("var/data"), description="Folder of the embedded default: database, uploaded files, own secret key."
    )
    database_url: str = Field(
        "",
        repr=False,
        description="SQLAlchemy address of the database. Empty: a SQLite file in the data folder.",
    )
    database_url_file: Path | None = Field(None, description="File that holds the database address.")
    secret_key: SecretStr = Field(
        SecretStr(""), description="Signs sessions and forms. Empty: made at first start and kept in the data folder."
    )
    secret_key_file: Path | None = Field(None, description="File that holds the secret key.")
    base_url: WebAddress = Field(
        "http://127.0.0.1:8000", description="Address under which people reach the service; links in mails begin so."
    )
    default_language: Literal["pl", "en", "ro", "es", "fa"] = Field(
        "pl", description="Language of a person who has not chosen one: pl, en, ro, es or fa."
    )
    proxies: int = Field(0, ge=0, le=5, description="How many trusted proxies stand in front.")

    s3_bucket: str = Field(
        "", description="Bucket of S3-compatible storage for files. Empty: they lie in the data folder."
    )
    s3_endpoint: WebAddress | Literal[""] = Field(
        "", description="Address of the storage, https://…; bucket names go into the path. Empty: Amazon's own."
    )
    s3_region: str = Field("us-east-1", description="Region of the bucket.")
    s3_access_key: str = Field(
        "", description="Access key of the storage. Empty: the machine's own, AWS_… in the environment or its role."
    )
    s3_secret_key: SecretStr = Field(SecretStr(""), description="Secret that belongs to the access key.")
    s3_secret_key_file: Path | None = Field(None, description="File that holds this secret.")
    s3_timeout_seconds: float = Field(
        15, gt=0, le=120, description="Longest silence of the storage in one request, in seconds."
    )

    upload_limit_mb: int = Field(25, ge=1, le=500, description="Largest file that may be uploaded, in MiB.")
    list_rows_at_once: int = Field(
        10_000, ge=0, le=10_000, description="Rows up to which a list's file comes at once; longer ones are made later."
    )
    session_hours: int = Field(12, ge=1, description="Hours after which a sign-in ends.")
    remembered_session_days: int = Field(30, ge=1, description="The same in days for 'keep me signed in'.")
    sign_in_failures: int = Field(8, ge=1, description="Failed sign-ins of one name from one address in 15 minutes.")
    sign_in_failures_per_address: int = Field(
        60, ge=1, description="Failed sign-ins of all names from one address in 15 minutes."
    )
    sign_in_failures_per_account: int = Field(
        40, ge=1, description="Failed sign-ins of one name from all addresses in 15 minutes; those it knows go on."
    )
    second_factor_roles: str = Field(
        "", description="Roles that must sign in with a second factor, such as master,admin. Empty: none."
    )

    backoffice_url: WebAddress = Field("http://127.0.0.1:8001", description="Address of the back office's API.")
    backoffice_token: SecretStr = Field(SecretStr("sandbox"), description="Token that the back office's API asks for.")
    backoffice_token_file: Path | None = Field(None, description="File that holds the token.")
    backoffice_timeout_seconds: float = Field(10, gt=0, le=60, description="Longest wait for one answer, in seconds.")
    delivery_attempts: int = Field(
        12,
        ge=1,
        description="Attempts after which a delivery is stuck and waits for a person. "
        "A webhook is tried for as long as it may fail.",
    )

    client_requests_per_minute: int = Field(
        300, ge=1, description="Requests of one API client in a minute that are answered."
    )
    webhook_networks: str = Field(
        "", description="Private networks that webhooks may go to, also by http://, such as 10.1.0.0/16. Empty: none."
    )
    webhook_failing_days: int = Field(
        3, ge=1, description="Days of nothing but failures after which a webhook is switched off."
    )

    mail_from: Mailbox = Field("mikroserwis@mplatform.example", description="Sender of every mail.")
    smtp_url: str = Field(
        "",
        repr=False,
        description="smtp://user:password@host:587 or smtps://… Empty: mails are written to a folder.",
    )
    smtp_url_file: Path | None = Field(None, description="File that holds the SMTP address.")

    sms_url: WebAddress | Literal[""] = Field(
        "",
        description="Address of the SMS gateway, such as https://api.smsapi.pl. Empty: SMS are written to a folder.",
    )
    sms_token: SecretStr = Field(SecretStr(""), description="Token that the SMS gateway asks for.")
    sms_token_file: Path | None = Field(None, description="File that holds this token.")
    sms_sender: str = Field(
        "",
        pattern=r"^[A-Za-z0-9.\- ]{0,11}$",
        description="Sender's name of every SMS, as the gateway knows it, at most 11 signs. Empty: the account's own.",
    )

    @field_validator("sms_token")
    @classmethod
    def _token_with_address(cls, value: SecretStr, info: ValidationInfo) -> SecretStr:
        token = value.get_secret_value()
        if bool(token) != bool(info.data.get("sms_url")):
            raise ValueError("the SMS gateway's address and its token are given together or not at all")
        if not (token.isascii() and token.isprintable()) or " " in token:
            raise ValueError("the token must be printable ASCII without spaces")
        return value

    @field_validator("s3_secret_key")
    @classmethod
    def _both_or_neither(cls, value: SecretStr, info: ValidationInfo) -> SecretStr:
        if bool(value.get_secret_value()) != bool(info.data.get("s3_access_key")):
            raise ValueError("access key and secret key are given together or not at all")
        return value

    @field_validator("webhook_networks")
    @classmethod
    def _known_networks(cls, value: str) -> str:
        for one in _names(value):
            ip_network(one)
        return value

    @field_validator("second_factor_roles")
    @classmethod
    def _known_roles(cls, value: str) -> str:
        if unknown := sorted(_names(value) - set(ROLES)):
            raise ValueError(f"no such role: {', '.join(unknown)}; there are {', '.join(ROLES)}")
        return value

    @property
    def needing_second_factor(self) -> frozenset[str]:
        """Roles."""
        return _names(self.second_factor_roles)

    @property
    def database(self) -> str:
        """The SQLAlchemy address; without a setting the SQLite file of the data folder."""
        return self.database_url or f"sqlite:///{self.data.resolve() / 'mikroserwis.sqlite3'}"

    @property
    def upload_limit(self) -> int:
        """Bytes."""
        return self.upload_limit_mb * 1024 * 1024

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Arguments first, then the environment, then the files that the environment names."""
        return init_settings, env_settings, FileSecrets(settings_cls)
