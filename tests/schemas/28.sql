-- Schema 28 had the tables of the one before, and other reports.
PRAGMA user_version = 28;
