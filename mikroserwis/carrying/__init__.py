"""The whole service carried to another place: from one database or store to another, into a backup and out of it."""
