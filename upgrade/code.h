/*
 * code: versions of modules, from a file to a behaviour and back.
 *
 * As OTP's code_server, with two departures: any number of versions may be
 * resident, and nothing is killed by loading.  A release is a folder
 * ROOT/VERSION/ with one MODULE.so for each module that makes it up.  The file
 * is copied to a sealed memfd before it is opened, so that what was checked is
 * what is mapped.
 */
#ifndef UPGRADE_CODE_H
#define UPGRADE_CODE_H

#include "switch/behaviour.h"

enum { CODE_WHY_MAX = 512 };

struct code;

/*
 * `roots`: folders of releases, searched in order, `count` of them; the
 * strings must outlive it.  Installs itself as the behaviours' converter.
 */
int code_alloc(struct code **ret_code, struct behaviours *behaviours,
    const char *const *roots, unsigned int count);
void code_free(struct code **codep);

/*
 * Loads a version, unless it is resident, and derives the plans to and from
 * every resident version of that module.  *ret_id is its behaviour.
 *
 * -ENOENT   no such release in any root
 * -ENOEXEC  refused: not a module, wrong ABI, name or version not those of the
 *           folder, a faulty schema, a self_test that fails, no plan
 * and one clause in `why` (CODE_WHY_MAX bytes) that names file and cause.
 */
int code_load(struct code *code, const char *module, const char *version,
    uint16_t *ret_id, char *why);

/* Closes a version that nobody uses; -EBUSY while a process or a plan does. */
int code_purge(struct code *code, const char *module, const char *version);

/* Versions of `module` that stand in the roots, "1.0 2.0", for messages. */
void code_known(
    const struct code *code, const char *module, char *text, size_t size);

/* The plan between two behaviours, or NULL. */
struct conversion;
const struct conversion *code_plan(
    const struct code *code, uint16_t from, uint16_t to);

#endif
