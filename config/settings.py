"""Settings from the environment (MIKROSERWIS_…), each also as MIKROSERWIS_…_FILE, checked at start."""

from pathlib import Path
from typing import Annotated, Any, Literal
from zoneinfo import ZoneInfo, available_timezones

from pydantic import AfterValidator, Field, SecretStr, computed_field
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict

PREFIX = "MIKROSERWIS_"


def _known_zone(name: str) -> str:
    if name not in available_timezones():
        raise ValueError(f"no such time zone: {name}")
    return name


class FileSecrets(PydanticBaseSettingsSource):
    """A value may stand in a file whose path the environment gives, as container secrets do."""

    def get_field_value(self, field: Any, field_name: str) -> tuple[Any, str, bool]:
        path = self.current_state.get(f"{field_name}_file")
        return (Path(path).read_text("utf-8").strip() if path else None, field_name, False)

    def __call__(self) -> dict[str, Any]:
        values = {name: self.get_field_value(field, name)[0] for name, field in self.settings_cls.model_fields.items()}
        return {name: value for name, value in values.items() if value is not None}


class Settings(BaseSettings):
    """All that an operator may set; `data` is the one folder of the embedded default."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, extra="ignore", frozen=True)

    data: Path = Path("var/data")
    database_url: str = ""
    database_url_file: Path | None = None
    secret_key: SecretStr = SecretStr("")
    secret_key_file: Path | None = None
    base_url: str = "http://127.0.0.1:8000"
    zone: Annotated[str, AfterValidator(_known_zone)] = "Europe/Warsaw"
    default_language: Literal["pl", "en"] = "pl"
    proxies: int = Field(0, ge=0, le=5, description="how many trusted proxies stand in front")

    upload_limit_mb: int = Field(25, ge=1, le=500)
    session_hours: int = Field(12, ge=1)
    remembered_session_days: int = Field(30, ge=1)
    sign_in_failures: int = Field(8, ge=1, description="failed sign-ins of one name from one address in 15 minutes")
    sign_in_failures_per_address: int = Field(60, ge=1)

    backoffice_url: str = "http://127.0.0.1:8001"
    backoffice_token: SecretStr = SecretStr("sandbox")
    backoffice_token_file: Path | None = None
    backoffice_timeout_seconds: float = Field(10, gt=0, le=60)
    delivery_attempts: int = Field(12, ge=1)

    operations_mailbox: str = "operacje@mplatform.com.pl"
    mail_from: str = "mikroserwis@mplatform.example"
    smtp_url: str = Field("", description="smtp://user:password@host:587, smtps://…; empty: mails go to a folder")
    smtp_url_file: Path | None = None
    hotline: str = "22 123 84 09"
    installation_page: str = "https://instalacja.mplatform.com.pl/insoft.html"

    @computed_field  # type: ignore[prop-decorator]
    @property
    def database(self) -> str:
        """The SQLAlchemy address; without a setting the SQLite file of the data folder."""
        return self.database_url or f"sqlite:///{self.data.resolve() / 'mikroserwis.sqlite3'}"

    @property
    def tz(self) -> ZoneInfo:
        return ZoneInfo(self.zone)

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
