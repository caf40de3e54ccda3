"""The columns of the ticket import: one row per sub-ticket, rows with the same `crm_id` form one ticket."""

from typing import Literal, NamedTuple


class IntakeColumn(NamedTuple):
    """`name` stands in row 1 of the sheet; a required column must be present."""

    name: str
    label_pl: str
    label_en: str
    required: bool
    explanation_pl: str
    explanation_en: str
    kind: Literal["text", "integer", "date", "type", "yes_no"] = "text"


REMARKS = "remarks"

INTAKE_COLUMNS: tuple[IntakeColumn, ...] = (
    IntakeColumn(
        "crm_id",
        "ID CRM firmy",
        "Company's CRM id",
        True,
        "Numer zgłoszenia w CRM. Wiersze z tym samym numerem tworzą jedno zgłoszenie.",
        "The ticket's number in the CRM. Rows with the same number form one ticket.",
        "integer",
    ),
    IntakeColumn(
        "type",
        "Typ zgłoszenia",
        "Ticket type",
        True,
        "Kod typu, do wyboru z listy.",
        "The type's code, chosen from the list.",
        "type",
    ),
    IntakeColumn(
        "opened_on",
        "Data zgłoszenia",
        "Opened on",
        True,
        "Data w postaci 2019-05-27.",
        "A date like 2019-05-27.",
        "date",
    ),
    IntakeColumn(
        "acquired_by_dealer",
        "Zgłoszenie pozyskane przez Dealera",
        "Acquired by the dealer",
        False,
        "tak lub nie; puste znaczy nie. Przy tak trzeba podać dealer_crm_id.",
        "tak (yes) or nie (no); empty means no. With yes dealer_crm_id is needed.",
        "yes_no",
    ),
    IntakeColumn(
        "dealer_crm_id",
        "ID CRM Dealera",
        "Dealer's CRM id",
        False,
        "Dealer, któremu zgłoszenie ma być przydzielone; puste oznacza wybór według obszaru.",
        "The dealer who is to get the ticket; empty means a choice by area.",
        "integer",
    ),
    IntakeColumn(
        "tax_id",
        "NIP firmy",
        "Tax id (NIP)",
        True,
        "Dziesięć cyfr, także z myślnikami; cyfra kontrolna jest sprawdzana.",
        "Ten digits, hyphens allowed; the check digit is verified.",
    ),
    IntakeColumn("company_name", "Nazwa firmy", "Company name", True, "Pełna nazwa firmy.", "The company's full name."),
    IntakeColumn(
        "regon",
        "REGON",
        "REGON",
        False,
        "Dziewięć lub czternaście cyfr; cyfra kontrolna jest sprawdzana.",
        "Nine or fourteen digits; the check digit is verified.",
    ),
    IntakeColumn("street", "Ulica i numer", "Street and number", False, "Adres firmy.", "The company's address."),
    IntakeColumn("postal_code", "Kod pocztowy", "Postal code", True, "W postaci 26-922.", "Written like 26-922."),
    IntakeColumn("city", "Miasto z adresu firmy", "City", True, "Miejscowość z adresu firmy.", "The company's city."),
    IntakeColumn(
        "phone",
        "Telefon",
        "Phone",
        False,
        "Numer polski lub z kierunkowym kraju.",
        "A Polish number, or one with its country code.",
    ),
    IntakeColumn("email", "E-mail", "E-mail", False, "Adres e-mail firmy.", "The company's e-mail address."),
    IntakeColumn(
        "iban",
        "Rachunek bankowy",
        "Bank account",
        False,
        "IBAN, odstępy są dozwolone.",
        "IBAN, spaces are allowed.",
    ),
    IntakeColumn(
        "representative",
        "Osoba reprezentująca",
        "Representative",
        False,
        "Kto podpisuje umowę: imię, nazwisko, funkcja.",
        "Who signs the contract: name and function.",
    ),
    IntakeColumn(
        "account_manager_name",
        "Opiekun GŻ",
        "Account manager",
        False,
        "Imię i nazwisko opiekuna detalisty.",
        "The name of the retailer's account manager.",
    ),
    IntakeColumn(
        "account_manager_phone",
        "Telefon opiekuna GŻ",
        "Account manager's phone",
        False,
        "Numer telefonu opiekuna.",
        "The account manager's phone number.",
    ),
    IntakeColumn(
        "account_manager_email",
        "E-mail opiekuna GŻ",
        "Account manager's e-mail",
        False,
        "Adres e-mail opiekuna.",
        "The account manager's e-mail address.",
    ),
    IntakeColumn(
        "point_id",
        "ID punktu handlowo-usługowego",
        "Retail point id",
        True,
        "Numer punktu w M/platform; w pliku może wystąpić raz.",
        "The point's number in M/platform; may occur once in a file.",
        "integer",
    ),
    IntakeColumn("point_name", "Nazwa punktu", "Point's name", True, "Nazwa sklepu.", "The shop's name."),
    IntakeColumn(
        "point_street",
        "Ulica i numer punktu",
        "Point's street and number",
        False,
        "Adres punktu; puste oznacza adres firmy.",
        "The point's address; empty means that of the company.",
    ),
    IntakeColumn(
        "point_postal_code",
        "Kod pocztowy punktu",
        "Point's postal code",
        False,
        "W postaci 26-922; puste oznacza adres firmy.",
        "Written like 26-922; empty means that of the company.",
    ),
    IntakeColumn(
        "point_city",
        "Miejscowość punktu",
        "Point's city",
        False,
        "Puste oznacza adres firmy.",
        "Empty means that of the company.",
    ),
    IntakeColumn(
        "stations_buy",
        "Liczba stanowisk: zakup",
        "Stations to buy",
        True,
        "Liczba całkowita od 0.",
        "A whole number from 0.",
        "integer",
    ),
    IntakeColumn(
        "stations_exchange",
        "Liczba stanowisk: wymiana",
        "Stations to exchange",
        True,
        "Liczba całkowita od 0; razem z zakupem co najmniej 1.",
        "A whole number from 0; together with those to buy at least 1.",
        "integer",
    ),
    IntakeColumn(
        REMARKS,
        "Uwagi",
        "Remarks",
        False,
        "Import nie czyta tej kolumny; w pliku do poprawy stoi tu, co jest nie tak.",
        "The import does not read this column; in a file to mend it says what is wrong.",
    ),
)
