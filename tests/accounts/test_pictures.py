"""A person's picture: kept as it looks and as nothing else, shown to its person and to staff."""

import io
from collections.abc import Callable

from PIL import Image

from mikroserwis.edge import Parts
from tests.support.people import Api, Web
from tests.support.records import an_account

PLACE = {0x010F: "Camera of Łukasz", 0x8298: "Sieciechów 26-922"}


def photo(size: tuple[int, int] = (900, 700), kind: str = "JPEG") -> io.BytesIO:
    """With what telephones write into their pictures."""
    picture, exif, file = Image.radial_gradient("L").resize(size).convert("RGB"), Image.Exif(), io.BytesIO()
    for tag, text in PLACE.items():
        exif[tag] = text
    picture.save(file, kind, exif=exif)
    file.seek(0)
    return file


def shown(browser: Web, number: int):
    return browser.get(f"/people/{number}/picture")


def test_a_picture_is_drawn_anew_and_tells_nothing_but_how_it_looks(web: Callable[[str], Web], parts: Parts):
    alfa, number = web("alfa"), an_account(parts, "alfa")
    page = alfa.post("/account/picture", {"picture": (photo(), "me.jpg")}, follow_redirects=True)
    assert f'src="/people/{number}/picture?v=' in page.get_data(as_text=True)
    answer = shown(alfa, number)
    assert (answer.status_code, answer.mimetype) == (200, "image/webp")
    picture = Image.open(io.BytesIO(answer.data))
    assert picture.width == 320
    assert len(picture.getexif()) == 0
    stored = [file.read_bytes() for file in (parts.settings.data / "files").rglob("*") if file.is_file()]
    assert not [content for content in stored if b"Camera of" in content]


def test_a_picture_is_its_persons_and_the_staffs_to_see(web: Callable[[str], Web], parts: Parts):
    number = an_account(parts, "alfa")
    web("alfa").post("/account/picture", {"picture": (photo(kind="PNG"), "me.png")})
    assert [shown(web(name), number).status_code for name in ("alfa", "operator", "beta")] == [200, 200, 403]


def test_what_is_no_picture_is_refused_with_the_reason_and_the_old_one_stays(web: Callable[[str], Web], parts: Parts):
    alfa, number = web("alfa"), an_account(parts, "alfa")
    alfa.post("/account/picture", {"picture": (photo(), "me.jpg")})
    before = shown(alfa, number).data
    assert before
    hostile = {
        "me.svg": b"<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'/>",
        "me.jpg": b"<html><script>alert(1)</script></html>",
        "me.png": photo().getvalue()[:500],
        "big.jpg": b"\xff\xd8\xff" + bytes(9 * 1024 * 1024),
    }
    for name, content in hostile.items():
        answer = alfa.post("/account/picture", {"picture": (io.BytesIO(content), name)})
        assert answer.status_code in {413, 422}, name
    assert alfa.post("/account/picture").status_code == 422
    assert shown(alfa, number).data == before


def test_a_removed_picture_is_gone_with_its_address(web: Callable[[str], Web], parts: Parts):
    alfa, number = web("alfa"), an_account(parts, "alfa")
    alfa.post("/account/picture", {"picture": (photo(), "me.jpg")})
    page = alfa.post("/account/picture/removal", follow_redirects=True).get_data(as_text=True)
    assert "/picture?v=" not in page
    assert shown(alfa, number).status_code == 404


def test_a_program_sets_its_persons_picture_too(api: Callable[[str], Api], parts: Parts):
    alfa, number = api("alfa"), an_account(parts, "alfa")
    answer = alfa.send("PUT", "/me/picture", data={"file": (photo(), "me.jpg")}, content_type="multipart/form-data")
    assert answer.status_code == 204
    assert api("operator").get(f"/accounts/{number}/picture").mimetype == "image/webp"
    assert alfa.send("DELETE", "/me/picture").status_code == 204
    assert api("operator").get(f"/accounts/{number}/picture").status_code == 404
