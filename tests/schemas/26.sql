-- Schema 26 had the tables of the one before, and other reports.
PRAGMA user_version = 26;
