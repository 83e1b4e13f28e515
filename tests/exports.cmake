# cmake -D ROOT=DIR -D PROGRAM=FILE -D NM=FILE -P exports.cmake
# What the program exports is what modules may call and no more: the verbs of
# the two headers, and the stack protector's way out of them.

set(want __stack_chk_fail)
foreach(header switch/module.h calls/exchange.h)
	file(READ ${ROOT}/${header} text)
	string(REGEX REPLACE "#define[^\n]*" "" text "${text}")
	string(REGEX MATCHALL "MODULE_VERB[^;#]*[(]" verbs "${text}")
	foreach(verb ${verbs})
		string(REGEX MATCH "([a-z_0-9]+)[(]" found "${verb}")
		list(APPEND want ${CMAKE_MATCH_1})
	endforeach()
endforeach()

execute_process(COMMAND ${NM} -D --defined-only --format=posix ${PROGRAM}
	OUTPUT_VARIABLE table
	COMMAND_ERROR_IS_FATAL ANY)
string(REGEX MATCHALL "(^|\n)[^ \n]+" have "${table}")
list(TRANSFORM have STRIP)
# The start files' own, and variables of libc that the linker copied.
list(FILTER have EXCLUDE REGEX
	"@|^(_start|_init|_fini|_edata|_end|__bss_start|_IO_stdin_used|_*data_start)$")

set(stray ${have})
list(REMOVE_ITEM stray ${want})
set(missing ${want})
list(REMOVE_ITEM missing ${have})
foreach(symbol ${stray})
	message(SEND_ERROR "'${symbol}' is exported, but is no verb")
endforeach()
foreach(symbol ${missing})
	message(SEND_ERROR "verb '${symbol}' is not exported")
endforeach()
list(LENGTH want count)
message(STATUS "exports: ${count} symbols, as declared")
