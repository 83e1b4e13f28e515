-- What schema 6 had otherwise than the one before.
PRAGMA user_version = 6;
CREATE TABLE upgrade_failure(
	run INTEGER NOT NULL,
	number INTEGER NOT NULL,
	upgrade INTEGER NOT NULL,
	t_failure INTEGER NOT NULL,
	kind TEXT NOT NULL,
	call INTEGER NOT NULL,
	pid INTEGER NOT NULL,
	module TEXT NOT NULL,
	version TEXT NOT NULL,
	state TEXT NOT NULL,
	text TEXT NOT NULL,
	PRIMARY KEY(run, number));
