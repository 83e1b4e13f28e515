# hotswitch_add_module(NAME VERSION SOURCES...)
# A loadable module, built as VERSION/NAME.so in the folder of releases.  It is
# linked without start files, so that it has neither constructor nor writable
# byte; its verbs come from the program, so symbols stay undefined.
function(hotswitch_add_module name version)
	string(REPLACE / - target ${name}-${version})
	add_library(${target} MODULE ${ARGN})
	set_target_properties(${target} PROPERTIES
		PREFIX ""
		OUTPUT_NAME ${name}
		LIBRARY_OUTPUT_DIRECTORY ${HOTSWITCH_RELEASES}/${version})
	# One hash table of symbols, whatever the compiler would ask for.
	target_link_options(${target} PRIVATE
		-nostartfiles -Wl,--hash-style=gnu)
	target_link_libraries(${target} PRIVATE
		hotswitch_warnings
		hotswitch_hardening)
	# The faults of a faulty release are for the switch to see.
	if(NOT version MATCHES "^faulty/")
		target_link_libraries(${target} PRIVATE hotswitch_instruments)
	endif()
endfunction()

# hotswitch_add_release(NAME VERSION SOURCES...)
# A module that comes with the program and is installed beside it.
function(hotswitch_add_release name version)
	hotswitch_add_module(${name} ${version} ${ARGN})
	string(REPLACE / - target ${name}-${version})
	install(TARGETS ${target} DESTINATION lib/hotswitch/${version})
	set_property(GLOBAL APPEND PROPERTY HOTSWITCH_MODULES ${target})
endfunction()
