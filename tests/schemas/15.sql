-- What schema 15 had otherwise than the one before.
PRAGMA user_version = 15;
CREATE TABLE measurement(
	run INTEGER NOT NULL,
	object TEXT NOT NULL,
	t_begin INTEGER NOT NULL,
	t_end INTEGER NOT NULL,
	bids INTEGER NOT NULL,
	gapped INTEGER NOT NULL,
	overflow INTEGER NOT NULL,
	seizures INTEGER NOT NULL,
	answers INTEGER NOT NULL,
	ended INTEGER NOT NULL,
	live INTEGER NOT NULL,
	busy_us INTEGER NOT NULL,
	all_busy_us INTEGER NOT NULL,
	unexpected INTEGER NOT NULL,
	late INTEGER NOT NULL,
	glare INTEGER NOT NULL,
	lost INTEGER NOT NULL,
	is_suspect INTEGER NOT NULL,
	PRIMARY KEY(run, object, t_begin)) WITHOUT ROWID;
