-- Schema 27 had the tables of the one before, and other reports.
PRAGMA user_version = 27;
