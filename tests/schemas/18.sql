-- What schema 18 had otherwise than the one before.
PRAGMA user_version = 18;
DROP TABLE run;
CREATE TABLE run(
	run INTEGER PRIMARY KEY,
	scenario TEXT NOT NULL,
	question TEXT NOT NULL,
	seed INTEGER NOT NULL,
	pace TEXT NOT NULL,
	started TEXT NOT NULL,
	result TEXT,
	failures INTEGER,
	virtual_us INTEGER,
	wall_us INTEGER,
	gapped INTEGER,
	conflicts INTEGER,
	missing INTEGER,
	left_out INTEGER);
CREATE TABLE call_event(
	run INTEGER NOT NULL,
	call INTEGER NOT NULL,
	number INTEGER NOT NULL,
	t_event INTEGER NOT NULL,
	way TEXT NOT NULL,
	party TEXT NOT NULL,
	event TEXT NOT NULL,
	text TEXT NOT NULL,
	cause INTEGER NOT NULL,
	state TEXT NOT NULL,
	version TEXT NOT NULL,
	PRIMARY KEY(run, call, number)) WITHOUT ROWID;
