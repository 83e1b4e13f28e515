# hotswitch_add_module(NAME VERSION SOURCES...)
# A loadable module, built as VERSION/NAME.so in the folder HOTSWITCH_RELEASES.
# It is linked without start files, so that it has neither constructor nor
# writable byte; its verbs come from the program, so symbols stay undefined.
# The target is called NAME-VERSION.  This file serves our own build and, as a
# part of the installed package, the builds of others.
function(hotswitch_add_module name version)
	string(REPLACE / - target ${name}-${version})
	add_library(${target} MODULE ${ARGN})
	set_target_properties(${target} PROPERTIES
		PREFIX ""
		OUTPUT_NAME ${name}
		C_STANDARD 11
		C_VISIBILITY_PRESET hidden
		LIBRARY_OUTPUT_DIRECTORY ${HOTSWITCH_RELEASES}/${version})
	# One hash table of symbols, whatever the compiler would ask for.
	target_link_options(${target} PRIVATE
		-nostartfiles -Wl,--hash-style=gnu)
	target_link_libraries(${target} PRIVATE hotswitch::module)
endfunction()
