"""The page's words in Polish, by their English."""

POLISH = {
    "Sandbox: M/platform and backoffice": "Piaskownica: M/platform i Backoffice",
    "Plays the other side of Mikroserwis. Nothing here is real.": (
        "Udaje drugą stronę Mikroserwisu. Nic tu nie dzieje się naprawdę."
    ),
    "Retail points": "Punkty handlowo-usługowe",
    "Point": "Punkt",
    "Station": "Stanowisko",
    "Number": "Numer",
    "Name": "Nazwa",
    "State": "Stan",
    "Last contact": "Ostatni kontakt",
    "never": "nigdy",
    "now": "teraz",
    "online": "połączone",
    "offline": "rozłączone",
    "Switch on": "Włącz",
    "Switch off": "Wyłącz",
    "No station has reported yet.": "Żadne stanowisko jeszcze się nie zgłosiło.",
    "Add a station": "Dodaj stanowisko",
    "Point id": "Identyfikator punktu",
    "Station number": "Numer stanowiska",
    "Add": "Dodaj",
    "Faults": "Usterki",
    "Faults strike the paths of the contract, never this page.": (
        "Usterki dotykają ścieżek kontraktu, nigdy tej strony."
    ),
    "Delay of each answer, ms": "Opóźnienie każdej odpowiedzi, ms",
    "Share of errors (500)": "Udział błędów (500)",
    "Share of dropped connections": "Udział zerwanych połączeń",
    "Share of lost answers (the work was done)": "Udział zgubionych odpowiedzi (praca wykonana)",
    "0 = none, 1 = every one": "0 = żaden, 1 = każdy",
    "Reject new scans": "Odrzucaj nowe skany",
    "Reason of the rejection": "Powód odrzucenia",
    "Save": "Zapisz",
    "Received": "Odebrane",
    "Scans": "Skany",
    "Packages": "Paczki",
    "Events": "Zdarzenia",
    "Ticket": "Zgłoszenie",
    "Kind": "Rodzaj",
    "Size": "Rozmiar",
    "Files": "Pliki",
    "Purpose": "Cel",
    "Event": "Zdarzenie",
    "Receipt": "Pokwitowanie",
    "Accepted": "Przyjęto",
    "Offered": "Ile razy",
    "Nothing yet.": "Jeszcze nic.",
    "Forget what was received": "Zapomnij, co odebrano",
    "Control API": "API sterujące",
    "Contract (OpenAPI)": "Kontrakt (OpenAPI)",
    "Check what you typed:": "Sprawdź, co wpisano:",
    "A point id and a station number are whole numbers from 1; the station number at most 999.": (
        "Identyfikator punktu i numer stanowiska to liczby całkowite od 1, numer stanowiska najwyżej 999."
    ),
    "A delay is 0 to 60000 ms, a share is a number from 0 to 1.": (
        "Opóźnienie to od 0 do 60000 ms, udział to liczba od 0 do 1."
    ),
    "A name has at most 255 characters.": "Nazwa ma najwyżej 255 znaków.",
}


def in_language(language: str, text: str) -> str:
    return POLISH[text] if language == "pl" else text
