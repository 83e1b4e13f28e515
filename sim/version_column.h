/*
 * version_column: what can be asked of the calls of one version.
 *
 * Columns of noun `version`, over the run, and of `upgrade -fail-when`, over
 * the time that a release is watched, there as $new_... and $old_..., and
 * beside them what a shadow run has found, $new_differences.
 */
#ifndef SIM_VERSION_COLUMN_H
#define SIM_VERSION_COLUMN_H

#include "upgrade/version_measures.h"

/* X(name, its value, of `measures`) */
/* clang-format off */
#define VERSION_COLUMNS(X)                                                     \
	X(events, condition_integer(measures->events))                         \
	X(ended, condition_integer(measures->ended))                           \
	X(crashes, condition_integer(measures->crashes))                       \
	X(unexpected, condition_integer(measures->unexpected))                 \
	X(asr, condition_real(version_asr(measures)))                          \
	X(abr, condition_real(version_abr(measures)))                          \
	X(ner, condition_real(version_ner(measures)))                          \
	X(pdd_p95_ms, condition_real(version_pdd_p95_ms(measures)))            \
	X(acd_s, condition_real(version_acd_s(measures)))                      \
	X(charge_micro, condition_integer(measures->charge_micro))
/* clang-format on */

#endif
