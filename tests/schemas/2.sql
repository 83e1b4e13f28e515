-- What schema 2 had otherwise than the one before.
PRAGMA user_version = 2;
CREATE TABLE alarm(
	run INTEGER NOT NULL,
	number INTEGER NOT NULL,
	t_alarm INTEGER NOT NULL,
	name TEXT NOT NULL,
	object TEXT NOT NULL,
	severity TEXT NOT NULL,
	state TEXT NOT NULL,
	text TEXT NOT NULL,
	PRIMARY KEY(run, number)) WITHOUT ROWID;
