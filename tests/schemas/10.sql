-- Schema 10 had the tables of the one before, and counted more calls as lost.
PRAGMA user_version = 10;
