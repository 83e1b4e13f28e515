-- What schema 5 had otherwise than the one before.
PRAGMA user_version = 5;
CREATE TABLE release(
	run INTEGER NOT NULL,
	number INTEGER NOT NULL,
	t_release INTEGER NOT NULL,
	module TEXT NOT NULL,
	version TEXT NOT NULL,
	status TEXT NOT NULL,
	PRIMARY KEY(run, number));
