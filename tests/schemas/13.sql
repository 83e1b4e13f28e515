-- What schema 13 had otherwise than the one before.
PRAGMA user_version = 13;
CREATE TABLE unexpected(
	run INTEGER NOT NULL,
	number INTEGER NOT NULL,
	t_signal INTEGER NOT NULL,
	pid INTEGER NOT NULL,
	version TEXT NOT NULL,
	state TEXT NOT NULL,
	signal TEXT NOT NULL,
	from_number TEXT NOT NULL,
	PRIMARY KEY(run, number)) WITHOUT ROWID;
