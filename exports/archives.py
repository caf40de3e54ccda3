"""ZIP containers whose bytes depend on nothing but their content."""

import io
import re
import zipfile
from datetime import UTC, date, datetime, time

_OFFICE_MOMENTS = re.compile(rb"(<dcterms:(created|modified)[^>]*>)[^<]*(</dcterms:)")
_FIRST_YEAR, _LAST_YEAR = 1980, 2107


def midnight(day: date) -> datetime:
    """The moment that dates what bears only a day."""
    return datetime.combine(day, time(), UTC)


def entry(name: str, moment: datetime) -> zipfile.ZipInfo:
    """A compressed entry dated `moment`, kept within the years that ZIP can express."""
    year = min(max(moment.year, _FIRST_YEAR), _LAST_YEAR)
    info = zipfile.ZipInfo(name, (year, moment.month, moment.day, moment.hour, moment.minute, moment.second))
    info.compress_type = zipfile.ZIP_DEFLATED
    info.external_attr = 0o644 << 16
    return info


def settled(office_file: bytes, moment: datetime) -> bytes:
    """The same DOCX or XLSX with every time in it set to `moment`: the libraries write the present one."""
    stamp = moment.strftime("%Y-%m-%dT%H:%M:%SZ").encode()
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(office_file)) as source, zipfile.ZipFile(out, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            if name == "docProps/core.xml":
                content = _OFFICE_MOMENTS.sub(rb"\g<1>" + stamp + rb"\g<3>", content)
            target.writestr(entry(name, moment), content)
    return out.getvalue()
