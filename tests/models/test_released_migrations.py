"""A migration that was released has run on somebody's data: it stays as it is, and what it lacks is a new one's."""

import hashlib

from sqlalchemy import Engine, MetaData, Table, insert, select, text

from mikroserwis import migrate
from tests.models.test_upgrades import sample
from tests.support.sources import ROOT

FOLDER = ROOT / "mikroserwis/migrations/versions"
# The beginning of each file's SHA-256. A new one is added when it is released; none is ever changed.
RELEASED = {
    "2026_11_21_1_prices": "a44b35742fe22983",
    "2026_11_21_2_quotes": "d1906e236946603d",
    "2026_11_21_3_paper_forms": "d3514f2c9c53f56b",
    "2026_11_21_4_list_exports": "6274c8eddc612b66",
    "2026_11_21_5_imports": "4a4dbb33d04567d5",
    "2026_11_21_6_saved_views": "798623838a4c1fac",
    "2026_11_21_7_training": "c3d3da08d2f13f3a",
    "2026_11_21_8_file_sources": "6db39d6528f362b9",
    "2026_11_21_first_release": "cdf3cff5ac41615d",
    "2026_11_22_1_clocks": "74ce2cafba522864",
    "2026_11_22_2_handovers": "f8b0883c9cd07670",
    "2026_11_22_3_news": "47ea947247ad5be4",
    "2026_11_22_4_dealers": "8d10df7d91f67944",
    "2026_11_22_5_job_runs": "0ff8bc6fa9653d28",
    "2026_11_22_6_bulk_acts": "da456775d444d692",
    "2026_11_22_7_dashboard": "de2eef4a5827c06e",
    "2026_11_22_8_dealers_list": "25df113661e40654",
    "2026_11_22_9_accounts": "146096eeaf7db0bf",
    "2026_11_22_a_second_factor": "85f3622ec432fea9",
    "2026_11_22_b_customers": "96eb2cffb6daa62c",
    "2026_11_22_c_audit": "5610b43b0430b8be",
    "2026_11_22_d_message_texts": "adb9e2de5e7e5652",
    "2026_11_22_e_channels": "00533825c391bc2c",
    "2026_11_22_f_consents": "210438a533fa2036",
    "2026_11_22_g_api_clients": "b1982d3637effce2",
    "2026_11_22_h_languages": "16044a5f91e7b582",
    "2026_11_22_i_removed_contacts": "8af40222ded5401c",
    "2026_11_22_j_answered_forms": "0848639b9b514cc4",
    "2026_11_22_k_retired_pictures": "662c6c3acf7b33f1",
    "2026_11_22_l_user_pictures": "2cf78bd15c33408e",
    "2026_11_22_m_proven_masks": "663b8f296025bdbf",
}
WITH_PICTURES_OF_USERS = "2026_11_22_c_audit"


def test_no_released_migration_was_changed_or_taken_away() -> None:
    kept = {path.stem: hashlib.sha256(path.read_bytes()).hexdigest()[:16] for path in FOLDER.glob("2*.py")}
    assert {name: kept.get(name) for name in RELEASED} == RELEASED


def test_pictures_of_the_release_that_kept_them_with_the_account_stay_there_and_back(empty: Engine):
    migrate.upgrade(empty, WITH_PICTURES_OF_USERS)
    with empty.execution_options(write=True).begin() as connection:
        users = Table("users", MetaData(), autoload_with=connection)
        row = {column.name: sample(column) for column in users.columns} | {"dealer_id": None}
        other = row | {"id": 2, "email": "b", "phone": "2", "user_name": "b", "picture": None}
        connection.execute(insert(users).values([row, other]))
    migrate.upgrade(empty)
    with empty.connect() as connection:
        pictures = Table("user_pictures", MetaData(), autoload_with=connection)
        assert connection.execute(select(pictures.c.user_id, pictures.c.sha256)).all() == [(1, row["picture"])]
    migrate.downgrade(empty, WITH_PICTURES_OF_USERS)
    with empty.connect() as connection:
        users = Table("users", MetaData(), autoload_with=connection)
        found = connection.execute(select(users.c.picture).order_by(users.c.id)).scalars().all()
        assert found == [row["picture"], None]


def test_masks_of_before_they_were_proven_know_the_last_person_of_their_row(empty: Engine):
    migrate.upgrade(empty, "2026_11_22_l_user_pictures")
    with empty.execution_options(write=True).begin() as connection:
        metadata = MetaData()
        metadata.reflect(connection)
        for name, changed in (
            ("users", {"dealer_id": None}),
            ("history", {one.name: None for one in metadata.tables["history"].columns if one.name.endswith("_id")}),
            ("anonymised", {"label": "Anonim U1", "user_id": 1}),
            ("anonymised", {"label": "Anonim C7", "user_id": None, "id": 2}),
            ("history_masks", {"actor": "Anonim U1", "data": '{"name": "Anonim C7"}'}),
        ):
            table = metadata.tables[name]
            connection.execute(insert(table).values({one.name: sample(one) for one in table.columns} | changed))
    migrate.upgrade(empty)
    with empty.connect() as connection:
        masks = Table("history_masks", MetaData(), autoload_with=connection)
        assert connection.execute(select(masks.c.anonymised_id)).scalars().all() == [2]


def test_a_version_between_two_releases_that_had_the_table_of_pictures_goes_on(empty: Engine):
    migrate.upgrade(empty, "2026_11_22_k_retired_pictures")
    with empty.execution_options(write=True).begin() as connection:
        connection.execute(text("ALTER TABLE users DROP COLUMN picture"))
        connection.execute(text("CREATE TABLE user_pictures (user_id INTEGER PRIMARY KEY, sha256 VARCHAR(64))"))
        connection.execute(text("INSERT INTO user_pictures VALUES (1, 'abc')"))
    migrate.upgrade(empty)
    with empty.connect() as connection:
        assert connection.execute(text("SELECT user_id, sha256 FROM user_pictures")).all() == [(1, "abc")]
