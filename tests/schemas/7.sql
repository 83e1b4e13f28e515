-- What schema 7 had otherwise than the one before.
PRAGMA user_version = 7;
CREATE TABLE upgrade_shadow(
	run INTEGER NOT NULL,
	upgrade INTEGER NOT NULL,
	number INTEGER NOT NULL,
	t_event INTEGER NOT NULL,
	call INTEGER NOT NULL,
	pid INTEGER NOT NULL,
	module TEXT NOT NULL,
	version_from TEXT NOT NULL,
	version_to TEXT NOT NULL,
	event TEXT NOT NULL,
	state TEXT NOT NULL,
	is_crash INTEGER NOT NULL,
	did_old TEXT NOT NULL,
	did_new TEXT NOT NULL,
	PRIMARY KEY(run, upgrade, number)) WITHOUT ROWID;
