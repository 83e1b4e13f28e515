-- What schema 22 had otherwise than the one before.
PRAGMA user_version = 22;
DROP TABLE measurement;
CREATE TABLE measurement(
	run INTEGER NOT NULL,
	object TEXT NOT NULL,
	t_begin INTEGER NOT NULL,
	t_end INTEGER NOT NULL,
	bids INTEGER NOT NULL,
	first_bids INTEGER NOT NULL,
	gapped INTEGER NOT NULL,
	gapped_rate INTEGER NOT NULL,
	gapped_live INTEGER NOT NULL,
	gapped_delay INTEGER NOT NULL,
	gapped_records INTEGER NOT NULL,
	gapped_alarm INTEGER NOT NULL,
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
