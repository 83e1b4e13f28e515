-- What schema 3 had otherwise than the one before.
PRAGMA user_version = 3;
DROP TABLE fault;
CREATE TABLE fault(
	run INTEGER NOT NULL,
	number INTEGER NOT NULL,
	t_fault INTEGER NOT NULL,
	pid INTEGER NOT NULL,
	module TEXT NOT NULL,
	version TEXT NOT NULL,
	event TEXT NOT NULL,
	callback TEXT NOT NULL,
	kind TEXT NOT NULL,
	place INTEGER NOT NULL,
	resumed INTEGER NOT NULL,
	PRIMARY KEY(run, number)) WITHOUT ROWID;
DROP VIEW report_faults;
CREATE VIEW report_faults AS SELECT run, number AS id,
	t_fault / 1e6 AS at_s, call, module, version, event, callback,
	CASE place WHEN 0 THEN kind
	    ELSE printf('%s at +0x%x', kind, place) END AS reason, resumed,
	(pid >> 32) || '.' || (pid & 0xffffffff) AS pid
FROM fault LEFT JOIN cdr USING(run, pid) ORDER BY run, number;
